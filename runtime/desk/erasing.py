"""Erasing a contact (GDPR, article 17): an owner's business, asked twice, and not taken back.

What stays is that there was a contact, what was done with it and when; and a digest of
each address, so that nobody brings the person in again by mistake.
"""

import re
import uuid

import sqlalchemy as sa

from runtime import outbox
from runtime.crm import contacts, escalations, forgetting, tasks, traces
from runtime.crm.pipeline import recommendations
from runtime.crm.traces import Person
from runtime.db import Transaction
from runtime.desk.words import required
from runtime.errors import Conflict, Refused
from runtime.mail import stopping
from runtime.models import Contact, ContactStatus, DeliveryStatus, SentEmail, Task

LONGEST_REASON = 500
_WHY = "The contact was erased."


def erase(
    tx: Transaction, *, who: str, contact_id: uuid.UUID, confirm_email: str, reason: str
) -> Contact:
    """Stop everything for a person and forget who it was, in one transaction.

    Conflict while a mail to them may be on its way, or nobody knows whether it left: its
    outcome could no longer be found out.  Erased already, it is refused too.
    """
    why = required(reason, "reason", longest=LONGEST_REASON)
    recommendations.lock_of_contact(tx, contact_id)
    contact = contacts.wanted(tx, contact_id, lock=True)
    if contact.erased_at is not None:
        raise Conflict("The contact is erased already.", field="contactId")
    if confirm_email.strip().lower() != contact.email:
        raise Refused(
            "Write the contact's address to confirm: what is erased cannot be brought back.",
            code="NOT_CONFIRMED",
            field="confirmEmail",
        )
    person = traces.person(tx, contact)
    _refuse_a_reason_that_names(contact, person, why)
    for task in tasks.lock_of_contact(tx, contact):
        _refuse_in_doubt(tx, task)
    escalations.settle_of_contact(tx, contact, _WHY, by=who)
    stopping.left_alone(tx, contact, reason=_WHY, actor=who)
    contact.status = ContactStatus.DO_NOT_CONTACT
    tx.flush()
    forgetting.forget(tx, contact, person)
    tx.record("contact.erased", f"{who} erased a contact: {why}", actor=who, contact=contact)
    return contact


def _refuse_a_reason_that_names(contact: Contact, person: Person, reason: str) -> None:
    said = reason.casefold()
    names = {part for part in re.findall(r"\w+", contact.name.casefold()) if len(part) > 2}
    if names & set(re.findall(r"\w+", said)) or any(email in said for email in person.emails):
        raise Refused(
            "The reason stays on record: leave the person's name and address out of it.",
            code="NAMES_THE_PERSON",
            field="reason",
        )


def _refuse_in_doubt(tx: Transaction, task: Task) -> None:
    if any(call.in_doubt for call in outbox.open_calls(tx, task.id)):
        raise Conflict(
            "A mail to this contact is just being sent; see what came of it, then erase.",
            code="MAIL_IN_DOUBT",
            field="contactId",
        )
    unsettled = sa.select(SentEmail.id).where(
        SentEmail.workspace_id == tx.workspace_id,
        SentEmail.task_id == task.id,
        SentEmail.status == DeliveryStatus.UNKNOWN,
    )
    if tx.scalars(unsettled).first() is not None:
        raise Conflict(
            "It is not known whether a mail to this contact left: settle the question first.",
            code="OUTCOME_UNKNOWN",
            field="contactId",
        )
