"""What a person may do with a recommendation: accept it, dismiss it, take that back."""

import uuid

from runtime.crm import team
from runtime.crm.pipeline import recommendations
from runtime.db import Transaction
from runtime.desk import drafts, tasks
from runtime.desk.words import optional
from runtime.errors import Conflict
from runtime.models import OPEN_TASK, Recommendation, RecommendationStatus, Task

LONGEST_REASON = 500


def accept(
    tx: Transaction,
    *,
    who: str,
    recommendation_id: uuid.UUID,
    reason: str | None = None,
    who_id: uuid.UUID | None = None,
) -> Task:
    """Have it done: a task of its words, or another version of the draft that it is about.

    ``who_id``: the person, as their token says, who then asked for that version.
    """
    why = optional(reason, "reason", longest=LONGEST_REASON)
    row = recommendations.wanted(tx, recommendation_id)
    recommendations.refuse_unless_open(row)
    if row.rule == "stale_draft":
        task = _revised(tx, row, who=who, who_id=who_id)
    else:
        task = _assigned(tx, row, who=who)
    recommendations.decide(
        tx, row, RecommendationStatus.ACCEPTED, by=who, reason=why, task_id=task.id
    )
    return task


def dismiss(
    tx: Transaction, *, who: str, recommendation_id: uuid.UUID, reason: str | None = None
) -> Recommendation:
    """Put it away: the same finding does not come back."""
    why = optional(reason, "reason", longest=LONGEST_REASON)
    row = recommendations.wanted(tx, recommendation_id)
    recommendations.refuse_unless_open(row)
    recommendations.decide(tx, row, RecommendationStatus.DISMISSED, by=who, reason=why)
    return row


def reopen(
    tx: Transaction, *, who: str, recommendation_id: uuid.UUID, reason: str | None = None
) -> Recommendation:
    """Take an answer back: a dismissal at any time, an acceptance while nothing has left.

    The task of an acceptance ends with it.
    """
    why = optional(reason, "reason", longest=LONGEST_REASON)
    row = recommendations.wanted(tx, recommendation_id)
    if row.status is RecommendationStatus.ACCEPTED:
        _undo(tx, row, who=who)
    elif row.status is not RecommendationStatus.DISMISSED:
        raise Conflict(
            f"Only an ACCEPTED or DISMISSED recommendation is taken back; this is {row.status}.",
            field="recommendationId",
        )
    recommendations.decide(tx, row, RecommendationStatus.OPEN, by=who, reason=why)
    return row


def _assigned(tx: Transaction, row: Recommendation, *, who: str) -> Task:
    return tasks.assign(
        tx,
        who=who,
        agent_id=team.member(tx, row.agent).id,
        contact_id=row.contact_id,
        opportunity_id=row.opportunity_id,
        instruction=row.instruction,
        priority=row.priority,
        colleague=row.rule == "bounced_colleague",
        briefed_by=row.id,
    )


def _revised(tx: Transaction, row: Recommendation, *, who: str, who_id: uuid.UUID | None) -> Task:
    """Send the draft back that has waited too long, for a version of today."""
    [of_draft] = [each["id"] for each in row.evidence if each["type"] == "Draft"]
    draft = drafts.reject(
        tx, who=who, who_id=who_id, draft_id=uuid.UUID(of_draft), feedback=row.instruction
    )
    return tx.get_one(Task, (tx.workspace_id, draft.task_id))


def _undo(tx: Transaction, row: Recommendation, *, who: str) -> None:
    task = tx.find(Task, row.task_id, lock=True)
    if row.rule == "stale_draft" or task is None or task.status not in OPEN_TASK:
        raise Conflict(
            "What came of it cannot be taken back any more.",
            code="TOO_LATE",
            field="recommendationId",
        )
    tasks.cancel(tx, who=who, task_id=task.id, reason="The recommendation was taken back.")
