"""Insight: the numbers of a span, and the rows behind each of them."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

import sqlalchemy as sa
from strawberry import ID, argument

from graphql_api.context import Info
from graphql_api.errors import BadInput
from graphql_api.filters import key
from graphql_api.paging import Listing, Paging, page
from graphql_api.sdl import field, output
from graphql_api.types import Draft, Insight, SentEmail
from graphql_api.types.connection import Connection
from graphql_api.types.enums import InsightMetric
from runtime import models
from runtime.crm import workspaces, zones
from runtime.db import Transaction
from runtime.errors import Refused
from runtime.insight import decisions, metrics, report
from runtime.insight.span import Span

From = Annotated[datetime, argument(name="from")]

ROWS = Listing(
    "insightRows",
    models.SentEmail,
    (models.SentEmail.sent_at, models.SentEmail.id),
    newest_first=True,
)
DRAFTS = Listing(
    "insightDrafts",
    models.Draft,
    (models.Draft.decided_at, models.Draft.id),
    newest_first=True,
)


@dataclass(frozen=True)
class _Asked:
    """A span as a caller asks for it."""

    since: datetime
    until: datetime
    agent_id: ID | None
    sandbox: bool = False

    async def span(self, info: Info) -> Span:
        """Return the span in the caller's workspace; BadInput names the argument at fault.

        An agent who is not in it has sent nothing.
        """
        agent = None if self.agent_id is None else key("Agent", self.agent_id, "agentId")
        try:
            return await info.context.read(lambda tx: self._read(tx, agent))
        except Refused as error:
            raise BadInput(error.message, error.field) from None

    def _read(self, tx: Transaction, agent: uuid.UUID | None) -> Span:
        kinds = None
        if agent is not None:
            kinds = frozenset(
                tx.scalars(sa.select(models.Agent.kind).where(models.Agent.id == agent))
            )
        zone = zones.zone(workspaces.here(tx).timezone)
        return Span(tx.workspace_id, self.since, self.until, zone, kinds, self.sandbox)


@output
class Insights:
    """What can be asked of the mails that left within a span."""

    @field
    async def insight(
        self,
        info: Info,
        from_: From,
        to: datetime,
        *,
        agent_id: ID | None = None,
        sandbox: bool = False,
    ) -> Insight:
        """Sum up what came of the mails that left within a span, by day and by agent.

        366 days at most. Real mail, or with sandbox the sandbox's; agentId: only this agent's.
        """
        span = await _Asked(from_, to, agent_id, sandbox).span(info)
        return Insight.of(await info.context.read(lambda tx: report.read(tx, span)))

    @field
    async def insight_rows(
        self,
        info: Info,
        metric: InsightMetric,
        from_: From,
        to: datetime,
        *,
        agent_id: ID | None = None,
        day: date | None = None,
        sandbox: bool = False,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[SentEmail]:
        """List the mails behind a number of insight, the newest first; totalCount is the number.

        day: only what left on that day by the workspace's clock.
        """
        span = await _Asked(from_, to, agent_id, sandbox).span(info)
        within = span if day is None else span.on(day)
        return await page(
            info, ROWS, Paging(first, after, last, before), *metrics.rows(metric, within)
        )

    @field
    async def insight_drafts(
        self,
        info: Info,
        from_: From,
        to: datetime,
        *,
        agent_id: ID | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Draft]:
        """List the drafts behind approvalTime, the last decided first; totalCount is its n."""
        span = await _Asked(from_, to, agent_id).span(info)
        return await page(info, DRAFTS, Paging(first, after, last, before), *decisions.rows(span))
