"""Queueing: a task that waits until another one of its contact is over.

It is QUEUED, with ``queued_after_id``.  Whoever ends a sequence knocks; a slow timer finds
what nobody knocked for.  When it is woken its agent looks whether its turn has come.
"""

import uuid
from datetime import timedelta

import sqlalchemy as sa

from runtime import timers
from runtime.db import Transaction
from runtime.messages import TaskAssigned
from runtime.models import AgentKind, Task, TaskStatus

LOOK_AGAIN = timedelta(hours=6)
"""How soon a waiting task looks for itself whether its turn has come."""


def wait(tx: Transaction, task: Task, first: Task) -> None:
    """Have a task begin when ``first`` is over."""
    task.queued_after_id = first.id
    _remind(tx, task, LOOK_AGAIN)


def knock(tx: Transaction, contact_id: uuid.UUID | None) -> None:
    """Have the tasks that wait for this contact's turn look whether it has come."""
    waiting = tx.scalars(
        sa.select(Task)
        .where(
            Task.workspace_id == tx.workspace_id,
            Task.contact_id == contact_id,
            Task.status == TaskStatus.QUEUED,
            Task.queued_after_id.is_not(None),
        )
        .order_by(Task.id)
    )
    for task in waiting:
        _remind(tx, task, timedelta(0))


def _remind(tx: Transaction, task: Task, after: timedelta) -> None:
    said = TaskAssigned(task_id=task.id)
    timers.remind(tx, AgentKind.OUTREACH, f"queued:{task.id}", tx.now + after, said, task=task)
