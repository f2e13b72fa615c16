"""Workspace, the one who looks at it, and the machinery under both."""

from typing import Any, Self

from strawberry import ID

from graphql_api import ids
from graphql_api.scalars import JSON
from graphql_api.sdl import output
from graphql_api.types.enums import EmailSending, QueueMode, Role
from graphql_api.types.node import Node, node_of
from runtime import models
from runtime.crm.workspaces import WorkspaceSettings


@node_of(models.Workspace)
class Workspace(Node):
    """One customer's house: it sees its own rows and no other's."""

    name: str
    timezone: str
    sending_stopped: bool
    sending_stopped_reason: str | None
    settings: JSON

    @classmethod
    def of(cls, row: Any) -> Self:
        """Show a workspace."""
        return cls(
            id=ids.encode("Workspace", row.id),
            name=row.name,
            timezone=row.timezone,
            sending_stopped=row.sending_stopped,
            sending_stopped_reason=row.sending_stopped_reason,
            settings=JSON(WorkspaceSettings.model_validate(row.settings).to_json()),
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
    cursor: ID
