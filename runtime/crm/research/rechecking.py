"""Rechecking: facts that are held, against their sources as these are by now.

Between two look-ups somebody changes a company, a note is rewritten, a deal is handed on.
Nothing is looked up anew here: what is no longer so is withdrawn.
"""

import uuid
from collections.abc import Sequence

import sqlalchemy as sa

from runtime.crm.research import facts, holdings, pages
from runtime.db import Transaction
from runtime.models import Contact, Fact, FactSource, Opportunity, Reply


def recheck(tx: Transaction, contact: Contact) -> None:
    """Withdraw of a contact's facts what their sources no longer say, of them or at all."""
    held = facts.of(tx, contact.id)
    kinds = {fact.source for fact in held}
    if FactSource.CONTACT in kinds:
        holdings.of_contact(tx, contact)
    if FactSource.NOTE in kinds:
        holdings.of_notes(tx, contact)
    deals = _deals(tx, contact, _sources(held, FactSource.OPPORTUNITY))
    for deal in deals:
        holdings.of_deal(tx, contact, deal)
    theirs = {deal.id for deal in deals} | _others(tx, contact, held)
    moved = [f for f in held if f.source in _MAY_MOVE and f.source_id not in theirs]
    facts.withdraw(tx, moved, by=facts.SOURCE)


_MAY_MOVE = (FactSource.OPPORTUNITY, FactSource.REPLY, FactSource.PAGE, FactSource.COLLEAGUE)
"""Sources that may come to be about somebody else."""


def _others(tx: Transaction, contact: Contact, held: Sequence[Fact]) -> set[uuid.UUID]:
    """Return the replies, pages and colleagues among sources that are still the contact's."""
    found: set[uuid.UUID] = set()
    if ids := _sources(held, FactSource.REPLY):
        own = (Reply.contact_id == contact.id, holdings.THEIR_WORDS, Reply.id.in_(ids))
        found |= set(
            tx.scalars(sa.select(Reply.id).where(Reply.workspace_id == tx.workspace_id, *own))
        )
    if _sources(held, FactSource.PAGE):
        found |= {page.id for page in pages.of(tx, contact)}
    if ids := _sources(held, FactSource.COLLEAGUE):
        same = sa.func.lower(Contact.company) == (contact.company or "").lower()
        found |= set(
            tx.scalars(
                sa.select(Contact.id).where(
                    Contact.workspace_id == tx.workspace_id, same, Contact.id.in_(ids)
                )
            )
        )
    return found


def _deals(tx: Transaction, contact: Contact, ids: set[uuid.UUID]) -> Sequence[Opportunity]:
    if not ids:
        return []
    own = (Opportunity.contact_id == contact.id, Opportunity.id.in_(ids))
    return tx.scalars(
        sa.select(Opportunity).where(Opportunity.workspace_id == tx.workspace_id, *own)
    ).all()


def _sources(held: Sequence[Fact], kind: FactSource) -> set[uuid.UUID]:
    return {fact.source_id for fact in held if fact.source is kind}
