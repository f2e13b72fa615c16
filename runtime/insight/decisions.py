"""Decisions: how long drafts wait for a person.

Counted on the day of the decision: a draft that nobody has decided on yet has no time, and
leaving the slow ones out of the day they were written would make people look quick.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from runtime.db import Transaction
from runtime.insight.span import Span
from runtime.models import AgentKind, Approval, ApprovalKind, Draft, DraftStatus

DEFINITION = (
    "From a draft's writing to its approval or rejection by a person, of drafts decided in the "
    "span; one that was corrected by hand waits since the text that was corrected. Leave that "
    "came with a first mail's approval, or by a setting, is no decision; an approval that was "
    "taken back no longer counts. Drafts of real mail and of the sandbox's are counted together."
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
    wait = sa.extract("epoch", Draft.decided_at - _written_at())
    later = Draft.follow_up_id.is_not(None)
    drafts = sa.select(later.label("later"), wait.label("wait")).where(*rows(span)).cte("drafts")
    at = [sa.func.percentile_cont(p).within_group(drafts.c.wait) for p in (0.5, 0.9)]
    query = sa.select(drafts.c.later, sa.func.count(), *at).group_by(sa.func.rollup(drafts.c.later))
    kinds = {None: None, False: AgentKind.OUTREACH, True: AgentKind.FOLLOW_UP}
    return {kinds[later]: Waits(n, *times) for later, n, *times in tx.execute(query)}


def written(tx: Transaction, ids: Sequence[uuid.UUID]) -> list[datetime]:
    """Return from when each draft's wait is counted, in the order of their ids."""
    query = sa.select(Draft.id, _written_at().label("at"))
    query = query.where(Draft.workspace_id == tx.workspace_id, Draft.id.in_(ids))
    found = {row.id: row.at for row in tx.execute(query)}
    return [found[id_] for id_ in ids]


def _written_at() -> sa.ColumnElement[datetime]:
    """Return when a draft, or the one that it came from by hand, was written.

    A correction is a version of its own, approved in the next breath: counted from there,
    what waited for a day would have waited for seconds.
    """
    before = aliased(Draft)
    corrected = (
        sa.select(sa.func.max(before.created_at))
        .where(
            before.workspace_id == Draft.workspace_id,
            before.task_id == Draft.task_id,
            before.follow_up_id.is_not_distinct_from(Draft.follow_up_id),
            before.version < Draft.version,
            before.edited_from_id.is_(None),
        )
        .correlate(Draft)
        .scalar_subquery()
    )
    return sa.case((Draft.edited_from_id.is_(None), Draft.created_at), else_=corrected)
