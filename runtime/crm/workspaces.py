"""Workspaces: made by the operator, found by name, each born with its team."""

import uuid

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from runtime.crm import team
from runtime.crm.zones import zone_name
from runtime.db import Database
from runtime.errors import NotFound, Refused
from runtime.models import EventCounter, Workspace, new_id


def create(db: Database, name: str, *, timezone: str = "UTC") -> uuid.UUID:
    """Make a workspace and return its id; a name is taken once."""
    name = name.strip()
    if not 1 <= len(name) <= 100:
        raise Refused("A workspace's name has 1 to 100 characters.", field="name")
    id_ = new_id()
    try:
        with db.transaction(id_) as tx:
            tx.add(Workspace(id=id_, name=name, timezone=zone_name(timezone)))
            tx.flush()
            tx.insert(EventCounter)
            team.born(tx)
            tx.record("workspace.created", f"Workspace {name} was created.", actor="operator")
    except IntegrityError as error:
        if "uq_workspaces_name" not in str(error.orig):
            raise
        raise Refused(f"There already is a workspace {name!r}.", field="name") from None
    return id_


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
