"""Decisions: how long drafts wait for a person.

Counted on the day of the decision: a draft that nobody has decided on yet has no time, and
leaving the slow ones out of the day they were written would make people look quick.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from runtime.db import Transaction
from runtime.insight.span import Span
from runtime.models import AgentKind, Approval, ApprovalKind, Draft, DraftStatus

DEFINITION = (
    "From a draft's writing to its approval or rejection by a person, of drafts decided in the "
    "span. Leave that came with a first mail's approval, or by a setting, is no decision; an "
    "approval that was taken back no longer counts."
)


@dataclass(frozen=True, slots=True)
class Waits:
    """How long ``n`` drafts waited, in seconds; the times are None where there was none."""

    n: int = 0
    median: float | None = None
    p90: float | None = None


def rows(span: Span) -> list[sa.ColumnElement[bool]]:
    """Return what a draft must be to be one of those that were decided on in a span."""
    # A value and not an EXISTS: that one is answered by a reading of all approvals there are.
    leave = (
        sa.select(Approval.kind)
        .where(
            Approval.workspace_id == Draft.workspace_id,
            Approval.draft_id == Draft.id,
            Approval.voided_at.is_(None),
        )
        .scalar_subquery()
    )
    approved = sa.and_(Draft.status == DraftStatus.APPROVED, leave == ApprovalKind.PERSON)
    return [
        Draft.workspace_id == span.workspace_id,
        Draft.decided_at >= span.since,
        Draft.decided_at < span.until,
        sa.or_(Draft.status == DraftStatus.REJECTED, approved),
        *span.of_agents(Draft.follow_up_id),
    ]


def waits(tx: Transaction, span: Span) -> dict[AgentKind | None, Waits]:
    """Return how long each agent's drafts waited, and under None all of them."""
    wait = sa.extract("epoch", Draft.decided_at - Draft.created_at)
    later = Draft.follow_up_id.is_not(None)
    drafts = sa.select(later.label("later"), wait.label("wait")).where(*rows(span)).cte("drafts")
    at = [sa.func.percentile_cont(p).within_group(drafts.c.wait) for p in (0.5, 0.9)]
    query = sa.select(drafts.c.later, sa.func.count(), *at).group_by(sa.func.rollup(drafts.c.later))
    kinds = {None: None, False: AgentKind.OUTREACH, True: AgentKind.FOLLOW_UP}
    return {kinds[later]: Waits(n, *times) for later, n, *times in tx.execute(query)}
