"""Lapsing: an approval that grew too old before its mail could leave ends, and people decide again.

Runs on a held call at the gate, under its task's lock.
"""

from runtime import mailbox
from runtime.crm import tasks
from runtime.db import Transaction
from runtime.mail import approvals, follow_ups
from runtime.models import Call, Draft, FollowUp, FollowUpStatus, Task, TaskStatus

APPROVAL_LAPSED = "APPROVAL_LAPSED"


def back_to_people(tx: Transaction, call: Call, *, why: str) -> None:
    """Void the approval of a call's mail and put its draft before people, saying why."""
    draft = tx.get_one(Draft, (tx.workspace_id, call.draft_id))
    task = tx.get_one(Task, (tx.workspace_id, call.task_id))
    if not approvals.void(tx, draft, why):
        return
    tx.record(
        "approval.lapsed", why, actor=mailbox.SYSTEM, task=task, draft_id=draft.id, reason=why
    )
    if call.follow_up_id is not None:
        step = tx.get_one(FollowUp, (tx.workspace_id, call.follow_up_id))
        summary = f"Follow-up {step.step} awaits approval again: {why}"
        again = FollowUpStatus.AWAITING_APPROVAL
        follow_ups.move(tx, step, again, actor=mailbox.SYSTEM, summary=summary, reason=why)
        return
    waiting = TaskStatus.AWAITING_APPROVAL
    tasks.move(tx, task, waiting, "approval.requested", why, actor=mailbox.SYSTEM)
    task.error_code, task.error_message = APPROVAL_LAPSED, why
