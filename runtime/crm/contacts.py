"""Contacts: looked up for others, so that what is not there is said in one way."""

import uuid
from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from runtime.crm import workspaces
from runtime.db import Transaction
from runtime.errors import NotFound, Refused
from runtime.models import Contact, ContactStatus

MAY_BE_WRITTEN_TO = (ContactStatus.ACTIVE, ContactStatus.REPLIED)


def wanted(tx: Transaction, contact_id: object, *, lock: bool = False) -> Contact:
    """Return a contact, or raise NotFound on ``contactId``."""
    contact = tx.find(Contact, contact_id, lock=lock)
    if contact is None:
        raise NotFound("There is no contact with this id here.", field="contactId")
    return contact


def lock(tx: Transaction, ids: Iterable[uuid.UUID]) -> Sequence[Contact]:
    """Lock contacts in the order of their ids, as all do who lock more than one."""
    return tx.scalars(
        sa.select(Contact)
        .where(Contact.workspace_id == tx.workspace_id, Contact.id.in_(set(ids)))
        .order_by(Contact.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()


def refuse_unless_writable(contact: Contact, *, field: str = "contactId") -> None:
    """Raise Refused, naming ``field``, if this person must be left alone."""
    if contact.status not in MAY_BE_WRITTEN_TO:
        state = contact.status.value.lower().replace("_", " ")
        raise Refused(
            f"{contact.email} must not be written to: the contact is {state}.",
            code="CONTACT_SUPPRESSED",
            field=field,
        )


def lacks_basis(tx: Transaction, contact: Contact) -> bool:
    """Tell whether the workspace wants to know why this person may be written to, and does not."""
    return workspaces.settings(tx).require_lawful_basis and contact.lawful_basis is None


def refuse_without_basis(tx: Transaction, contact: Contact) -> None:
    """Raise Refused on ``contactId`` if a lawful basis is required, and this contact has none."""
    if lacks_basis(tx, contact):
        raise Refused(
            f"It is not said why {contact.name} may be written to: set the contact's lawfulBasis.",
            code="NO_LAWFUL_BASIS",
            field="contactId",
        )
