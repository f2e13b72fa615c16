"""Tokens: what in a mail of ours leads back to it, an address to answer to or a link to a page.

A token names a draft, of which at most one mail was sent.
"""

import uuid
from collections.abc import Sequence

import sqlalchemy as sa

from runtime import seals
from runtime.crm import workspaces
from runtime.db import Transaction
from runtime.models import SentEmail

REPLY, UNSUBSCRIBE = "reply", "unsubscribe"
"""Purposes; a token made for one opens nothing else."""


def token(tx: Transaction, draft_id: uuid.UUID, purpose: str) -> str:
    """Return the token of a draft's mail for a purpose: always the same."""
    return seals.seal(workspaces.here(tx).seal_key, purpose, draft_id)


def owners(connection: sa.Connection, given: str) -> Sequence[uuid.UUID]:
    """Return the workspace whose mail a token claims to name; nothing is believed yet.

    Runs under ``Database.dispatch``.
    """
    query = sa.select(SentEmail.workspace_id).where(SentEmail.draft_id == seals.named(given))
    return connection.scalars(query.limit(1)).all()


def mail_of(tx: Transaction, given: str, purpose: str) -> SentEmail | None:
    """Return the mail that a token of this workspace and purpose names."""
    if not seals.fits(workspaces.here(tx).seal_key, purpose, given):
        return None
    query = sa.select(SentEmail).where(
        SentEmail.workspace_id == tx.workspace_id, SentEmail.draft_id == seals.named(given)
    )
    return tx.scalars(query).one_or_none()
