"""Follow-ups: one step at a time, each counted from the mail before it as really sent.

The next step's row and timer are made when a mail is out, never earlier: after
any downtime there is at most one step due for a contact's task, so nothing bursts.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from runtime import outbox, timers
from runtime.crm import queueing, team
from runtime.crm.team import FollowUpSettings
from runtime.crm.zones import zone
from runtime.db import Transaction
from runtime.errors import NotFound
from runtime.mail import drafts, sent
from runtime.mail.window import due_at, wait_before
from runtime.messages import AnswerOverdue, FollowUpDue
from runtime.models import (
    OPEN_FOLLOW_UP,
    AgentKind,
    Contact,
    FollowUp,
    FollowUpStatus,
    Task,
    TaskStatus,
    Workspace,
    new_id,
)


def settings(tx: Transaction) -> FollowUpSettings:
    """Return how this workspace follows up."""
    return team.settings_of(team.member(tx, AgentKind.FOLLOW_UP), FollowUpSettings)


def schedule(
    tx: Transaction,
    task: Task,
    *,
    step: int,
    max_steps: int,
    due: datetime,
    actor: str,
) -> FollowUp:
    """Plan one step: its row and its timer."""
    follow_up = tx.insert(
        FollowUp,
        id=new_id(),
        task_id=task.id,
        contact_id=task.contact_id,
        step=step,
        max_steps=max_steps,
        status=FollowUpStatus.SCHEDULED,
        due_at=due,
        timezone=where(tx, task).key,
        created_at=tx.now,
        updated_at=tx.now,
    )
    set_timer(tx, task, follow_up)
    tx.record(
        "follow_up.scheduled",
        f"Follow-up {step} of {max_steps} is due at {due:%Y-%m-%d %H:%M:%S} UTC.",
        actor=actor,
        task=task,
        follow_up_id=follow_up.id,
        step=step,
        due_at=due.isoformat(),
    )
    return follow_up


def next_due(tx: Transaction, task: Task, *, step: int, sent_at: datetime) -> datetime:
    """Return when a step (1-based) is due, or after the last one when an answer is overdue."""
    chosen = settings(tx)
    return due_at(sent_at, wait_before(step, chosen), chosen, where(tx, task))


def where(tx: Transaction, task: Task) -> ZoneInfo:
    """Return the zone that a task's contact lives in: its own, else the workspace's."""
    contact = tx.get_one(Contact, (tx.workspace_id, task.contact_id))
    return zone(contact.timezone, tx.get_one(Workspace, tx.workspace_id).timezone)


def set_timer(tx: Transaction, task: Task, follow_up: FollowUp) -> None:
    """Have the agent reminded when the step is due; replaces an earlier reminder."""
    timers.remind(
        tx,
        AgentKind.FOLLOW_UP,
        timer_name(follow_up.id),
        follow_up.due_at,
        FollowUpDue(task_id=task.id, follow_up_id=follow_up.id),
        task=task,
    )


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
    """Give a step a new state, under its task's lock; what was in its way is so no longer."""
    follow_up.status, follow_up.reason, follow_up.updated_at = status, reason, tx.now
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


_HAPPENED = {
    FollowUpStatus.DRAFTING: "started",
    FollowUpStatus.AWAITING_APPROVAL: "drafted",
    FollowUpStatus.SENDING: "released",
}


def _happened(status: FollowUpStatus) -> str:
    return _HAPPENED.get(status, status.value.lower())


def _answer_name(task_id: uuid.UUID) -> str:
    return f"answer:{task_id}"
