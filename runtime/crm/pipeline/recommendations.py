"""Recommendations: findings as they are kept, each once, until somebody answers them."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from runtime.crm.pipeline.findings import Finding
from runtime.db import Transaction
from runtime.errors import Conflict, NotFound
from runtime.models import Recommendation, RecommendationStatus, new_id

GONE = "Its reason is gone."


def keep(tx: Transaction, found: Collection[Finding], *, actor: str) -> list[Recommendation]:
    """Store what is new; return it.

    A finding that was dismissed or accepted does not come back.  One whose reason had gone
    and is there again does.
    """
    return [row for finding in found if (row := _keep(tx, finding, actor=actor)) is not None]


def expire(tx: Transaction, found: Collection[Finding], *, actor: str) -> int:
    """Close what is open and no longer found; return how many."""
    still = {finding.key for finding in found}
    gone = [row for row in open_ones(tx) if row.finding not in still]
    for row in gone:
        decide(tx, row, RecommendationStatus.EXPIRED, by=actor, reason=GONE)
    return len(gone)


def open_ones(tx: Transaction) -> Sequence[Recommendation]:
    """Lock and return what waits for an answer, the oldest first."""
    return tx.scalars(
        sa.select(Recommendation)
        .where(
            Recommendation.workspace_id == tx.workspace_id,
            Recommendation.status == RecommendationStatus.OPEN,
        )
        .order_by(Recommendation.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def wanted(tx: Transaction, recommendation_id: object) -> Recommendation:
    """Lock and return a recommendation, or raise NotFound on ``recommendationId``."""
    row = tx.find(Recommendation, recommendation_id, lock=True)
    if row is None:
        raise NotFound("There is no recommendation with this id here.", field="recommendationId")
    return row


def refuse_unless_open(row: Recommendation) -> None:
    """Raise Conflict if somebody answered it already, or its reason is gone."""
    if row.status is not RecommendationStatus.OPEN:
        by = f" by {row.decided_by}" if row.decided_by else ""
        raise Conflict(
            f"This recommendation is {row.status}{by} already; nothing was changed.",
            code="ALREADY_DECIDED",
            field="recommendationId",
        )


def decide(
    tx: Transaction,
    row: Recommendation,
    status: RecommendationStatus,
    *,
    by: str,
    reason: str | None = None,
    task_id: uuid.UUID | None = None,
) -> None:
    """Give a locked recommendation another state, and record it."""
    row.status, row.reason = status, reason
    row.decided_at, row.decided_by = tx.now, by
    row.task_id = task_id or row.task_id
    if status is RecommendationStatus.OPEN:
        row.decided_at = row.decided_by = None
    happened = "reopened" if status is RecommendationStatus.OPEN else status.value.lower()
    _record(
        tx, row, happened, f"“{row.title}” was {happened}" + (f": {reason}" if reason else "."), by
    )


def accepted_since(tx: Transaction, moment: datetime, by: str) -> int:
    """Count what somebody has accepted since a moment."""
    return (
        tx.scalar(
            sa.select(sa.func.count())
            .select_from(Recommendation)
            .where(
                Recommendation.workspace_id == tx.workspace_id,
                Recommendation.status == RecommendationStatus.ACCEPTED,
                Recommendation.decided_by == by,
                Recommendation.decided_at >= moment,
            )
        )
        or 0
    )


def _keep(tx: Transaction, finding: Finding, *, actor: str) -> Recommendation | None:
    fields = {
        "rule": finding.rule,
        "opportunity_id": finding.deal.id,
        "contact_id": finding.contact.id if finding.contact else None,
        "title": finding.title,
        "why": finding.why,
        "evidence": list(finding.evidence),
        "agent": finding.agent,
        "instruction": finding.instruction,
        "priority": finding.priority,
        "status": RecommendationStatus.OPEN,
        "created_at": tx.now,
        "decided_at": None,
        "decided_by": None,
        "reason": None,
    }
    statement = insert(Recommendation).values(
        workspace_id=tx.workspace_id, id=new_id(), finding=finding.key, **fields
    )
    row = tx.scalars(
        statement.on_conflict_do_update(
            index_elements=[Recommendation.workspace_id, Recommendation.finding],
            set_=fields,
            where=Recommendation.status == RecommendationStatus.EXPIRED,
        ).returning(Recommendation),
        execution_options={"populate_existing": True},
    ).one_or_none()
    if row is not None:
        _record(tx, row, "made", f"{finding.title}: {finding.why}", actor)
    return row


def _record(tx: Transaction, row: Recommendation, happened: str, summary: str, actor: str) -> None:
    tx.record(
        f"recommendation.{happened}",
        summary,
        actor=actor,
        contact=row.contact_id,
        recommendation_id=row.id,
        opportunity_id=row.opportunity_id,
        rule=row.rule,
    )
