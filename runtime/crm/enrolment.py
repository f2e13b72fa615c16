"""Enrolment: a contact is written to by one task at a time, from its assignment to its last wait.

Whoever sets a task going for a contact holds the contact's lock while looking here, so of
two who do it at once the second sees the first.  One that waits for another (``queueing``)
is enrolled as well.
"""

import uuid
from collections.abc import Sequence
from enum import StrEnum

import sqlalchemy as sa

from runtime import naming
from runtime.db import Transaction
from runtime.errors import Conflict, in_a_line
from runtime.models import (
    OPEN_FOLLOW_UP,
    OPEN_TASK,
    Agent,
    AgentKind,
    Contact,
    FollowUp,
    FollowUpStatus,
    Message,
    MessageStatus,
    Task,
    TaskStatus,
    Timer,
)

OVER = (TaskStatus.CANCELLED, TaskStatus.ESCALATED, TaskStatus.FAILED)
"""States in which a task writes to nobody unless a person sets it going again."""
MOST_WARNINGS = 5


class IfEnrolled(StrEnum):
    """What becomes of a task for a contact who is being written to already.

    REFUSE it; QUEUE_AFTER: it begins when the other is over; REPLACE: the other is cancelled.
    """

    REFUSE = "REFUSE"
    QUEUE_AFTER = "QUEUE_AFTER"
    REPLACE = "REPLACE"


def name(task_id: uuid.UUID) -> str:
    """Return what a task is called where people are told of it."""
    return naming.global_id("Task", task_id)


def others(
    tx: Transaction, contact_id: uuid.UUID, *, besides: uuid.UUID | None = None
) -> Sequence[Task]:
    """Return the tasks that write to a contact, or wait to, the oldest first."""
    return tx.scalars(
        sa.select(Task)
        .where(
            Task.workspace_id == tx.workspace_id,
            Task.contact_id == contact_id,
            Task.id.is_distinct_from(besides),
            enrols(),
        )
        .order_by(Task.id)
        .execution_options(populate_existing=True)
    ).all()


def in_front_of(tx: Transaction, task: Task) -> Task | None:
    """Return what a waiting task still waits for: what writes already, or waited before it."""
    rivals = others(tx, task.contact_id, besides=task.id) if task.contact_id else ()
    return next((t for t in rivals if t.queued_after_id is None or t.id < task.id), None)


def writing_beside(tx: Transaction, task: Task) -> Task | None:
    """Return another task that writes to the same contact, if one does; those that wait do not."""
    rivals = others(tx, task.contact_id, besides=task.id) if task.contact_id else ()
    return next((rival for rival in rivals if rival.queued_after_id is None), None)


def refuse_beside_another(
    tx: Transaction, task: Task, step: FollowUp | None = None, *, field: str
) -> None:
    """Raise Conflict if a task that is over would be set going beside another one."""
    at_rest = step.status is FollowUpStatus.FAILED if step else task.status in OVER
    if at_rest and task.contact_id:
        refuse_while_enrolled(tx, task.contact_id, besides=task.id, field=field)


def refuse_while_enrolled(
    tx: Transaction, contact_id: uuid.UUID, *, besides: uuid.UUID | None = None, field: str
) -> None:
    """Raise Conflict, naming the task, if a contact is being written to already."""
    for other in others(tx, contact_id, besides=besides)[:1]:
        raise Conflict(
            f"The contact is being written to already, by task {name(other.id)} ({other.status}): "
            f"“{in_a_line(other.instruction, limit=80)}”. See it through, or cancel it first; a "
            "new task may also wait for it (QUEUE_AFTER) or take its place (REPLACE).",
            code="ALREADY_ENROLLED",
            field=field,
        )


def at_the_same_company(tx: Transaction, task: Task) -> list[str]:
    """Return what to warn of: others of the contact's company who are being written to."""
    contact = tx.find(Contact, task.contact_id) if task.contact_id else None
    company = (contact.company or "").strip() if contact else ""
    if contact is None or not company:
        return []
    rows = tx.execute(
        sa.select(Contact.name, Task.id)
        .join(Task, sa.and_(Task.workspace_id == tx.workspace_id, Task.contact_id == Contact.id))
        .where(
            Contact.workspace_id == tx.workspace_id,
            Contact.id != contact.id,
            sa.func.lower(sa.func.btrim(Contact.company)) == sa.func.lower(company),
            enrols(),
        )
        .order_by(Task.id)
        .limit(MOST_WARNINGS)
    )
    return [
        f"{row.name}, also at {company}, is being written to by task {name(row.id)}."
        for row in rows
    ]


def enrols() -> sa.ColumnElement[bool]:
    """Match tasks that write, wait to, or have a step, a wait or a message still before them.

    The research agent's never do.
    """

    def has(model: type[FollowUp | Timer | Message], *where: sa.ColumnElement[bool]) -> sa.Exists:
        mine = (model.workspace_id == Task.workspace_id, model.task_id == Task.id)
        return sa.exists().where(*mine, *where)

    going_on = sa.or_(
        has(FollowUp, FollowUp.status.in_((*OPEN_FOLLOW_UP, FollowUpStatus.UNKNOWN))),
        has(Timer),
        has(Message, Message.status == MessageStatus.READY),
    )
    reads_only = sa.exists().where(
        Agent.workspace_id == Task.workspace_id,
        Agent.id == Task.agent_id,
        Agent.kind == AgentKind.RESEARCH,
    )
    under_way = sa.or_(
        Task.status.in_(OPEN_TASK), sa.and_(Task.status == TaskStatus.COMPLETED, going_on)
    )
    return sa.and_(under_way, ~reads_only)
