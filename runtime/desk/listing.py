"""Listing: an address or a whole domain onto the suppression list, whoever is behind it.

For people who are no contacts, and for companies that want no mail from here at all.
"""

import sqlalchemy as sa

from runtime.crm import erased, suppression
from runtime.crm.addresses import normalise
from runtime.db import Transaction
from runtime.desk import contacts
from runtime.desk.words import required
from runtime.errors import Refused
from runtime.models import Contact, Suppression


def add(tx: Transaction, *, who: str, address: str, reason: str) -> Suppression:
    """Put ``a@example.org`` or ``@example.org`` on the list; there already, it stays as it is.

    A contact with this address is left alone as by ``contacts.suppress``.  Those of a domain keep
    their state: nobody new is assigned to them, and the gate refuses what would go there.
    """
    why = required(reason, "reason", longest=500)
    email = _normalised(address)
    erased.refuse(tx, email, field="address")
    known = sa.select(Contact.id).where(
        Contact.workspace_id == tx.workspace_id, Contact.email == email
    )
    if (contact_id := tx.scalar(known)) is not None:
        contacts.suppress(tx, who=who, contact_id=contact_id, reason=why)
    elif suppression.suppress(tx, email, reason=why, source=f"person:{who}"):
        tx.record("suppression.added", f"{who} suppressed {email}: {why}", actor=who, reason=why)
    return tx.scalars(
        sa.select(Suppression).where(
            Suppression.workspace_id == tx.workspace_id, Suppression.email == email
        )
    ).one()


def _normalised(address: str) -> str:
    """Return an address, or a domain behind its @, in the one spelling of each."""
    text = address.strip()
    if not text.startswith("@"):
        return normalise(text, field="address")
    try:
        return suppression.domain(normalise(f"anybody{text}", field="address"))
    except Refused:
        raise Refused(
            "Write an address such as a@example.org, or a domain such as @example.org.",
            code="INVALID_ADDRESS",
            field="address",
        ) from None
