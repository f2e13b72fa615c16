"""Replies: what came from a contact, kept, and what it ends.

One way for all of them, told by a person or read from a mail.  Runs in one transaction,
under the contact's lock and those of all its tasks: what has not gone through the gate
by then never will under the approval it had.
"""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from runtime.crm import contacts, escalations, tasks
from runtime.db import Transaction
from runtime.mail import stopping
from runtime.models import (
    Approval,
    Confidence,
    Contact,
    ContactStatus,
    DeliveryStatus,
    Escalation,
    EscalationKind,
    InboundEmail,
    MatchedBy,
    Reply,
    SentEmail,
    new_id,
)


@dataclass(frozen=True, slots=True)
class Heard:
    """What came, and how sure we are whose it is.  ``sent``: the mail of ours it answers.

    ``received_at`` None: now.
    """

    kind: str
    text: str
    sent: SentEmail | None = None
    received_at: datetime | None = None
    matched_by: MatchedBy = MatchedBy.PERSON
    confidence: Confidence = Confidence.HIGH
    inbound: InboundEmail | None = None
    returns_on: date | None = None
    needs_review: bool = False


def answered(tx: Transaction, contact: Contact, heard: Heard, *, actor: str) -> Reply:
    """Keep a reply of a locked contact; every open step of theirs ends in the same commit."""
    tx.record(
        "reply.recorded",
        f"{contact.name} replied.",
        actor=actor,
        contact=contact,
        task=heard.sent.task_id if heard.sent else None,
    )
    stop(tx, contact, actor=actor)
    reply = keep(tx, contact, heard)
    tx.flush()
    _note_crossing(tx, contact, reply, actor=actor)
    return reply


def stop(tx: Transaction, contact: Contact, *, actor: str) -> None:
    """End what is open for a locked contact who answered; nothing more goes to them by itself."""
    stopping.answered(tx, contact, actor=actor)
    # Only now: a mail that left while this waited for its locks is none from before the reply.
    contact.replied_at = contact.updated_at = tx.moment()
    if contact.status in contacts.MAY_BE_WRITTEN_TO:
        contact.status = ContactStatus.REPLIED
    _close_unanswered(tx, contact, actor)


def keep(tx: Transaction, contact: Contact, heard: Heard) -> Reply:
    """Keep what came, and no more."""
    return tx.insert(
        Reply,
        id=new_id(),
        contact_id=contact.id,
        sent_email_id=heard.sent.id if heard.sent else None,
        inbound_email_id=heard.inbound.id if heard.inbound else None,
        kind=str(heard.kind),
        subject=heard.inbound.subject if heard.inbound else None,
        sender=heard.inbound.sender if heard.inbound else None,
        text=heard.text,
        matched_by=heard.matched_by,
        confidence=heard.confidence,
        crossed=False,
        needs_review=heard.needs_review,
        returns_on=heard.returns_on,
        received_at=heard.received_at or contact.replied_at or tx.moment(),
    )


def known_to_approver(tx: Transaction, contact: Contact, first: SentEmail) -> bool:
    """Tell whether a contact's last reply, if any, was there when the first mail was approved."""
    approved_at = tx.scalar(
        sa.select(sa.func.max(Approval.approved_at)).where(
            Approval.workspace_id == tx.workspace_id, Approval.draft_id == first.draft_id
        )
    )
    return contact.replied_at is None or contact.replied_at < (approved_at or first.created_at)


def _note_crossing(tx: Transaction, contact: Contact, reply: Reply, *, actor: str) -> None:
    """Mark a reply that a mail of ours crossed; one that is on its way cannot be called back."""
    crossing = tx.scalars(
        sa.select(SentEmail)
        .where(
            SentEmail.workspace_id == tx.workspace_id,
            SentEmail.contact_id == contact.id,
            SentEmail.id != (reply.sent_email_id or reply.id),
            sa.or_(
                SentEmail.status == DeliveryStatus.SENDING,
                SentEmail.sent_at > reply.received_at,
            ),
        )
        .limit(1)
    ).one_or_none()
    if crossing is None:
        return
    reply.crossed = True
    tx.record(
        "reply.crossed",
        f"“{crossing.subject}” left for {contact.name} as their reply came in; nothing follows it.",
        actor=actor,
        contact=contact,
        task=crossing.task_id,
        reply_id=reply.id,
        sent_email_id=crossing.id,
    )


def _close_unanswered(tx: Transaction, contact: Contact, who: str) -> None:
    """Settle what asked for a person because nobody had answered."""
    waiting = tx.scalars(
        sa.select(Escalation.task_id).where(
            Escalation.workspace_id == tx.workspace_id,
            Escalation.contact_id == contact.id,
            Escalation.kind == EscalationKind.NO_ANSWER,
            Escalation.resolved_at.is_(None),
        )
    ).all()
    for task in tasks.lock(tx, [id_ for id_ in waiting if id_]).values():
        escalations.settle_of_task(tx, task.id, "The contact replied.", by=who)
