"""What a person may do about a contact: add one, note a reply, have somebody left alone."""

import uuid

from sqlalchemy.dialects.postgresql import insert

from runtime.crm import contacts, erased, suppression
from runtime.crm.addresses import normalise
from runtime.crm.contact_fields import clean
from runtime.db import Transaction
from runtime.desk.words import required
from runtime.errors import NotFound, Refused
from runtime.mail import replies, stopping
from runtime.mail.replies import Heard
from runtime.models import Contact, ContactStatus, ReplyKind, SentEmail, new_id

LONGEST_REPLY = 50_000
_FIELDS = ("company", "title", "timezone", "country", "notes", "lawful_basis", "source")


def create(tx: Transaction, *, who: str, email: str, name: str, **optional: str | None) -> Contact:
    """Add somebody; an address is there once, and that of an erased person is not taken in.

    ``optional``: company, title, timezone, country, notes, lawful_basis, source.
    """
    address = normalise(email)
    suppressed = suppression.why(tx, address) is not None
    fields = {field: clean(field, optional.get(field)) for field in _FIELDS}
    fields["source"] = fields["source"] or f"Added by {who} on {tx.now:%Y-%m-%d}."
    contact = tx.scalars(
        insert(Contact)
        .values(
            workspace_id=tx.workspace_id,
            id=new_id(),
            email=address,
            name=clean("name", name),
            status=ContactStatus.DO_NOT_CONTACT if suppressed else ContactStatus.ACTIVE,
            created_at=tx.now,
            updated_at=tx.now,
            **fields,
        )
        .on_conflict_do_nothing()
        .returning(Contact)
    ).one_or_none()
    if contact is None:
        raise Refused(
            f"There already is a contact with the address {address}.",
            code="CONTACT_EXISTS",
            field="email",
        )
    # Only now: an erasure that this had to wait for is seen by what comes after the wait.
    erased.refuse(tx, address)
    tx.record("contact.created", f"{contact.name} was added.", actor=who, contact=contact)
    return contact


def record_reply(
    tx: Transaction,
    *,
    who: str,
    contact_id: uuid.UUID,
    text: str,
    sent_email_id: uuid.UUID | None = None,
) -> Contact:
    """Note that somebody answered: every open follow-up of theirs ends in the same commit."""
    said = required(text, "text", longest=LONGEST_REPLY)
    contact = contacts.wanted(tx, contact_id, lock=True)
    erased.refuse_contact(contact)
    sent = tx.find(SentEmail, sent_email_id) if sent_email_id else None
    if sent_email_id and (sent is None or sent.contact_id != contact.id):
        raise NotFound("There is no such mail to this contact.", field="sentEmailId")
    replies.answered(tx, contact, Heard(kind=ReplyKind.HUMAN, text=said, sent=sent), actor=who)
    return contact


def suppress(tx: Transaction, *, who: str, contact_id: uuid.UUID, reason: str) -> Contact:
    """Leave somebody alone from now on, whatever was approved; again, it changes nothing."""
    why = required(reason, "reason", longest=500)
    contact = contacts.wanted(tx, contact_id, lock=True)
    erased.refuse_contact(contact)
    suppression.suppress(tx, contact.email, reason=why, source=f"person:{who}")
    if contact.status in contacts.MAY_BE_WRITTEN_TO:
        contact.status, contact.updated_at = ContactStatus.DO_NOT_CONTACT, tx.now
        tx.record(
            "contact.suppressed", f"{contact.name} is left alone: {why}", actor=who, contact=contact
        )
    stopping.left_alone(tx, contact, reason=f"The contact is suppressed: {why}", actor=who)
    return contact
