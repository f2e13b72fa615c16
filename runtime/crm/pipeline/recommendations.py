"""Recommendations: findings as they are kept, each once, until somebody answers them."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from runtime.crm.pipeline.findings import Finding
from runtime.db import Transaction
from runtime.errors import Conflict, NotFound
from runtime.models import Opportunity, Recommendation, RecommendationStatus, new_id

GONE = "Its reason is gone."


def keep(tx: Transaction, found: Collection[Finding], *, actor: str) -> list[Recommendation]:
    """Store what is new; return it.

    A finding that was dismissed or accepted does not come back.  One whose reason had gone
    and is there again does, without the wording it had if its words are others.
    """
    keys = [finding.key for finding in found]
    here = (Recommendation.workspace_id == tx.workspace_id, Recommendation.finding.in_(keys))
    known = set(tx.scalars(sa.select(Recommendation.finding).where(*here)))
    gone = {
        row.finding: row
        for row in _not_taken(
            tx, Recommendation.finding.in_(keys), status=RecommendationStatus.EXPIRED
        )
    }
    kept = [
        _insert(tx, finding) if finding.key not in known else _again(tx, finding, gone)
        for finding in found
    ]
    for row in filter(None, kept):
        record(tx, row, "made", f"{row.title}: {row.why}", actor)
    return [row for row in kept if row is not None]


def expire(tx: Transaction, found: Collection[Finding], *, actor: str) -> int:
    """Close what is open and no longer found; return how many."""
    still = {finding.key for finding in found}
    gone = [row for row in open_ones(tx) if row.finding not in still]
    for row in gone:
        decide(tx, row, RecommendationStatus.EXPIRED, by=actor, reason=GONE)
    return len(gone)


def open_ones(tx: Transaction) -> Sequence[Recommendation]:
    """Lock and return what waits for an answer, the oldest first, but what is just getting one."""
    return _not_taken(tx, status=RecommendationStatus.OPEN)


def unless_taken(tx: Transaction, recommendation_id: uuid.UUID) -> Recommendation | None:
    """Lock and return a recommendation; None if somebody holds it, or there is none."""
    return next(iter(_not_taken(tx, Recommendation.id == recommendation_id)), None)


def lock_of_contact(tx: Transaction, contact_id: uuid.UUID) -> Sequence[Recommendation]:
    """Lock and return all that somebody, or a deal with them, is in.

    Before their contact is locked: whoever accepts one goes from it to the contact.
    """
    deals = sa.select(Opportunity.id).where(
        Opportunity.workspace_id == tx.workspace_id, Opportunity.contact_id == contact_id
    )
    whose = Recommendation.contact_id == contact_id
    return _locked(tx, whose | Recommendation.opportunity_id.in_(deals)).all()


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
    record(
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


def _insert(tx: Transaction, finding: Finding) -> Recommendation | None:
    return tx.scalars(
        insert(Recommendation)
        .values(
            workspace_id=tx.workspace_id, id=new_id(), finding=finding.key, **_fields(tx, finding)
        )
        .on_conflict_do_nothing()
        .returning(Recommendation)
    ).one_or_none()


def _again(
    tx: Transaction, finding: Finding, gone: Mapping[str, Recommendation]
) -> Recommendation | None:
    """Open an expired one anew, which is locked; None for any other."""
    row = gone.get(finding.key)
    if row is None:
        return None
    if (row.title, row.why) != (finding.title, finding.why):
        row.wording = row.worded_by = None
    for name, value in _fields(tx, finding).items():
        setattr(row, name, value)
    return row


def _fields(tx: Transaction, finding: Finding) -> dict[str, Any]:
    return {
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


def _not_taken(
    tx: Transaction,
    *where: sa.ColumnElement[bool],
    status: RecommendationStatus | None = None,
) -> Sequence[Recommendation]:
    """Lock and return what nobody else holds.

    The planning agent waits for nobody here: its turn may hold tasks, for which whoever
    answers or erases a recommendation waits in turn.  What it passes over it meets again.
    """
    wanted = where if status is None else (*where, Recommendation.status == status)
    return _locked(tx, *wanted, skip_locked=True).all()


def _locked(
    tx: Transaction, *where: sa.ColumnElement[bool], skip_locked: bool = False
) -> sa.ScalarResult[Recommendation]:
    return tx.scalars(
        sa.select(Recommendation)
        .where(Recommendation.workspace_id == tx.workspace_id, *where)
        .order_by(Recommendation.id)
        .with_for_update(skip_locked=skip_locked)
        .execution_options(populate_existing=True)
    )


def record(tx: Transaction, row: Recommendation, happened: str, summary: str, actor: str) -> None:
    """Record that something happened to a recommendation."""
    tx.record(
        f"recommendation.{happened}",
        summary,
        actor=actor,
        contact=row.contact_id,
        recommendation_id=row.id,
        opportunity_id=row.opportunity_id,
        rule=row.rule,
    )
