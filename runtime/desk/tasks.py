"""What a person may do with a task: assign it, cancel it, have it tried again."""

import uuid

from runtime import mailbox, outbox
from runtime.crm import contacts, enrolment, opportunities, queueing, suppression, tasks, team
from runtime.crm.enrolment import IfEnrolled
from runtime.db import Transaction
from runtime.desk import enrolling
from runtime.desk.words import required
from runtime.errors import Conflict, Refused
from runtime.mail import follow_ups, merge, sent, stopping
from runtime.messages import Briefing, TaskAssigned, TaskRetried
from runtime.models import (
    OPEN_TASK,
    AgentKind,
    Opportunity,
    Priority,
    Task,
    TaskStatus,
    new_id,
)

LONGEST_INSTRUCTION = 10_000
TAKES_TASKS = (AgentKind.OUTREACH, AgentKind.RESEARCH)


def assign(
    tx: Transaction,
    *,
    who: str,
    agent_id: uuid.UUID,
    contact_id: uuid.UUID | None,
    instruction: str,
    priority: Priority = Priority.NORMAL,
    opportunity_id: uuid.UUID | None = None,
    if_enrolled: IfEnrolled = IfEnrolled.REFUSE,
    colleague: bool = False,
    research: bool | None = None,
    briefed_by: uuid.UUID | None = None,
) -> Task:
    """Hand an agent a task.  Once this commits, the task is never lost.

    Without a contact it is about that of the opportunity; only a ``colleague`` of theirs may
    be another.  A contact is written to by one task at a time: ``if_enrolled`` says what
    becomes of one more; the research agent's tasks write to nobody, and count for none.
    ``research``: whether facts are looked up before a mail is written; None, as the settings say.
    ``briefed_by``: the recommendation that it comes of, of which the agent is told.
    """
    agent = team.wanted(tx, agent_id)
    text = required(instruction, "instruction", longest=LONGEST_INSTRUCTION)
    if agent.kind not in TAKES_TASKS:
        raise Refused(
            f"{agent.name} takes no tasks: give them to the outreach or the research agent.",
            field="agentId",
        )
    deal = _deal(tx, opportunity_id, None if colleague else contact_id)
    contact_id = contact_id or (deal.contact_id if deal else None)
    if contact_id is None:
        need = "whom to write to" if agent.kind is AgentKind.OUTREACH else "whom it is about"
        raise Refused(f"{agent.name} needs to know {need}.", field="contactId")
    contact = contacts.wanted(tx, contact_id, lock=True)
    contacts.refuse_unless_writable(contact)
    contacts.refuse_without_basis(tx, contact)
    if (why := suppression.why(tx, contact.email)) is not None:
        raise Refused(
            f"{contact.email} is suppressed: {why}", code="CONTACT_SUPPRESSED", field="contactId"
        )
    # Kept as it was given; the writer is told it with the contact's words as they are then.
    merge.resolved(text, merge.values(contact, sender=who), field="instruction")
    writes = agent.kind is AgentKind.OUTREACH
    first = enrolling.make_room(tx, contact, if_enrolled, who=who) if writes else None
    task = tx.insert(
        Task,
        id=new_id(),
        agent_id=agent.id,
        contact_id=contact.id,
        opportunity_id=deal.id if deal else None,
        instruction=text,
        status=TaskStatus.QUEUED,
        priority=priority,
        correlation_id=new_id(),
        research=research,
        created_at=tx.now,
        updated_at=tx.now,
    )
    tx.flush()
    summary = f"{agent.name} is to {'write to' if writes else 'find out about'} {contact.name}."
    if first is not None:
        queueing.wait(tx, task, first)
        when = f"when task {enrolment.name(first.id)} is over"
        summary = f"{agent.name} is to write to {contact.name} {when}."
    elif briefed_by is not None:
        briefing = Briefing(task_id=task.id, recommendation_id=briefed_by, accepted_by=who)
        planning = mailbox.name_of(AgentKind.PLANNING)
        mailbox.post(tx, briefing, to=agent.kind, sender=planning, task=task)
    else:
        said = TaskAssigned(task_id=task.id)
        mailbox.post(tx, said, to=agent.kind, sender=mailbox.PERSON, task=task)
    tx.record("task.assigned", summary, actor=who, task=task)
    return task


def _deal(
    tx: Transaction, opportunity_id: uuid.UUID | None, contact_id: uuid.UUID | None
) -> Opportunity | None:
    """Return the open deal that a task is to serve, if one was named."""
    if opportunity_id is None:
        return None
    deal = opportunities.wanted(tx, opportunity_id)
    opportunities.refuse_closed(deal)
    if contact_id and deal.contact_id and contact_id != deal.contact_id:
        raise Refused(
            f"“{deal.title}” is with somebody else: leave the contact out, or the opportunity.",
            code="OTHER_CONTACT",
            field="contactId",
        )
    return deal


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
    waited = follow_ups.answer_awaited(tx, task) is not None
    stopped = follow_ups.cancel_open(tx, task, reason=why, actor=who)
    if task.status in (TaskStatus.COMPLETED, TaskStatus.ESCALATED) and not (stopped or waited):
        raise Conflict("The task is done: nothing of it is left to cancel.", field="taskId")
    stopping.end(tx, task, reason=why, actor=who)
    return task


def retry(tx: Transaction, *, who: str, task_id: uuid.UUID) -> Task:
    """Have a stopped task go on from where it stopped."""
    task = tasks.wanted(tx, task_id, whole_contact=True)
    if sent.any_unknown(tx, task):
        raise Conflict(
            "It is not known whether the mail left: settle the question first.",
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
    enrolment.refuse_beside_another(tx, task, field="taskId")
    tasks.move(tx, task, TaskStatus.QUEUED, "task.retried", f"{who} has it tried again.", actor=who)
    mailbox.post(
        tx,
        TaskRetried(task_id=task.id),
        to=team.wanted(tx, task.agent_id).kind,
        sender=mailbox.PERSON,
        task=task,
    )
    return task
