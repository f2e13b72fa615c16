"""Listing: addresses and whole domains onto the suppression list, whoever is behind them.

For people who are no contacts, for companies that want no mail from here at all, and for
the lists that were kept somewhere else before.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from runtime.crm import erased, suppression
from runtime.crm.contact_csv import Failure
from runtime.crm.contacts import MAY_BE_WRITTEN_TO
from runtime.crm.suppression_csv import SuppressionSheet
from runtime.db import Transaction
from runtime.desk import contacts
from runtime.desk.words import required
from runtime.models import Contact, Suppression, new_id

LONGEST_REASON = 500
_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Listed:
    """What became of a file: new on the list, there already, and lines that are no address."""

    added: int
    known: int
    failed: Sequence[Failure]


def add(tx: Transaction, *, who: str, address: str, reason: str) -> Suppression:
    """Put ``a@example.org`` or ``@example.org`` on the list; there already, it stays as it is.

    A contact with this address is left alone as by ``contacts.suppress``.  Those of a domain keep
    their state: nobody new is assigned to them, and the gate refuses what would go there.
    """
    why = required(reason, "reason", longest=LONGEST_REASON)
    email = suppression.listed(address, field="address")
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


def add_all(tx: Transaction, *, who: str, sheet: SuppressionSheet, reason: str) -> Listed:
    """Put all of a file on the list, and leave alone whoever of it is a contact.

    Once more, it adds nothing.  An erased person's address is on the list as its digest already.
    """
    why = required(reason, "reason", longest=LONGEST_REASON)
    gone = erased.among(tx, sheet.emails)
    emails = sorted(email for email in sheet.emails if email not in gone)
    added = 0
    for start in range(0, len(emails), _BATCH):
        batch = emails[start : start + _BATCH]
        added += _store(tx, batch, why, source=f"import:{who}")
        for contact_id in _contacts(tx, batch):
            contacts.suppress(tx, who=who, contact_id=contact_id, reason=why)
    known, failed = len(sheet.emails) - added, len(sheet.failures)
    tx.record(
        "suppressions.imported",
        f"{who} imported a suppression list: {added} added, {known} known, {failed} failed.",
        actor=who,
        added=added,
        known=known,
        failed=failed,
        reason=why,
    )
    return Listed(added, known, sheet.failures)


def _store(tx: Transaction, emails: Sequence[str], reason: str, *, source: str) -> int:
    rows = [
        {
            "workspace_id": tx.workspace_id,
            "id": new_id(),
            "email": email,
            "reason": reason,
            "source": source,
            "created_at": tx.now,
        }
        for email in emails
    ]
    stored = insert(Suppression).values(rows).on_conflict_do_nothing().returning(Suppression.id)
    return len(tx.scalars(stored).all())


def _contacts(tx: Transaction, emails: Sequence[str]) -> Sequence[uuid.UUID]:
    """Return the contacts among them that may still be written to, in one order for all."""
    return tx.scalars(
        sa.select(Contact.id)
        .where(
            Contact.workspace_id == tx.workspace_id,
            Contact.email.in_(emails),
            Contact.status.in_(MAY_BE_WRITTEN_TO),
        )
        .order_by(Contact.id)
    ).all()
