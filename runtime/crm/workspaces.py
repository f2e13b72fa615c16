"""Workspaces: made by the operator, found by name, each born with its team."""

import uuid
from datetime import timedelta
from typing import Annotated

import sqlalchemy as sa
from pydantic import BeforeValidator, Field
from sqlalchemy.exc import IntegrityError

from runtime import durations
from runtime.crm import team
from runtime.crm.pace_settings import PaceSettings
from runtime.crm.zones import zone_name
from runtime.db import Database, Transaction
from runtime.errors import NotFound, Refused
from runtime.models import EventCounter, Workspace, new_id

LONGEST_NAME = 100
SHORTEST_LIFETIME = timedelta(minutes=1)


def _lifetime(value: object) -> str:
    length = durations.parse(value, field="settings.draftLifetime")
    if length < SHORTEST_LIFETIME:
        raise Refused("A draft is good for a minute at least.", field="settings.draftLifetime")
    return durations.text(length)


class WorkspaceSettings(PaceSettings):
    """What can be set about a workspace as a whole, beside its name and time zone.

    ``four_eyes``: whoever wrote a version, or asked for it, may not approve it.
    ``draft_lifetime``: how long a draft, and an approval whose mail has not left, is good.
    """

    field = "settings"

    four_eyes: bool = False
    draft_lifetime: Annotated[str, BeforeValidator(_lifetime)] = "P7D"
    # The breaker's limits; the provider's own are 4 % and 0.08 %, and then it shuts the account.
    bounce_warn_percent: float = Field(default=2.0, gt=0, lt=4)
    bounce_stop_percent: float = Field(default=3.0, gt=0, lt=4)
    complaint_warn_percent: float = Field(default=0.05, gt=0, lt=0.08)
    complaint_stop_percent: float = Field(default=0.05, gt=0, lt=0.08)

    @property
    def lifetime(self) -> timedelta:
        """The lifetime as a length of time."""
        return durations.parse(self.draft_lifetime)

    require_lawful_basis: bool = False
    """Whether only contacts are written to of whom it is said why that is lawful."""


def create(db: Database, name: str, *, timezone: str = "UTC") -> uuid.UUID:
    """Make a workspace and return its id; a name is taken once."""
    name = name.strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Refused(f"A workspace's name has 1 to {LONGEST_NAME} characters.", field="name")
    id_ = new_id()
    try:
        with db.transaction(id_) as tx:
            tx.add(Workspace(id=id_, name=name, timezone=zone_name(timezone)))
            tx.flush()
            tx.insert(EventCounter)
            team.born(tx)
            tx.record("workspace.created", f"Workspace {name} was created.", actor="operator")
    except IntegrityError as error:
        raise name_taken(error, name) from None
    return id_


def here(tx: Transaction, *, lock: bool = False) -> Workspace:
    """Return the transaction's own workspace; locked, as it is now."""
    found = tx.get_one(
        Workspace,
        tx.workspace_id,
        with_for_update={"key_share": True} if lock else None,
        populate_existing=lock,
    )
    # A session forgets rows that nobody holds, and many ask for this one.
    tx.info["here"] = found
    return found


def settings(tx: Transaction) -> WorkspaceSettings:
    """Return how this workspace is set."""
    return WorkspaceSettings.model_validate(here(tx).settings)


def name_taken(error: IntegrityError, name: str) -> Exception:
    """Return what to raise when a name could not be stored: that it is taken, or the error."""
    if "uq_workspaces_name" not in str(error.orig):
        return error
    return Refused(
        f"There already is a workspace {name!r}: choose another name.",
        code="NAME_TAKEN",
        field="name",
    )


def find(db: Database, name: str) -> uuid.UUID:
    """Return the id of the workspace with this name, or raise NotFound."""
    with db.dispatch() as connection:
        id_: uuid.UUID | None = connection.scalar(
            sa.select(Workspace.id).where(Workspace.name == name)
        )
    if id_ is None:
        raise NotFound(
            f"There is no workspace {name!r}; make one with `rapport workspace create`.",
            field="workspace",
        )
    return id_


def every(db: Database) -> list[uuid.UUID]:
    """Return the ids of all workspaces, the oldest first."""
    with db.dispatch() as connection:
        return list(connection.scalars(sa.select(Workspace.id).order_by(Workspace.id)))
