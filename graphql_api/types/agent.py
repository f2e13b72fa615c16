"""Agent: a member of the team, what lies in front of it and what it has done."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

import strawberry

from graphql_api import ids
from graphql_api.context import Info
from graphql_api.scalars import JSON
from graphql_api.sdl import field, output
from graphql_api.types.enums import AgentKind, AgentStatus
from graphql_api.types.node import Node, node_of
from runtime import models


@output
class MailboxStats:
    """What lies in an agent's mailbox: to be handled, and dead letters."""

    ready: int
    dead: int
    oldest_ready_at: datetime | None


@output
class AgentMetrics:
    """What an agent has on its desk and has done."""

    tasks_open: int
    tasks_completed: int
    tasks_failed: int
    awaiting_approval: int
    emails_sent: int
    median_turn_ms: float | None


@node_of(models.Agent)
class Agent(Node):
    """A member of the team; one of each kind in a workspace."""

    kind: AgentKind
    name: str
    status: AgentStatus
    settings: JSON
    last_active_at: datetime | None
    key: strawberry.Private[UUID]

    @classmethod
    def of(cls, row: Any) -> Self:
        """Show an agent."""
        return cls(
            id=ids.encode("Agent", row.id),
            kind=row.kind,
            name=row.name,
            status=row.status,
            settings=JSON(row.settings),
            last_active_at=row.last_active_at,
            key=row.id,
        )

    @field
    async def mailbox(self, info: Info) -> MailboxStats:
        """Count what waits for this agent."""
        return MailboxStats(**await info.context.loaders.mailbox.load(self.key))

    @field
    async def metrics(self, info: Info) -> AgentMetrics:
        """Sum up what this agent has done; the median is of its latest turns."""
        return AgentMetrics(**await info.context.loaders.metrics.load(self.key))
