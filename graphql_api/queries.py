"""Queries: everything that can be read, one thing at a time; ``lists`` has the pages.

Each reads the caller's workspace and no other; row-level security would show nothing
else whatever stood here.  A foreign id and an unknown one are both null.
"""

import dataclasses
from typing import Any

import sqlalchemy as sa
from strawberry import ID

from graphql_api import ids
from graphql_api.columns import ColumnQueries
from graphql_api.context import Info
from graphql_api.insight import Insights
from graphql_api.lists import Lists
from graphql_api.scalars import JSON
from graphql_api.sdl import field, output
from graphql_api.types import Agent, PushSubscription, System, Task, Viewer, WhyNot, Workspace
from graphql_api.types.enums import EmailSending, QueueMode, Role
from graphql_api.types.node import MODELS, Node, present
from graphql_api.types.push import push_owner
from runtime import mailbox, models, nodes, outbox
from runtime.crm import dossier
from runtime.db import Transaction
from runtime.desk import nudges, why_not
from runtime.errors import NotFound
from runtime.events import newest
from runtime.logs import get_logger
from runtime.mail import reports
from runtime.models import NodeKind
from runtime.push import keys
from runtime.settings import SettingsError

log = get_logger(__name__)


async def node_by_id(info: Info, global_id: ID, only: str | None = None) -> Node | None:
    """Return what an id names in the caller's workspace, or None, whatever is wrong with it."""
    name, _ = ids.split(global_id) or ("", "")
    model = MODELS.get(name)
    if model is None or (only is not None and name != only):
        return None
    numbered = model in (models.Message, models.Event)
    key = ids.number(global_id, name) if numbered else ids.uuid(global_id, name)
    shown: Node | None = present(await info.context.loaders.row(model, key))
    return shown


def _waiting(tx: Transaction) -> dict[str, Any]:
    oldest = mailbox.oldest_ready(tx)
    return {
        "database": f"PostgreSQL {tx.scalar(sa.text('SHOW server_version'))}",
        "oldest_ready_message_seconds": (tx.now - oldest).total_seconds() if oldest else 0.0,
        "outbox_pending": outbox.pending(tx),
        "last_webhook_at": reports.newest_at(tx),
        "cursor": ids.encode("Event", newest(tx)),
    }


@output
class Query(Lists, ColumnQueries, Insights):
    """Everything that can be read."""

    @field
    async def node(self, info: Info, id: ID) -> Node | None:  # noqa: A002 - the contract's name
        """Fetch anything by its id; null when there is no such thing here."""
        return await node_by_id(info, id)

    @field
    async def viewer(self, info: Info) -> Viewer:
        """Say who is asking."""
        viewer = info.context.caller.viewer
        workspace = await info.context.loaders.row(models.Workspace, viewer.workspace_id)
        return Viewer(name=viewer.name, role=viewer.role, workspace=Workspace.of(workspace))

    @field
    async def system(self, info: Info) -> System:
        """Say how the machinery is doing."""
        services = info.context.services
        alive = await services.off_loop(nodes.alive, services.db)
        waits = await info.context.read(_waiting)
        workers = alive[NodeKind.WORKER]
        return System(
            queue=QueueMode.RQ if QueueMode.RQ in workers else QueueMode.LOCAL,
            email_sending=EmailSending(services.settings.email_sending),
            writer=services.settings.writer,
            workers_alive=len(workers),
            clock_alive=bool(alive[NodeKind.CLOCK]),
            **waits,
        )

    @field
    async def agents(self, info: Info) -> list[Agent]:
        """List the team."""
        query = sa.select(models.Agent).order_by(models.Agent.id)
        rows = await info.context.read(lambda tx: tx.scalars(query).all())
        return [Agent.of(row) for row in rows]

    @field
    async def agent(self, info: Info, id: ID) -> Agent | None:  # noqa: A002 - the contract's name
        """Fetch one of the team."""
        found = await node_by_id(info, id, "Agent")
        return found if isinstance(found, Agent) else None

    @field
    async def task(self, info: Info, id: ID) -> Task | None:  # noqa: A002 - the contract's name
        """Fetch a task."""
        found = await node_by_id(info, id, "Task")
        return found if isinstance(found, Task) else None

    @field
    async def why_not(self, info: Info, id: ID) -> list[WhyNot]:  # noqa: A002 - the contract's name
        """Say what keeps a task's first mail, or a follow-up, from leaving now; [] if nothing."""
        settings = info.context.services.settings
        if task := ids.uuid(id, "Task"):
            reasons = await info.context.read(
                lambda tx: why_not.about_task(tx, task, settings=settings)
            )
        elif step := ids.uuid(id, "FollowUp"):
            reasons = await info.context.read(
                lambda tx: why_not.about_follow_up(tx, step, settings=settings)
            )
        else:
            raise NotFound("There is no task or follow-up with this id here.")
        return [WhyNot(**dataclasses.asdict(reason)) for reason in reasons]

    @field
    async def push_key(self, info: Info) -> str | None:
        """Return what a browser subscribes with (applicationServerKey); null if there is none."""
        services = info.context.services
        try:
            return await services.off_loop(keys.public, services.settings)
        except SettingsError as error:
            log.warning("push.no_key", error=str(error))
            return None

    @field
    async def push_subscriptions(self, info: Info) -> list[PushSubscription]:
        """List the caller's own browsers that may be nudged, the oldest first."""
        owner = push_owner(info)
        rows = await info.context.read(lambda tx: nudges.own(tx, owner))
        return [PushSubscription.of(row) for row in rows]

    @field
    async def push_subscription(self, info: Info, endpoint: str) -> PushSubscription | None:
        """Fetch the caller's own subscription of the browser that is reached at an endpoint."""
        owner = push_owner(info)
        row = await info.context.read(lambda tx: nudges.own_at(tx, owner, endpoint))
        return PushSubscription.of(row) if row else None

    @field
    async def export_contact(self, info: Info, contact_id: ID) -> JSON:
        """Show everything that is kept about a contact, for the contact; members and owners may."""
        info.context.caller.must_be(Role.MEMBER)
        key = ids.require(contact_id, "Contact", "contactId")
        found = await info.context.read(lambda tx: dossier.about(tx, key))
        log.info("contact.exported", contact_id=str(key), by=info.context.caller.name)
        return JSON(found)
