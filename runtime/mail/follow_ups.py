"""Follow-ups: one step at a time, each counted from the mail before it as really sent.

The next step's row and timer are made when a mail is out, never earlier: after
any downtime there is at most one step due for a contact's task, so nothing bursts.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from runtime import outbox, timers
from runtime.crm import escalations, queueing, team
from runtime.db import Transaction
from runtime.errors import NotFound
from runtime.mail import drafts, sent, timing
from runtime.messages import AnswerOverdue, ApprovalOverdue, FollowUpDue
from runtime.models import (
    OPEN_FOLLOW_UP,
    AgentKind,
    Contact,
    FollowUp,
    FollowUpStatus,
    Task,
    TaskStatus,
    new_id,
)


def schedule(
    tx: Transaction,
    task: Task,
    *,
    step: int,
    max_steps: int,
    sent_at: datetime,
    actor: str,
    earliest: datetime | None = None,
) -> FollowUp:
    """Plan one step, counted from the mail before it: its row and its timer.

    ``earliest``: it is not due before, though its wait may have been over long ago.
    """
    drawn = timing.draw(tx.workspace_id, task.id, step)
    planned = timing.counted(tx, task, step=step, sent_at=sent_at, drawn=drawn)
    follow_up = tx.insert(
        FollowUp,
        id=new_id(),
        task_id=task.id,
        contact_id=task.contact_id,
        step=step,
        max_steps=max_steps,
        status=FollowUpStatus.SCHEDULED,
        drawn=drawn,
        counted_from=sent_at,
        created_at=tx.now,
        updated_at=tx.now,
        **planned.fields(),
    )
    if earliest is not None and follow_up.due_at < earliest:
        follow_up.due_at = timing.slot(tx, follow_up, earliest)
    set_timer(tx, task, follow_up)
    tx.record(
        "follow_up.scheduled",
        f"Follow-up {step} of {max_steps} is due at {follow_up.due_at:%Y-%m-%d %H:%M:%S} UTC."
        f"{planned.said()}",
        actor=actor,
        task=task,
        follow_up_id=follow_up.id,
        step=step,
        due_at=follow_up.due_at.isoformat(),
        skipped=follow_up.skipped,
        calendar=follow_up.calendar,
    )
    return follow_up


def answer_due(tx: Transaction, task: Task, *, step: int, sent_at: datetime) -> datetime:
    """Return when an answer to the last step's mail is overdue: after the same wait once more."""
    return timing.counted(tx, task, step=step, sent_at=sent_at).due_at


def plan_again(
    tx: Transaction, task: Task, follow_up: FollowUp, due: datetime, *, why: str, actor: str
) -> None:
    """Move a SCHEDULED step to another time, as something else made that necessary."""
    before, follow_up.due_at, follow_up.updated_at = follow_up.due_at, due, tx.now
    set_timer(tx, task, follow_up)
    tx.record(
        "follow_up.replanned",
        f"Follow-up {follow_up.step} moved from {before:%Y-%m-%d %H:%M:%S} to "
        f"{due:%Y-%m-%d %H:%M:%S} UTC: {why}",
        actor=actor,
        task=task,
        contact=follow_up.contact_id,
        follow_up_id=follow_up.id,
        due_before=before.isoformat(),
        due_at=due.isoformat(),
    )


def set_timer(tx: Transaction, task: Task, follow_up: FollowUp) -> None:
    """Have the agent reminded when the step is to be written; replaces an earlier reminder."""
    timers.remind(
        tx,
        AgentKind.FOLLOW_UP,
        timer_name(follow_up.id),
        timing.begins_at(tx, follow_up),
        FollowUpDue(task_id=task.id, follow_up_id=follow_up.id),
        task=task,
    )


def put_off(tx: Transaction, task: Task, follow_up: FollowUp, *, sent_at: datetime) -> None:
    """Have a planned step wait on, as the mail before it leaves later than thought; never less."""
    planned = timing.counted(tx, task, step=follow_up.step, sent_at=sent_at, drawn=follow_up.drawn)
    if planned.due_at > follow_up.due_at:
        follow_up.due_at, follow_up.counted_from = planned.due_at, sent_at
        follow_up.updated_at = tx.now
        set_timer(tx, task, follow_up)


def plan_anew(
    tx: Transaction, task: Task, follow_up: FollowUp, *, sent_at: datetime, actor: str
) -> None:
    """Plan a cancelled step again, counted from the mail that was sent instead of another."""
    planned = timing.counted(tx, task, step=follow_up.step, sent_at=sent_at, drawn=follow_up.drawn)
    for field, value in planned.fields().items():
        setattr(follow_up, field, value)
    follow_up.counted_from, follow_up.chosen_by, follow_up.overdue_since = sent_at, None, None
    summary = f"Follow-up {follow_up.step} was planned anew: the mail before it was sent anew."
    move(tx, follow_up, FollowUpStatus.SCHEDULED, actor=actor, summary=summary)
    set_timer(tx, task, follow_up)


def put_off_after(tx: Transaction, task: Task, step: int, sent_at: datetime) -> None:
    """Have what comes after a mail count from the moment that it leaves anew (0: the first)."""
    timers.forget(tx, AgentKind.FOLLOW_UP, _answer_name(task.id))
    for later in of_task(tx, task):
        if later.step > step and later.status is FollowUpStatus.SCHEDULED:
            put_off(tx, task, later, sent_at=sent_at)


def remind_of_approval(tx: Transaction, task: Task, follow_up: FollowUp) -> None:
    """Have the agent look at the due time whether a person has decided; nothing if it is over."""
    if follow_up.due_at > tx.now:
        timers.remind(
            tx,
            AgentKind.FOLLOW_UP,
            f"approval:{follow_up.id}",
            follow_up.due_at,
            ApprovalOverdue(task_id=task.id, follow_up_id=follow_up.id),
            task=task,
        )


def is_overdue(follow_up: FollowUp, now: datetime) -> bool:
    """Tell whether a step waits for a person's decision past its due time."""
    return follow_up.status is FollowUpStatus.AWAITING_APPROVAL and follow_up.due_at < now


def await_answer(tx: Transaction, task: Task, due: datetime) -> None:
    """Have the agent reminded when the last mail has had its whole wait."""
    timers.remind(
        tx,
        AgentKind.FOLLOW_UP,
        _answer_name(task.id),
        due,
        AnswerOverdue(task_id=task.id),
        task=task,
    )


def answer_awaited(tx: Transaction, task: Task) -> datetime | None:
    """Return when the last mail has had its whole wait, None if that is not waited for."""
    return timers.due_at(tx, AgentKind.FOLLOW_UP, _answer_name(task.id))


def timer_name(follow_up_id: uuid.UUID) -> str:
    """Return the name of a step's timer."""
    return f"follow_up:{follow_up_id}"


def move(
    tx: Transaction,
    follow_up: FollowUp,
    status: FollowUpStatus,
    *,
    actor: str,
    summary: str,
    reason: str | None = None,
) -> None:
    """Give a step a new state, under its task's lock; what was in its way is so no longer.

    A question about it is settled when it goes on after it had stopped, or ends.
    """
    before = follow_up.status
    follow_up.status, follow_up.reason, follow_up.updated_at = status, reason, tx.now
    if status not in _STOPPED and (before in _STOPPED or status not in OPEN_FOLLOW_UP):
        escalations.settle_of_step(tx, follow_up.task_id, summary, by=actor)
    task = tx.get_one(Task, (tx.workspace_id, follow_up.task_id))
    if task.status is TaskStatus.COMPLETED:
        task.error_code = task.error_message = task.retry_at = None
    tx.record(
        f"follow_up.{_happened(status)}",
        summary,
        actor=actor,
        task=follow_up.task_id,
        agent=team.member(tx, AgentKind.FOLLOW_UP),
        contact=follow_up.contact_id,
        follow_up_id=follow_up.id,
        status=status.value,
    )
    if status not in (*OPEN_FOLLOW_UP, FollowUpStatus.UNKNOWN):
        queueing.knock(tx, follow_up.contact_id)


def of_task(tx: Transaction, task: Task) -> Sequence[FollowUp]:
    """Return all steps of a task, the first first."""
    return tx.scalars(
        sa.select(FollowUp)
        .where(FollowUp.workspace_id == tx.workspace_id, FollowUp.task_id == task.id)
        .order_by(FollowUp.step)
    ).all()


def wanted(
    tx: Transaction, follow_up_id: object, *, whole_contact: bool = False
) -> tuple[Task, FollowUp]:
    """Lock a step's task, then return both; NotFound names ``followUpId``.

    ``whole_contact``: lock its contact first.
    """
    follow_up = tx.find(FollowUp, follow_up_id)
    if follow_up is not None and whole_contact:
        tx.find(Contact, follow_up.contact_id, lock=True)
    task = tx.find(Task, follow_up.task_id, lock=True) if follow_up else None
    if follow_up is None or task is None:
        raise NotFound("There is no follow-up with this id here.", field="followUpId")
    tx.refresh(follow_up)
    return task, follow_up


def cancel_open(tx: Transaction, task: Task, *, reason: str, actor: str) -> int:
    """End what a locked task still had planned; return how many steps that were.

    A call that may already have left is not touched: its outcome is still wanted.
    """
    steps = [step for step in of_task(tx, task) if step.status in OPEN_FOLLOW_UP]
    names = [timer_name(step.id) for step in steps]
    timers.forget(tx, AgentKind.FOLLOW_UP, _answer_name(task.id), *names)
    stopped = 0
    for step in steps:
        calls = outbox.open_calls(tx, task.id, follow_up_id=step.id)
        if any(call.in_doubt for call in calls):
            continue
        sent.call_off(tx, calls)
        drafts.supersede_pending(tx, task.id, step.id, by=actor, reason=reason)
        move(
            tx,
            step,
            FollowUpStatus.CANCELLED,
            actor=actor,
            summary=f"Follow-up {step.step} was cancelled: {reason}",
            reason=reason,
        )
        stopped += 1
    queueing.knock(tx, task.contact_id)
    return stopped


_STOPPED = (  # until somebody has it go on
    FollowUpStatus.PAUSED,
    FollowUpStatus.BLOCKED,
    FollowUpStatus.FAILED,
    FollowUpStatus.UNKNOWN,
)

_HAPPENED = {
    FollowUpStatus.DRAFTING: "started",
    FollowUpStatus.AWAITING_APPROVAL: "drafted",
    FollowUpStatus.SENDING: "released",
}


def _happened(status: FollowUpStatus) -> str:
    return _HAPPENED.get(status, status.value.lower())


def _answer_name(task_id: uuid.UUID) -> str:
    return f"answer:{task_id}"
