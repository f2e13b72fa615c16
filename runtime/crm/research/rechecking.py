"""Rechecking: facts that are held, against their sources as these are by now.

Between two look-ups somebody changes a company, a note is rewritten, a deal is handed on.
Nothing is looked up anew here: what is no longer so is withdrawn.
"""

import uuid
from collections.abc import Collection, Sequence

import sqlalchemy as sa

from runtime.crm.research import facts, holdings, pages
from runtime.db import Transaction
from runtime.models import Contact, Fact, FactSource, Opportunity, Reply, WebPage

Ids = set[uuid.UUID]


def recheck(tx: Transaction, contact: Contact) -> None:
    """Withdraw of a contact's facts what their sources no longer say, of them or at all."""
    held = facts.of(tx, contact.id)
    kinds = {fact.source for fact in held}
    if FactSource.CONTACT in kinds:
        holdings.of_contact(tx, contact)
    if FactSource.NOTE in kinds:
        holdings.of_notes(tx, contact)
    moved = _recheck_deals(tx, contact, _sources(held, FactSource.OPPORTUNITY))
    moved |= _of_others(tx, contact, held)
    facts.withdraw(tx, [fact for fact in held if fact.source_id in moved], by=facts.SOURCE)


def _recheck_deals(tx: Transaction, contact: Contact, ids: Ids) -> Ids:
    """Hold what deals say now; return those that are with somebody else by now."""
    here = (Opportunity.workspace_id == tx.workspace_id, Opportunity.id.in_(ids))
    deals = tx.scalars(sa.select(Opportunity).where(*here)).all() if ids else []
    theirs = [deal for deal in deals if deal.contact_id == contact.id]
    for deal in theirs:
        holdings.of_deal(tx, contact, deal)
    return {deal.id for deal in deals} - {deal.id for deal in theirs}


def _of_others(tx: Transaction, contact: Contact, held: Sequence[Fact]) -> Ids:
    """Return the replies, pages and colleagues among sources that tell of others by now."""
    found: Ids = set()
    if ids := _sources(held, FactSource.REPLY):
        own = sa.and_(Reply.contact_id == contact.id, holdings.THEIR_WORDS)
        found |= _existing(tx, Reply, ids, ~own)
    if ids := _sources(held, FactSource.PAGE):
        found |= _existing(tx, WebPage, ids) - {page.id for page in pages.of(tx, contact)}
    if ids := _sources(held, FactSource.COLLEAGUE):
        firm = (contact.company or "").lower()
        found |= _existing(tx, Contact, ids, sa.func.lower(Contact.company).is_distinct_from(firm))
    return found


def _existing(
    tx: Transaction,
    model: type[Reply | WebPage | Contact],
    ids: Collection[uuid.UUID],
    *where: sa.ColumnElement[bool],
) -> Ids:
    query = sa.select(model.id).where(model.workspace_id == tx.workspace_id, model.id.in_(ids))
    return set(tx.scalars(query.where(*where)))


def _sources(held: Sequence[Fact], kind: FactSource) -> Ids:
    return {fact.source_id for fact in held if fact.source is kind}
