"""Suppression: the addresses that get no mail, whatever a contact's row says.

An entry names one address, or a whole domain (``@example.org``), or, of somebody who was
erased, only the digest of an address: that one is known again and told to nobody.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from runtime.crm import erased
from runtime.crm.addresses import normalise
from runtime.db import Transaction
from runtime.errors import NotFound, Refused
from runtime.models import Contact, Suppression, new_id

UNSUBSCRIBE = "unsubscribe"
"""Source of what somebody asked for by the link in a mail."""

BOUNCES = ("bounce", "resend:bounced")
COMPLAINTS = ("complaint", "resend:complained")
"""How the sources begin by which an address is dead, or our mail was reported as spam."""

WISHES = (UNSUBSCRIBE, *COMPLAINTS)
"""How the sources begin by which somebody told us themselves, beyond doubt."""


def suppress(tx: Transaction, email: str, *, reason: str, source: str) -> bool:
    """Put an address or a domain on the list; return whether it was not there before."""
    added = tx.scalar(
        insert(Suppression)
        .values(
            workspace_id=tx.workspace_id,
            id=new_id(),
            email=email,
            reason=reason,
            source=source,
            created_at=tx.now,
        )
        .on_conflict_do_nothing()
        .returning(Suppression.id)
    )
    return added is not None


def restate(tx: Transaction, email: str, *, reason: str, source: str, instead_of: str) -> None:
    """Give the graver reason for an address that is on the list from the source ``instead_of``."""
    tx.execute(
        sa.update(Suppression)
        .where(
            Suppression.workspace_id == tx.workspace_id,
            Suppression.email == email,
            Suppression.source == instead_of,
        )
        .values(reason=reason, source=source)
    )


def asked(tx: Transaction, email: str, *, reason: str, source: str) -> None:
    """Have the list say that the person wanted it, now, whoever had listed the address before.

    A complaint stays what it is: it is graver still.
    """
    if suppress(tx, email, reason=reason, source=source):
        return
    complained = sa.or_(*(Suppression.source.startswith(begin) for begin in COMPLAINTS))
    tx.execute(
        sa.update(Suppression)
        .where(Suppression.workspace_id == tx.workspace_id, Suppression.email == email, ~complained)
        .values(reason=reason, source=source, created_at=tx.now)
    )


def entry(tx: Transaction, email: str) -> Suppression | None:
    """Return the entry that an address is on the list by: its own before its domain's."""
    return tx.scalars(
        sa.select(Suppression)
        .where(
            Suppression.workspace_id == tx.workspace_id,
            sa.or_(
                Suppression.email.in_([email, domain(email)]),
                Suppression.digest == erased.digest(tx, email),
            ),
        )
        .order_by((Suppression.email == email).desc().nulls_last())
        .limit(1)
    ).one_or_none()


def of_all(tx: Transaction, contacts: Sequence[Contact]) -> list[Suppression | None]:
    """Return of each contact the entry for their address, or else for their domain, or None.

    One statement for all.  An erased contact has none: the list no longer knows whose it was.
    """
    names = {name for contact in contacts for name in (contact.email, domain(contact.email))}
    rows = tx.scalars(
        sa.select(Suppression).where(
            Suppression.workspace_id == tx.workspace_id, Suppression.email.in_(names)
        )
    )
    found = {row.email: row for row in rows}
    return [found.get(each.email) or found.get(domain(each.email)) for each in contacts]


def why(tx: Transaction, email: str) -> str | None:
    """Return why this address is suppressed, or None if it is not."""
    found = entry(tx, email)
    return found.reason if found else None


def listed(text: str, *, field: str) -> str:
    """Return an address, or a domain behind its @, in the one spelling of each.

    Raises Refused, naming ``field``, for what is neither.
    """
    text = text.strip()
    if not text.startswith("@"):
        return normalise(text, field=field)
    try:
        return domain(normalise(f"anybody{text}", field=field))
    except Refused:
        raise Refused(
            "Write an address such as a@example.org, or a domain such as @example.org.",
            code="INVALID_ADDRESS",
            field=field,
        ) from None


def domain(email: str) -> str:
    """Return what the list calls all addresses at the domain of this one."""
    return "@" + email.rpartition("@")[2]


def wanted(tx: Transaction, suppression_id: object, *, lock: bool = False) -> Suppression:
    """Return an entry of the list, or raise NotFound on ``suppressionId``."""
    entry = tx.find(Suppression, suppression_id, lock=lock)
    if entry is None:
        raise NotFound("There is no suppression with this id here.", field="suppressionId")
    return entry
