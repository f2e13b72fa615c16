"""Report: everything there is to tell of a span, in a fixed number of statements."""

from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa

from runtime.db import Transaction
from runtime.insight import counting, decisions
from runtime.insight.counting import Counts, Key, Sums
from runtime.insight.decisions import Waits
from runtime.insight.span import Span
from runtime.models import Agent, AgentKind

SENDERS = (AgentKind.OUTREACH, AgentKind.FOLLOW_UP)
"""Agents whose work is mail."""


@dataclass(frozen=True, slots=True)
class Report:
    """The numbers of a span.  ``other_mails``: the sandbox's if real mail is counted, or real."""

    span: Span
    team: tuple[Agent, ...]
    days: tuple[date, ...]
    sums: dict[Key, Sums]
    nothing: Sums
    waits: dict[AgentKind | None, Waits]
    other_mails: int

    def of(self, agent: AgentKind | None = None) -> Sums:
        """Return the sums of all days, of one agent or of all."""
        return self.sums.get((None, agent), self.nothing)

    def on(self, day: date, agent: AgentKind | None = None) -> Counts:
        """Return the counts of a day."""
        return self.sums.get((day, agent), self.nothing).counts

    def waited(self, agent: AgentKind | None = None) -> Waits:
        """Return how long drafts waited for a decision."""
        return self.waits.get(agent, Waits())


def read(tx: Transaction, span: Span) -> Report:
    """Return the report of a span."""
    kinds = [kind for kind in SENDERS if span.agents is None or kind in span.agents]
    team = tx.scalars(
        sa.select(Agent)
        .where(Agent.workspace_id == tx.workspace_id, Agent.kind.in_(kinds))
        .order_by(Agent.id)
    )
    return Report(
        span=span,
        team=tuple(team),
        days=tuple(span.days()),
        sums=counting.count(tx, span),
        nothing=counting.empty(tx, span),
        waits=decisions.waits(tx, span),
        other_mails=counting.mails(tx, replace(span, sandbox=not span.sandbox)),
    )
