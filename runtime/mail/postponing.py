"""Postponing: somebody is away, so what was to follow waits until they can read it.

No reply, and nothing ends.  Runs under the contact's lock and those of its tasks.  The
contact's ``away_until`` is what the gate asks, so that a step that is being written,
approved or about to leave is held back too, and one that is planned a moment later.
"""

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from runtime import outbox, timers
from runtime.crm import escalations, tasks
from runtime.db import Transaction
from runtime.mail import away, follow_ups, timing
from runtime.models import (
    AgentKind,
    Contact,
    EscalationKind,
    FollowUp,
    FollowUpStatus,
    Task,
)

MOST = 2
"""How often a task's steps are postponed; then a person decides."""

_HELD = (
    FollowUpStatus.SCHEDULED,
    FollowUpStatus.DRAFTING,
    FollowUpStatus.AWAITING_APPROVAL,
    FollowUpStatus.SENDING,
)


def postpone(tx: Transaction, contact: Contact, returns_on: date | None, *, actor: str) -> date:
    """Have what is open for a locked contact wait; return the day from which it may go on.

    The business day after their return, or some business days from now (``absenceDays``).
    Told of the same absence again, nothing moves and nothing is counted.
    """
    there = timing.where(tx, contact.id)
    today = tx.now.astimezone(there.zone).date()
    if returns_on is None:
        until = there.calendar.add(today, timing.settings(tx).absence_days)
    else:
        until = there.calendar.add(max(returns_on, today), 1)
    contact.away_until = max(until, contact.away_until or until)
    contact.updated_at = tx.now
    for task in tasks.lock_of_contact(tx, contact):
        _hold(tx, task, contact.away_until, there.zone, actor=actor)
    return contact.away_until


def _hold(tx: Transaction, task: Task, until: date, there: ZoneInfo, *, actor: str) -> None:
    late = [
        step for step in _open(tx, task) if away.not_before(step.due_at, until, there) > step.due_at
    ]
    waits = follow_ups.answer_awaited(tx, task)
    if waits is not None and away.not_before(waits, until, there) > waits:
        follow_ups.await_answer(tx, task, away.not_before(waits, until, there))
    if not late:
        return
    task.postponements += 1
    for step in late:
        if task.postponements > MOST:
            _leave_to_a_person(tx, task, step, actor=actor)
        else:
            _move(tx, task, step, until, there, actor=actor)


def _open(tx: Transaction, task: Task) -> Iterator[FollowUp]:
    """Return the steps that have not left; one that is just leaving cannot be held."""
    for step in follow_ups.of_task(tx, task):
        calls = outbox.open_calls(tx, task.id, follow_up_id=step.id)
        if step.status in _HELD and not any(call.in_doubt for call in calls):
            yield step


def _move(
    tx: Transaction, task: Task, step: FollowUp, until: date, there: ZoneInfo, *, actor: str
) -> None:
    step.due_at, step.updated_at = away.not_before(step.due_at, until, there), tx.now
    if step.status is FollowUpStatus.SCHEDULED:
        follow_ups.set_timer(tx, task, step)
    tx.record(
        "follow_up.postponed",
        f"Follow-up {step.step} waits until {step.due_at:%Y-%m-%d %H:%M:%S} UTC: "
        "its reader is away.",
        actor=actor,
        task=task,
        follow_up_id=step.id,
        due_at=step.due_at.isoformat(),
    )


def _leave_to_a_person(tx: Transaction, task: Task, step: FollowUp, *, actor: str) -> None:
    why = f"Its reader was away {MOST} times already, and is again."
    if step.status is FollowUpStatus.SCHEDULED:
        timers.forget(tx, AgentKind.FOLLOW_UP, follow_ups.timer_name(step.id))
        step.paused_at, step.paused_by, step.remaining = tx.now, actor, timing.remaining(tx, step)
        summary = f"Follow-up {step.step} was paused: {why}"
        follow_ups.move(tx, step, FollowUpStatus.PAUSED, actor=actor, summary=summary, reason=why)
    escalations.ask(
        tx,
        EscalationKind.QUESTION,
        f"Follow-up {step.step} was postponed {MOST} times, and its reader is away again. "
        "Reschedule it, resume it or cancel it.",
        dedup_key=f"away:{task.id}:{task.postponements}",
        actor=actor,
        task=task,
    )
