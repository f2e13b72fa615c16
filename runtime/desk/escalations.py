"""What a person may do with an escalation: close it, extend the follow-ups, settle an outcome."""

import uuid
from enum import StrEnum

from runtime import mailbox
from runtime.crm import contacts, enrolment, escalations, tasks
from runtime.crm.team import MOST_STEPS
from runtime.db import Transaction
from runtime.errors import Conflict, NotFound, Refused
from runtime.mail import follow_ups, pace, sent, settling
from runtime.messages import StepsExtended
from runtime.models import (
    AgentKind,
    DeliveryStatus,
    Escalation,
    EscalationKind,
    FollowUp,
    FollowUpStatus,
    SentEmail,
    Task,
    TaskStatus,
)


class EscalationAction(StrEnum):
    """SENT and NOT_SENT settle an unknown outcome, EXTEND an unanswered task, CLOSE any other."""

    CLOSE = "CLOSE"
    EXTEND = "EXTEND"
    SENT = "SENT"
    NOT_SENT = "NOT_SENT"


_FITS = {
    EscalationKind.NO_ANSWER: (EscalationAction.CLOSE, EscalationAction.EXTEND),
    EscalationKind.OUTCOME_UNKNOWN: (EscalationAction.SENT, EscalationAction.NOT_SENT),
    EscalationKind.AGENT_FAILED: (EscalationAction.CLOSE,),
    EscalationKind.QUESTION: (EscalationAction.CLOSE,),
}


def resolve(
    tx: Transaction,
    *,
    who: str,
    escalation_id: uuid.UUID,
    action: EscalationAction,
    steps: int | None = None,
    note: str | None = None,
) -> Escalation:
    """Settle an escalation, once."""
    escalation, task = _locked(tx, escalation_id)
    if escalation.resolved_at is not None:
        raise Conflict("This question is settled already.", field="escalationId")
    if action not in _FITS[escalation.kind]:
        fit = " or ".join(_FITS[escalation.kind])
        raise Refused(f"A {escalation.kind} question is settled by {fit}.", field="action")
    if action is EscalationAction.EXTEND:
        _extend(tx, task, steps, who=who)
    elif action is EscalationAction.SENT:
        _it_was_sent(tx, _sent(tx, escalation), task, who=who)
    elif action is EscalationAction.NOT_SENT:
        _it_was_not_sent(tx, _sent(tx, escalation), task, who=who)
    escalation.resolved_at, escalation.resolved_by = tx.now, who
    extra = (note or "").strip()[:1000]
    escalation.resolution = action.value + (f": {extra}" if extra else "")
    escalations.record_settled(tx, escalation)
    return escalation


def _locked(tx: Transaction, escalation_id: uuid.UUID) -> tuple[Escalation, Task | None]:
    """Lock contact and task first, as everybody does, then the escalation."""
    seen = tx.find(Escalation, escalation_id)
    if seen is None:
        raise NotFound("There is no escalation with this id here.", field="escalationId")
    task = tasks.wanted(tx, seen.task_id, whole_contact=True) if seen.task_id else None
    tx.refresh(seen, with_for_update={"key_share": True})
    return seen, task


def _extend(tx: Transaction, task: Task | None, steps: int | None, *, who: str) -> None:
    if steps is None or not 1 <= steps <= MOST_STEPS:
        raise Refused(f"Say how many more steps, 1 to {MOST_STEPS}.", field="steps")
    if task is None or task.status is not TaskStatus.ESCALATED:
        raise Conflict("The task is no longer waiting for an answer.", field="escalationId")
    # The agent would find out as well, but nobody would hear of it.
    contacts.refuse_unless_writable(contacts.wanted(tx, task.contact_id), field="escalationId")
    enrolment.refuse_beside_another(tx, task, field="escalationId")
    summary = f"{who} asked for {steps} more follow-ups."
    tasks.move(tx, task, TaskStatus.COMPLETED, "task.extended", summary, actor=who)
    said = StepsExtended(task_id=task.id, steps=steps)
    mailbox.post(tx, said, to=AgentKind.FOLLOW_UP, sender=mailbox.PERSON, task=task)


def _it_was_sent(tx: Transaction, mail: SentEmail, task: Task | None, *, who: str) -> None:
    """Go on as if the transport had said so; the time of the mail is that of the try."""
    at = mail.sent_at or sent.tried_at(tx, mail)
    settling.as_sent(tx, mail, task, who=who, sender=mailbox.PERSON, at=at)


def _it_was_not_sent(tx: Transaction, mail: SentEmail, task: Task | None, *, who: str) -> None:
    """Stop where a person can have it tried again; its place under the caps is free again."""
    pace.give_back(tx, mail)
    mail.status = DeliveryStatus.FAILED
    why = f"{who} found that the mail did not leave."
    if mail.follow_up_id is None:
        if task is not None and task.status is not TaskStatus.CANCELLED:
            tasks.fail(tx, task, TaskStatus.FAILED, "NOT_SENT", why, actor=who)
        return
    step = tx.get_one(FollowUp, (tx.workspace_id, mail.follow_up_id))
    summary = f"Follow-up {step.step} failed: {why}"
    follow_ups.move(tx, step, FollowUpStatus.FAILED, actor=who, summary=summary, reason=why)


def _sent(tx: Transaction, escalation: Escalation) -> SentEmail:
    return tx.get_one(SentEmail, (tx.workspace_id, escalation.sent_email_id))
