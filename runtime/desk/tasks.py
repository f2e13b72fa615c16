"""What a person may do with a task: assign it, cancel it, have it tried again."""

import uuid

import sqlalchemy as sa

from runtime import mailbox, outbox
from runtime.crm import contacts, suppression, tasks, team
from runtime.db import Transaction
from runtime.desk.words import required
from runtime.errors import Conflict, Refused
from runtime.mail import follow_ups, stopping
from runtime.messages import TaskAssigned, TaskRetried
from runtime.models import (
    OPEN_TASK,
    AgentKind,
    DeliveryStatus,
    Priority,
    SentEmail,
    Task,
    TaskStatus,
    new_id,
)

LONGEST_INSTRUCTION = 10_000


def assign(
    tx: Transaction,
    *,
    who: str,
    agent_id: uuid.UUID,
    contact_id: uuid.UUID | None,
    instruction: str,
    priority: Priority = Priority.NORMAL,
) -> Task:
    """Hand an agent a task.  Once this commits, the task is never lost."""
    agent = team.wanted(tx, agent_id)
    text = required(instruction, "instruction", longest=LONGEST_INSTRUCTION)
    if agent.kind is not AgentKind.OUTREACH:
        raise Refused(
            f"{agent.name} takes no tasks: give them to the outreach agent.", field="agentId"
        )
    if contact_id is None:
        raise Refused("The outreach agent needs to know whom to write to.", field="contactId")
    contact = contacts.wanted(tx, contact_id, lock=True)
    contacts.refuse_unless_writable(contact)
    contacts.refuse_without_basis(tx, contact)
    if (why := suppression.why(tx, contact.email)) is not None:
        raise Refused(
            f"{contact.email} is suppressed: {why}", code="CONTACT_SUPPRESSED", field="contactId"
        )
    task = tx.insert(
        Task,
        id=new_id(),
        agent_id=agent.id,
        contact_id=contact.id,
        instruction=text,
        status=TaskStatus.QUEUED,
        priority=priority,
        correlation_id=new_id(),
        created_at=tx.now,
        updated_at=tx.now,
    )
    tx.flush()
    said = TaskAssigned(task_id=task.id)
    mailbox.post(tx, said, to=agent.kind, sender=mailbox.PERSON, task=task)
    tx.record("task.assigned", f"{agent.name} is to write to {contact.name}.", actor=who, task=task)
    return task


def cancel(tx: Transaction, *, who: str, task_id: uuid.UUID, reason: str | None = None) -> Task:
    """End a task and all that hangs on it; Conflict if a mail may already be on its way."""
    task = tasks.wanted(tx, task_id)
    if task.status is TaskStatus.CANCELLED:
        raise Conflict("The task is cancelled already.", field="taskId")
    if any(call.in_doubt for call in outbox.open_calls(tx, task.id)):
        raise Conflict(
            "A mail of this task is just being sent; see what came of it.", field="taskId"
        )
    why = (reason or "").strip()[:500] or f"{who} cancelled it."
    stopped = follow_ups.cancel_open(tx, task, reason=why, actor=who)
    if task.status in (TaskStatus.COMPLETED, TaskStatus.ESCALATED) and not stopped:
        raise Conflict("The task is done: nothing of it is left to cancel.", field="taskId")
    stopping.end(tx, task, reason=why, actor=who)
    return task


def retry(tx: Transaction, *, who: str, task_id: uuid.UUID) -> Task:
    """Have a stopped task go on from where it stopped."""
    task = tasks.wanted(tx, task_id)
    unsettled = tx.scalar(
        sa.select(
            sa.exists().where(
                SentEmail.workspace_id == tx.workspace_id,
                SentEmail.task_id == task.id,
                SentEmail.status == DeliveryStatus.UNKNOWN,
            )
        )
    )
    if unsettled:
        raise Conflict(
            "It is not known whether the mail left: settle its escalation first.",
            code="OUTCOME_UNKNOWN",
            field="taskId",
        )
    if task.status not in (TaskStatus.FAILED, TaskStatus.BLOCKED):
        hint = "" if task.status in OPEN_TASK else " A stopped follow-up is resumed by itself."
        raise Conflict(
            f"Only a FAILED or BLOCKED task can be tried again; this one is {task.status}.{hint}",
            field="taskId",
        )
    contacts.refuse_unless_writable(contacts.wanted(tx, task.contact_id))
    tasks.move(tx, task, TaskStatus.QUEUED, "task.retried", f"{who} has it tried again.", actor=who)
    mailbox.post(
        tx,
        TaskRetried(task_id=task.id),
        to=AgentKind.OUTREACH,
        sender=mailbox.PERSON,
        task=task,
    )
    return task
