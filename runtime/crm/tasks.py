"""Tasks: their row is the lock of all that hangs on them, and each change of state is an event."""

import uuid
from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from runtime.crm import enrolment, queueing
from runtime.db import Transaction
from runtime.errors import NotFound, in_a_line
from runtime.models import Contact, Task, TaskStatus


def wanted(
    tx: Transaction, task_id: object, *, field: str = "taskId", whole_contact: bool = False
) -> Task:
    """Lock and return a task, or raise NotFound naming ``field``.

    ``whole_contact``: lock its contact first, as all do who look at a contact's other tasks.
    """
    if whole_contact and (seen := tx.find(Task, task_id)) and seen.contact_id:
        tx.find(Contact, seen.contact_id, lock=True)
    task = tx.find(Task, task_id, lock=True)
    if task is None:
        raise NotFound("There is no task with this id here.", field=field)
    return task


def lock(
    tx: Transaction, ids: Iterable[uuid.UUID], *, skip_locked: bool = False
) -> dict[uuid.UUID, Task]:
    """Lock tasks in the order of their ids, as all do who lock more than one.

    ``skip_locked``: wait for nobody, and leave out what somebody else holds.
    """
    rows = tx.scalars(
        sa.select(Task)
        .where(Task.workspace_id == tx.workspace_id, Task.id.in_(set(ids)))
        .order_by(Task.id)
        .with_for_update(key_share=True, skip_locked=skip_locked)
        .execution_options(populate_existing=True)
    )
    return {task.id: task for task in rows}


def lock_of_contact(tx: Transaction, contact: Contact) -> Sequence[Task]:
    """Lock and return all tasks of a contact, in the order of their ids."""
    return lock_of_contacts(tx, [contact])


def lock_of_contacts(tx: Transaction, contacts: Iterable[Contact]) -> Sequence[Task]:
    """Lock and return all tasks of several contacts, in the order of the tasks' ids."""
    ids = [contact.id for contact in contacts]
    return tx.scalars(
        sa.select(Task)
        .where(Task.workspace_id == tx.workspace_id, Task.contact_id.in_(ids))
        .order_by(Task.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()


def move(
    tx: Transaction, task: Task, status: TaskStatus, event: str, summary: str, *, actor: str
) -> None:
    """Give a locked task a new state; what was wrong with it before is over."""
    task.status, task.updated_at = status, tx.now
    task.error_code = task.error_message = task.retry_at = None
    tx.record(event, summary, actor=actor, task=task, status=status.value)
    if status in enrolment.OVER:
        queueing.knock(tx, task.contact_id)


def fail(
    tx: Transaction, task: Task, status: TaskStatus, code: str, message: str, *, actor: str
) -> None:
    """Stop a locked task in FAILED or BLOCKED, saying why."""
    task.status, task.updated_at, task.retry_at = status, tx.now, None
    task.error_code, task.error_message = code, in_a_line(message)
    tx.record(
        f"task.{status.value.lower()}",
        task.error_message,
        actor=actor,
        task=task,
        status=status.value,
        code=code,
    )
    if status in enrolment.OVER:
        queueing.knock(tx, task.contact_id)
