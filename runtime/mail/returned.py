"""Returned: what follows when a mail bounced, was complained about or was given up.

Runs under the locks that ``delivery`` took: for the first two the contact's, and
those of all its tasks.
"""

from runtime.crm import contacts, escalations, suppression, tasks
from runtime.db import Transaction
from runtime.mail import follow_ups, stopping
from runtime.models import (
    Contact,
    ContactStatus,
    DeliveryStatus,
    EscalationKind,
    FollowUp,
    FollowUpStatus,
    SentEmail,
    Task,
    TaskStatus,
)

STOPS = (DeliveryStatus.BOUNCED, DeliveryStatus.COMPLAINED)
"""States after which nothing more may go to where the mail went."""

_BOUNCED, _COMPLAINED = "resend:bounced", "resend:complained"


def leave_alone(
    tx: Transaction,
    contact: Contact,
    mail: SentEmail,
    status: DeliveryStatus,
    *,
    why: str,
    actor: str,
) -> None:
    """Suppress the address and stop everything open for the contact; again, it changes nothing.

    A bounce is about an address: a contact who has another one by now is not stopped.
    A complaint is about us.
    """
    complained = status is DeliveryStatus.COMPLAINED
    if complained:
        _tell(tx, contact, mail, why=why, actor=actor)
    source = _COMPLAINED if complained else _BOUNCED
    if not suppression.suppress(tx, mail.to, reason=why, source=source) and complained:
        suppression.restate(tx, mail.to, reason=why, source=source, instead_of=_BOUNCED)
    if complained or contact.email == mail.to:
        stop(tx, contact, status, why=why, actor=actor)


def stop(
    tx: Transaction, contact: Contact, status: DeliveryStatus, *, why: str, actor: str
) -> None:
    """Write no more to a contact whose mail bounced or who complained, and end what is open."""
    complained = status is DeliveryStatus.COMPLAINED
    worse = complained and contact.status is ContactStatus.BOUNCED
    if worse or contact.status in contacts.MAY_BE_WRITTEN_TO:
        contact.status = ContactStatus.COMPLAINED if complained else ContactStatus.BOUNCED
        contact.updated_at = tx.now
        summary = f"{contact.name} is left alone: {why}"
        tx.record("contact.suppressed", summary, actor=actor, contact=contact)
    stopping.left_alone(tx, contact, reason=why, actor=actor)


def _tell(tx: Transaction, contact: Contact, mail: SentEmail, *, why: str, actor: str) -> None:
    """Tell a person of a complaint: few of them end an account."""
    escalations.ask(
        tx,
        EscalationKind.QUESTION,
        f"{why} {contact.name} gets no more mail. Find out why they were written to.",
        dedup_key=f"complained:{mail.id}",
        actor=actor,
        task=tasks.wanted(tx, mail.task_id),
        sent=mail,
    )


def given_up(tx: Transaction, mail: SentEmail, task: Task, *, why: str, actor: str) -> None:
    """Stop where a mail was given up that the provider had taken, and ask a person.

    Under its key the provider would only repeat that it took it.
    """
    if mail.follow_up_id is not None:
        step = tx.get_one(FollowUp, (tx.workspace_id, mail.follow_up_id))
        summary = f"Follow-up {step.step} failed: {why}"
        follow_ups.move(tx, step, FollowUpStatus.FAILED, actor=actor, summary=summary, reason=why)
    elif task.status is not TaskStatus.CANCELLED:
        tasks.fail(tx, task, TaskStatus.FAILED, "MAIL_GIVEN_UP", why, actor=actor)
    follow_ups.cancel_open(tx, task, reason=why, actor=actor)
    escalations.ask(
        tx,
        EscalationKind.AGENT_FAILED,
        f"{why} Look into the provider's account; nothing is sent again by itself.",
        dedup_key=f"given_up:{mail.id}",
        actor=actor,
        task=task,
        sent=mail,
    )
