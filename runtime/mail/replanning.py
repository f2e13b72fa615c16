"""Replanning: what is scheduled moves when the workspace's calendar or time zone changes.

Only steps of which nothing has begun.  One whose time a person chose keeps it, and one that
is late already is planned again by its agent.
"""

import sqlalchemy as sa

from runtime.crm import tasks
from runtime.db import Transaction
from runtime.mail import follow_ups, timing
from runtime.mail.timing import Timing
from runtime.models import FollowUp, FollowUpStatus, Task


def hold(tx: Transaction) -> None:
    """Lock the tasks of all scheduled steps.

    Before the workspace is locked: a bounce goes from its tasks to the workspace's breaker.
    """
    tasks.lock(tx, [step.task_id for step in tx.scalars(_wanted(tx))])


def replan(tx: Transaction, *, who: str, why: str) -> int:
    """Time every scheduled step anew, each move recorded; return how many moved.

    Their tasks are held (``hold``).  Of a step that came since, the task is locked if nobody
    else has it.  Again, it moves nothing.
    """
    wanted = _wanted(tx)
    locked = tasks.lock(tx, [step.task_id for step in tx.scalars(wanted)], skip_locked=True)
    # Once more, under the locks: one may have begun or been moved meanwhile.
    steps = tx.scalars(wanted).all()
    return sum(
        _move(tx, locked[step.task_id], step, who=who, why=why)
        for step in steps
        if step.task_id in locked
    )


def _wanted(tx: Transaction) -> sa.Select[FollowUp]:
    return (
        sa.select(FollowUp)
        .where(
            FollowUp.workspace_id == tx.workspace_id,
            FollowUp.status == FollowUpStatus.SCHEDULED,
            FollowUp.chosen_by.is_(None),
            FollowUp.due_at > tx.now,
        )
        .order_by(FollowUp.due_at, FollowUp.id)
        .execution_options(populate_existing=True)
    )


def _move(tx: Transaction, task: Task, step: FollowUp, *, who: str, why: str) -> bool:
    fresh = _timed(tx, task, step)
    due, before = max(fresh.due_at, timing.slot(tx, step, tx.now)), step.due_at
    for field, value in fresh.fields().items():
        setattr(step, field, value)
    step.due_at = before
    if due == before:
        return False
    follow_ups.plan_again(tx, task, step, due, why=f"{why}{fresh.said()}", actor=who)
    return True


def _timed(tx: Transaction, task: Task, step: FollowUp) -> Timing:
    if step.counted_from is not None and step.overdue_since is None:
        return timing.counted(tx, task, step=step.step, sent_at=step.counted_from, drawn=step.drawn)
    return Timing(timing.slot(tx, step, step.due_at), timing.where(tx, step.contact_id))
