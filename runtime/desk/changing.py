"""Changing a contact: what is known of somebody, their address too, under the rules it brings.

Another address makes nobody writable again who asked to be left alone, or was left alone
by us: that is about the person.  A bounce was about the old address only.
"""

import uuid
from collections.abc import Mapping

import sqlalchemy as sa

from runtime.crm import contacts, erased, suppression, tasks
from runtime.crm.addresses import normalise
from runtime.crm.contact_fields import clean
from runtime.db import Transaction
from runtime.errors import Refused
from runtime.mail import stopping
from runtime.models import Contact, ContactStatus

_ABOUT_THE_ADDRESS = (*contacts.MAY_BE_WRITTEN_TO, ContactStatus.BOUNCED)


def change(
    tx: Transaction, *, who: str, contact_id: uuid.UUID, changes: Mapping[str, str | None]
) -> Contact:
    """Set fields of a contact (names of its columns); None or a blank empties one.

    Only what differs is written, and is an event; nothing of an erased contact is.  A mail that
    was approved for the old address is refused by the gate, and goes nowhere.
    """
    new = {field: _value(field, text) for field, text in changes.items()}
    contact = contacts.wanted(tx, contact_id, lock=True)
    erased.refuse_contact(contact)
    changed = sorted(f for f, value in new.items() if getattr(contact, f) != value)
    if not changed:
        return contact
    if "email" in changed:
        _move(tx, contact, str(new["email"]), who=who)
    for field in changed:
        setattr(contact, field, new[field])
    contact.updated_at = tx.now
    tx.record(
        "contact.updated",
        f"{who} changed {contact.name}'s {', '.join(changed).replace('_', ' ')}.",
        actor=who,
        contact=contact,
        fields=changed,
    )
    return contact


def _value(field: str, text: str | None) -> str | None:
    return normalise(text or "") if field == "email" else clean(field, text)


def _move(tx: Transaction, contact: Contact, email: str, *, who: str) -> None:
    """Give a locked contact another address, and the list's word on either."""
    erased.refuse(tx, email)
    _refuse_if_taken(tx, email)
    listed = suppression.entry(tx, email)
    if contact.status not in _ABOUT_THE_ADDRESS:
        if (known := suppression.entry(tx, contact.email)) is not None:
            suppression.suppress(tx, email, reason=known.reason, source=known.source)
    elif listed is not None:
        contact.status = ContactStatus.DO_NOT_CONTACT
        reason = f"The new address is suppressed: {listed.reason}"
        tasks.lock_of_contact(tx, contact)
        stopping.left_alone(tx, contact, reason=reason, actor=who)
    elif contact.status is ContactStatus.BOUNCED:
        contact.status = ContactStatus.REPLIED if contact.replied_at else ContactStatus.ACTIVE


def _refuse_if_taken(tx: Transaction, email: str) -> None:
    query = sa.select(Contact.id).where(
        Contact.workspace_id == tx.workspace_id, Contact.email == email
    )
    if tx.scalar(query) is not None:
        raise Refused(
            f"There already is a contact with the address {email}.",
            code="CONTACT_EXISTS",
            field="email",
        )
