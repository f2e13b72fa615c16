"""Workspace, the one who looks at it, and the machinery under both."""

from datetime import datetime
from typing import Any, Self

from strawberry import ID

from graphql_api import ids
from graphql_api.context import Info
from graphql_api.scalars import JSON
from graphql_api.sdl import field, output
from graphql_api.types.enums import BreakerState, EmailSending, QueueMode, Role
from graphql_api.types.node import Node, node_of
from runtime import models
from runtime.crm import workspaces
from runtime.crm.workspaces import WorkspaceSettings
from runtime.mail import breaker


@output
class Breaker:
    """What stops all mail when too much of it comes back: how it stands, and on what numbers.

    Rates are shares of the mails really sent since ``since``, 0 to 1.
    """

    state: BreakerState
    sent: int
    hard_bounces: int
    complaints: int
    bounce_rate: float
    complaint_rate: float
    since: datetime

    @classmethod
    def of(cls, state: BreakerState, reading: breaker.Reading) -> Self:
        """Show a reading."""
        return cls(
            state=state,
            sent=reading.sent,
            hard_bounces=reading.hard_bounces,
            complaints=reading.complaints,
            bounce_rate=reading.bounce_rate,
            complaint_rate=reading.complaint_rate,
            since=reading.since,
        )


@node_of(models.Workspace)
class Workspace(Node):
    """One customer's house: it sees its own rows and no other's."""

    name: str
    timezone: str
    sending_stopped: bool
    sending_stopped_reason: str | None
    settings: JSON

    @field
    async def breaker(self, info: Info) -> Breaker:
        """Say whether too much of its mail comes back."""
        state, reading = await info.context.read(lambda tx: breaker.look(tx, workspaces.here(tx)))
        return Breaker.of(state, reading)

    @classmethod
    def of(cls, row: Any) -> Self:
        """Show a workspace; what it has not set shows its default."""
        settings: Any = WorkspaceSettings.model_validate(row.settings).to_json()
        return cls(
            id=ids.encode("Workspace", row.id),
            name=row.name,
            timezone=row.timezone,
            sending_stopped=row.sending_stopped,
            sending_stopped_reason=row.sending_stopped_reason,
            settings=settings,
        )


@output
class Viewer:
    """Who is asking, and what they may do."""

    name: str
    role: Role
    workspace: Workspace


@output
class System:
    """How the machinery is doing, as far as this workspace is concerned."""

    queue: QueueMode
    email_sending: EmailSending
    writer: str
    database: str
    oldest_ready_message_seconds: float
    outbox_pending: int
    workers_alive: int
    clock_alive: bool
    last_webhook_at: datetime | None
    cursor: ID
