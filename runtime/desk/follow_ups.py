"""What a person may do with a follow-up: move it, pause it, have it go on, end it."""

import uuid
from datetime import datetime, timedelta

from runtime import mailbox, outbox, timers
from runtime.crm import contacts, enrolment
from runtime.db import Transaction
from runtime.errors import Conflict, Refused
from runtime.mail import drafts, follow_ups, sent, timing
from runtime.messages import FollowUpDue, TaskRetried
from runtime.models import (
    OPEN_FOLLOW_UP,
    AgentKind,
    FollowUp,
    FollowUpStatus,
    TaskStatus,
)

MOST_AT_ONCE = 10_000
"""Timers of one call of ``execute_due``; what is left falls to the clock, or to the next call."""
FURTHEST = timedelta(days=730)
_STOPPED = (FollowUpStatus.BLOCKED, FollowUpStatus.FAILED)


def reschedule(tx: Transaction, *, who: str, follow_up_id: uuid.UUID, due_at: datetime) -> FollowUp:
    """Move a step that has not begun to another time; a paused one is planned again."""
    task, step = follow_ups.wanted(tx, follow_up_id)
    if step.status not in (FollowUpStatus.SCHEDULED, FollowUpStatus.PAUSED):
        raise Conflict(f"A {step.status} follow-up cannot be moved.", field="followUpId")
    if not tx.now - timedelta(minutes=1) <= due_at <= tx.now + FURTHEST:
        raise Refused("dueAt must lie in the future, two years at most.", field="dueAt")
    step.due_at, step.chosen_by = due_at, who
    step.counted_from = step.overdue_since = None
    step.skipped = []
    _end_pause(step)
    summary = f"{who} moved follow-up {step.step} to {due_at:%Y-%m-%d %H:%M:%S} UTC."
    follow_ups.move(tx, step, FollowUpStatus.SCHEDULED, actor=who, summary=summary)
    follow_ups.set_timer(tx, task, step)
    return step


def execute(tx: Transaction, *, who: str, follow_up_id: uuid.UUID) -> FollowUp:
    """Have a step happen now, by our clock; what is due beside it waits for its own turn."""
    step = reschedule(tx, who=who, follow_up_id=follow_up_id, due_at=tx.now)
    timers.fire(tx, timers.named(tx, AgentKind.FOLLOW_UP, follow_ups.timer_name(step.id)))
    return step


def pause(
    tx: Transaction, *, who: str, follow_up_id: uuid.UUID, reason: str | None = None
) -> FollowUp:
    """Hold a step; the business time it had left is kept until it is resumed."""
    _, step = follow_ups.wanted(tx, follow_up_id)
    if step.status is not FollowUpStatus.SCHEDULED:
        raise Conflict(
            f"Only a SCHEDULED follow-up can be paused; this one is {step.status}.",
            field="followUpId",
        )
    timers.forget(tx, AgentKind.FOLLOW_UP, follow_ups.timer_name(step.id))
    step.paused_at, step.paused_by, step.remaining = tx.now, who, timing.remaining(tx, step)
    summary = f"{who} paused follow-up {step.step}."
    follow_ups.move(
        tx, step, FollowUpStatus.PAUSED, actor=who, summary=summary, reason=_said(reason)
    )
    return step


def resume(tx: Transaction, *, who: str, follow_up_id: uuid.UUID) -> FollowUp:
    """Have a paused step wait for the business time it had left, then for its window.

    One whose day a person chose keeps that day; if it has passed, it is due as soon as it may
    leave.  A stopped one is tried again now.
    """
    task, step = follow_ups.wanted(tx, follow_up_id, whole_contact=True)
    contacts.refuse_unless_writable(contacts.wanted(tx, step.contact_id))
    enrolment.refuse_beside_another(tx, task, step, field="followUpId")
    summary = f"{who} resumed follow-up {step.step}."
    if step.status is FollowUpStatus.PAUSED:
        _plan_on(tx, step)
        follow_ups.move(tx, step, FollowUpStatus.SCHEDULED, actor=who, summary=summary)
        follow_ups.set_timer(tx, task, step)
    elif step.status in _STOPPED and task.status is not TaskStatus.CANCELLED:
        follow_ups.move(tx, step, FollowUpStatus.SCHEDULED, actor=who, summary=summary)
        said = TaskRetried(task_id=task.id, follow_up_id=step.id)
        mailbox.post(tx, said, to=AgentKind.FOLLOW_UP, sender=mailbox.PERSON, task=task)
    else:
        raise Conflict(
            f"Only a PAUSED, BLOCKED or FAILED follow-up can be resumed; this one is "
            f"{step.status}.",
            field="followUpId",
        )
    return step


def cancel(
    tx: Transaction, *, who: str, follow_up_id: uuid.UUID, reason: str | None = None
) -> FollowUp:
    """End a step, and with it the steps that would have come after."""
    task, step = follow_ups.wanted(tx, follow_up_id)
    if step.status not in (*OPEN_FOLLOW_UP, FollowUpStatus.FAILED):
        raise Conflict(f"The follow-up is {step.status} already.", field="followUpId")
    calls = outbox.open_calls(tx, task.id, follow_up_id=step.id)
    if any(call.in_doubt for call in calls):
        raise Conflict(
            "This follow-up is just being sent; see what came of it.", field="followUpId"
        )
    sent.call_off(tx, calls)
    timers.forget(tx, AgentKind.FOLLOW_UP, follow_ups.timer_name(step.id))
    summary = f"{who} cancelled follow-up {step.step}."
    drafts.supersede_pending(tx, task.id, step.id, by=who, reason=_said(reason) or summary)
    follow_ups.move(
        tx, step, FollowUpStatus.CANCELLED, actor=who, summary=summary, reason=_said(reason)
    )
    return step


def execute_due(tx: Transaction) -> int:
    """Fire what is due, as the clock would; return how many follow-ups that were.

    Safe to call at any rate, by anybody: each timer fires once.
    """
    return sum(timer.type == FollowUpDue.type for timer in timers.fire(tx, limit=MOST_AT_ONCE))


def _plan_on(tx: Transaction, step: FollowUp) -> None:
    """Have a paused step wait on from now, or for the day that a person chose."""
    if step.chosen_by is None or step.due_at <= tx.now:
        left = _left(step)
        step.chosen_by = step.counted_from = None  # a chosen day that passed binds nobody
        for field, value in timing.resumed(tx, step, left).fields().items():
            setattr(step, field, value)
    _end_pause(step)


def _left(step: FollowUp) -> timedelta:
    """Return what a paused step still has to wait."""
    if step.chosen_by is not None:
        return timedelta()
    if step.remaining is None:  # paused before that was kept; nothing else has touched it since
        return max(timedelta(), step.due_at - step.updated_at)
    return step.remaining


def _end_pause(step: FollowUp) -> None:
    step.paused_at = step.paused_by = step.remaining = None


def _said(reason: str | None) -> str | None:
    return (reason or "").strip()[:500] or None
