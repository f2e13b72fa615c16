"""Erased: people of whom nothing is left here but that they must not come back.

Their addresses stay on the suppression list as digests under the workspace's own key:
whoever brings one of them again is known, and nobody can read the list the other way.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from runtime import seals
from runtime.crm import workspaces
from runtime.db import Transaction
from runtime.errors import Refused
from runtime.models import Contact, Suppression, new_id

SOURCE = "erasure"
"""Source of such an entry of the list."""

WORD = "[erased]"
"""What stands where words about an erased person stood."""


def address(contact: Contact) -> str:
    """Return what stands in place of an erased contact's address; no mail can ever reach it."""
    return f"erased-{contact.id}@erased.invalid"


def digest(tx: Transaction, email: str) -> str:
    """Return what an address is known by once it must be forgotten."""
    return seals.digest(workspaces.here(tx).seal_key, email)


def remember(tx: Transaction, emails: Iterable[str]) -> None:
    """Keep the digests of addresses on the list; once more, it changes nothing."""
    for email in emails:
        tx.execute(
            insert(Suppression)
            .values(
                workspace_id=tx.workspace_id,
                id=new_id(),
                digest=digest(tx, email),
                reason=f"Erased on {tx.now:%Y-%m-%d}.",
                source=SOURCE,
                created_at=tx.now,
            )
            .on_conflict_do_nothing()
        )


def among(tx: Transaction, emails: Collection[str]) -> Mapping[str, datetime]:
    """Return those of the addresses whose owner was erased here, and when."""
    mine = (Suppression.workspace_id == tx.workspace_id, Suppression.digest.is_not(None))
    if not tx.scalar(sa.select(sa.exists().where(*mine))):
        return {}
    digests = {digest(tx, email): email for email in emails}
    rows = tx.execute(
        sa.select(Suppression.digest, Suppression.created_at).where(
            *mine, Suppression.digest.in_(digests)
        )
    )
    return {digests[row.digest]: row.created_at for row in rows}


def refuse(tx: Transaction, email: str, *, field: str = "email") -> None:
    """Raise Refused, naming ``field``, if the owner of an address was erased here."""
    if (at := among(tx, [email]).get(email)) is not None:
        raise Refused(said(at), code="ERASED", field=field)


def refuse_contact(contact: Contact) -> None:
    """Raise Refused if nothing may be added to a contact, for there is nobody behind it."""
    if contact.erased_at is not None:
        raise Refused(
            f"This person was erased on {contact.erased_at:%Y-%m-%d}: nothing is taken in here.",
            code="ERASED",
            field="contactId",
        )


def said(at: datetime) -> str:
    """Return what is said of an address that must not come back."""
    return (
        f"The person with this address was erased on {at:%Y-%m-%d} and is not taken in again;"
        " only their own new consent lifts that (removeSuppression)."
    )
