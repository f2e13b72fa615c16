"""What a person may do with an approval: take it back, as long as nothing has left under it."""

import uuid

from runtime import outbox, timers
from runtime.crm import enrolment, tasks
from runtime.db import Transaction
from runtime.desk.words import optional
from runtime.errors import Conflict
from runtime.mail import approvals, drafts, follow_ups, sent
from runtime.models import (
    OPEN_FOLLOW_UP,
    OPEN_TASK,
    AgentKind,
    Draft,
    DraftStatus,
    FollowUp,
    FollowUpStatus,
    Task,
    TaskStatus,
)

LONGEST_REASON = 500


def withdraw(tx: Transaction, *, who: str, draft_id: uuid.UUID, reason: str | None = None) -> Draft:
    """Take leave back from a mail of which nothing has left: it waits for a decision again.

    Of a follow-up, only this text's leave ends; the first mail's goes on for the later ones.
    """
    why = optional(reason, "reason", longest=LONGEST_REASON) or f"{who} withdrew the approval."
    draft = drafts.wanted(tx, draft_id)
    task = tasks.wanted(tx, draft.task_id, field="draftId", whole_contact=True)
    tx.refresh(draft)
    step = tx.find(FollowUp, draft.follow_up_id, lock=True) if draft.follow_up_id else None
    if draft.status is not DraftStatus.APPROVED:
        said = f"This draft is {draft.status}: there is no approval to withdraw."
        raise Conflict(said + _last_word(tx, draft), field="draftId")
    calls = [call for call in outbox.open_calls(tx, task.id) if call.draft_id == draft.id]
    if any(call.in_doubt for call in calls):
        raise Conflict("This mail is just being sent; see what came of it.", field="draftId")
    if sent.may_be_out(tx, draft):
        raise Conflict("This mail has left, or may have.", field="draftId")
    _refuse_if_over(task, step)
    enrolment.refuse_beside_another(tx, task, step, field="draftId")
    sent.call_off(tx, calls)
    approvals.void(tx, draft, why)
    tx.record(
        "approval.withdrawn",
        f"{who} withdrew the approval of version {draft.version}: {why}",
        actor=who,
        task=task,
        draft_id=draft.id,
        reason=why,
    )
    _await(tx, task, step, who=who)
    return draft


def _last_word(tx: Transaction, draft: Draft) -> str:
    last = approvals.last(tx, draft)
    if last is None or last.voided_at is None:
        return ""
    return f" The last one ended at {last.voided_at:%Y-%m-%d %H:%M:%S} UTC: {last.voided_reason}"


def _refuse_if_over(task: Task, step: FollowUp | None) -> None:
    """Raise Conflict if nothing would be sent under the approval in any case."""
    status: TaskStatus | FollowUpStatus = step.status if step else task.status
    if status not in (*OPEN_TASK, *OPEN_FOLLOW_UP, TaskStatus.FAILED, FollowUpStatus.FAILED):
        what = "follow-up" if step else "task"
        raise Conflict(
            f"The {what} is {status}: nothing more is sent under this approval.", field="draftId"
        )


def _await(tx: Transaction, task: Task, step: FollowUp | None, *, who: str) -> None:
    summary = f"{who} withdrew the approval; the draft waits for a decision."
    if step is None:
        status = TaskStatus.AWAITING_APPROVAL
        tasks.move(tx, task, status, "approval.requested", summary, actor=who)
    else:
        timers.forget(tx, AgentKind.FOLLOW_UP, follow_ups.timer_name(step.id))
        follow_ups.move(tx, step, FollowUpStatus.AWAITING_APPROVAL, actor=who, summary=summary)
