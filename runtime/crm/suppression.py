"""Suppression: the addresses that get no mail, whatever a contact's row says."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from runtime.db import Transaction
from runtime.errors import NotFound
from runtime.models import Suppression, new_id


def suppress(tx: Transaction, email: str, *, reason: str, source: str) -> bool:
    """Put an address on the list; return whether it was not there before."""
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


def why(tx: Transaction, email: str) -> str | None:
    """Return why this address is suppressed, or None if it is not."""
    return tx.scalar(
        sa.select(Suppression.reason).where(
            Suppression.workspace_id == tx.workspace_id, Suppression.email == email
        )
    )


def among(tx: Transaction, emails: Collection[str]) -> set[str]:
    """Return those of the addresses that are suppressed."""
    return set(
        tx.scalars(
            sa.select(Suppression.email).where(
                Suppression.workspace_id == tx.workspace_id, Suppression.email.in_(emails)
            )
        )
    )


def wanted(tx: Transaction, suppression_id: object, *, lock: bool = False) -> Suppression:
    """Return an entry of the list, or raise NotFound on ``suppressionId``."""
    entry = tx.find(Suppression, suppression_id, lock=lock)
    if entry is None:
        raise NotFound("There is no suppression with this id here.", field="suppressionId")
    return entry
