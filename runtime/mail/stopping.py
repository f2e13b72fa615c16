"""Stopping: when somebody answered or must be left alone, everything open for them ends, at once.

One transaction under the locks of all the contact's tasks: what has not gone
through the gate by then, never will under the approval it had.
"""

from collections.abc import Iterable

from runtime import outbox
from runtime.crm import escalations, opportunities, tasks
from runtime.crm.pipeline import attention
from runtime.db import Transaction
from runtime.mail import approvals, drafts, follow_ups, sent
from runtime.models import OPEN_TASK, Contact, DraftStatus, Stage, Task, TaskStatus


def answered(tx: Transaction, contact: Contact, *, actor: str) -> int:
    """End all follow-ups of a contact who replied; return how many.

    Their deals go forward to REPLIED.  A first mail that was approved and has not left
    waits for a new decision: whoever approved it did not know of the reply.
    """
    stopped = 0
    for task in tasks.lock_of_contact(tx, contact):
        stopped += follow_ups.cancel_open(tx, task, reason="The contact replied.", actor=actor)
        escalations.settle_of_step(tx, task.id, "The contact replied.", by=actor)
        if task.status in (TaskStatus.SENDING, TaskStatus.BLOCKED):
            _take_back(tx, task, actor=actor)
    opportunities.advance_all_of(tx, contact, Stage.REPLIED, reason="The contact replied.")
    attention.draw(tx)
    return stopped


def left_alone(tx: Transaction, contact: Contact, *, reason: str, actor: str) -> int:
    """Cancel every open task and follow-up of a contact; return how many follow-ups."""
    stopped = 0
    for task in tasks.lock_of_contact(tx, contact):
        stopped += _end_all(tx, task, reason=reason, actor=actor)
    return stopped


def closed(tx: Transaction, serving: Iterable[Task], *, reason: str, actor: str) -> None:
    """End what a deal's locked tasks had open; what is just leaving cannot be called back."""
    for task in serving:
        _end_all(tx, task, reason=reason, actor=actor)


def end(tx: Transaction, task: Task, *, reason: str, actor: str) -> None:
    """Cancel a locked task of which nothing is just leaving; what is out stays out."""
    _cancel(tx, task, reason=reason, actor=actor)
    escalations.settle_of_task(tx, task.id, reason, by=actor)


def _end_all(tx: Transaction, task: Task, *, reason: str, actor: str) -> int:
    """End what a locked task has open, and what is asked about it; return how many follow-ups."""
    stopped = follow_ups.cancel_open(tx, task, reason=reason, actor=actor)
    _cancel_unless_out(tx, task, reason=reason, actor=actor)
    escalations.settle_of_task(tx, task.id, reason, by=actor)
    return stopped


def _cancel(tx: Transaction, task: Task, *, reason: str, actor: str) -> None:
    sent.call_off(tx, outbox.open_calls(tx, task.id))
    draft = drafts.newest(tx, task.id, None)
    if draft is not None and not sent.may_be_out(tx, draft):
        approvals.void(tx, draft, reason)
        if draft.status is DraftStatus.PENDING:
            drafts.close(tx, draft, by=actor, reason=reason)
    tasks.move(
        tx, task, TaskStatus.CANCELLED, "task.cancelled", f"Cancelled: {reason}", actor=actor
    )


def _cancel_unless_out(tx: Transaction, task: Task, *, reason: str, actor: str) -> None:
    calls = outbox.open_calls(tx, task.id)
    if task.status not in (*OPEN_TASK, TaskStatus.FAILED) or any(c.in_doubt for c in calls):
        return
    first = sent.first_of(tx, task)
    if first is not None and first.status in sent.OUT:
        return  # its agent has yet to hear of it, and will then complete the task
    _cancel(tx, task, reason=reason, actor=actor)


def _take_back(tx: Transaction, task: Task, *, actor: str) -> None:
    calls = outbox.open_calls(tx, task.id)
    if any(call.in_doubt for call in calls):
        return
    draft = drafts.newest(tx, task.id, None)
    if draft is None or sent.may_be_out(tx, draft):
        return
    if not approvals.void(tx, draft, "The contact replied."):
        return
    sent.call_off(tx, calls)
    tasks.move(
        tx,
        task,
        TaskStatus.AWAITING_APPROVAL,
        "approval.voided",
        "The contact replied after the approval: decide again.",
        actor=actor,
    )
