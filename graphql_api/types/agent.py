"""Agent: a member of the team, what lies in front of it and what it has done."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

import strawberry

from graphql_api import ids, limits
from graphql_api.context import Info
from graphql_api.errors import BadInput
from graphql_api.scalars import JSON
from graphql_api.sdl import field, output
from graphql_api.types.enums import AgentKind, AgentStatus
from graphql_api.types.node import Node, node_of
from runtime import models
from runtime.crm import team
from runtime.insight import throughput


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


@output
class AgentHour:
    """One hour of an agent's work; messages(filter: …) with these ends lists its messages."""

    since: datetime = strawberry.field(description="When the hour began, by the clock in UTC.")
    until: datetime = strawberry.field(description="When it ends, itself excluded.")
    handled: int = strawberry.field(description="Messages handled in it (status DONE).")
    failed: int = strawberry.field(
        description="Messages that became dead letters in it and are not replayed since "
        "(status DEAD or DISCARDED)."
    )

    @classmethod
    def of(cls, hour: throughput.Hour) -> Self:
        """Show an hour."""
        until = hour.since + throughput.HOUR
        return cls(since=hour.since, until=until, handled=hour.handled, failed=hour.failed)


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
            settings=JSON(team.settings_of(row, team.SETTINGS[row.kind]).to_json()),
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

    @field
    async def throughput(self, info: Info, hours: int = limits.HOURS) -> list[AgentHour]:
        """Count what this agent handled in each of the last hours, the one running at the end."""
        if not 1 <= hours <= limits.HOURS_MAX:
            raise BadInput(f"Ask for 1 to {limits.HOURS_MAX} hours.", "hours")
        found = await info.context.loaders.throughput(self.key, hours)
        return [AgentHour.of(hour) for hour in found]
