"""Holdings: what the workspace itself knows of a contact, as facts with their rows.

Columns become sentences of ours; somebody's words are quoted as they stand.  A colleague's
row says only that there is one: what it holds is about somebody else.
"""

from collections.abc import Iterator

import sqlalchemy as sa

from runtime.crm.research import facts, pages
from runtime.crm.research.facts import Source
from runtime.crm.research.sentences import split
from runtime.db import Transaction
from runtime.models import (
    CLOSED_STAGE,
    WORDS,
    Confidence,
    Contact,
    DeliveryStatus,
    FactSource,
    MatchedBy,
    Opportunity,
    Reply,
    SentEmail,
)

BY = "rules"
"""Who is said to have found what our own code reads out of rows."""

MOST_ROWS = 5
"""Mails, replies, deals and colleagues that are looked at, the newest first."""

THEIR_WORDS = sa.and_(
    Reply.kind.in_(WORDS),
    sa.or_(
        Reply.confidence == Confidence.HIGH,
        Reply.matched_by.in_((MatchedBy.SENDER, MatchedBy.PERSON)),
    ),
)
"""Replies that the contact wrote; a colleague's, in the same thread, tells of somebody else."""

_OUT = (DeliveryStatus.SENT, DeliveryStatus.DELIVERED, DeliveryStatus.DELAYED)


def gather(tx: Transaction, contact: Contact) -> int:
    """Keep all that the workspace holds of a contact; return how many facts that are."""
    kept = of_contact(tx, contact) + of_notes(tx, contact)
    for row in _replies(tx, contact):
        kept += _quoted(tx, contact, Source(FactSource.REPLY, row.id, row.text))
    for mail in _mails(tx, contact):
        kept += _stated(
            tx,
            contact,
            Source(FactSource.MAIL, mail.id, mail.subject),
            f"We wrote “{mail.subject}” on {mail.sent_at:%Y-%m-%d}.",
            mail.subject,
        )
    for deal in _deals(tx, contact):
        kept += of_deal(tx, contact, deal)
    for page in pages.of(tx, contact):
        if page.company:
            facts.share(tx, contact, page.id)
    for colleague in _colleagues(tx, contact):
        kept += _of_colleague(tx, contact, colleague)
    return kept


def of_contact(tx: Transaction, contact: Contact) -> int:
    """Keep what a contact's title and company say; return how many facts that are."""
    title, company = contact.title or "", contact.company or ""
    source = Source(FactSource.CONTACT, contact.id, f"{title}\n{company}")
    said = []
    if title:
        where = f" at {company}" if company else ""
        said.append((f"{contact.name} is {title}{where}.", title))
    elif company:
        said.append((f"{contact.name} works at {company}.", company))
    return facts.state(tx, contact, source, said, found_by=BY).facts


def of_notes(tx: Transaction, contact: Contact) -> int:
    """Keep what the notes on a contact say; return how many facts that are."""
    return _quoted(tx, contact, Source(FactSource.NOTE, contact.id, contact.notes or ""))


def of_deal(tx: Transaction, contact: Contact, deal: Opportunity) -> int:
    """Keep what a deal with a contact says; return how many facts that are."""
    source = Source(FactSource.OPPORTUNITY, deal.id, f"{deal.title}\n\n{deal.notes or ''}")
    quotes = [deal.title, *split(deal.notes or "")]
    return facts.keep(tx, contact, source, quotes, found_by=BY).facts


def _of_colleague(tx: Transaction, contact: Contact, colleague: Contact) -> int:
    source = Source(FactSource.COLLEAGUE, colleague.id, colleague.company or "")
    when = f", who last answered on {colleague.replied_at:%Y-%m-%d}" if colleague.replied_at else ""
    words = f"We also know {colleague.name} at {colleague.company}{when}."
    return facts.state(tx, contact, source, [(words, colleague.company or "")], found_by=BY).facts


def _quoted(tx: Transaction, contact: Contact, source: Source) -> int:
    return facts.keep(tx, contact, source, split(source.text), found_by=BY).facts


def _stated(tx: Transaction, contact: Contact, source: Source, words: str, quote: str) -> int:
    return facts.state(tx, contact, source, [(words, quote)], found_by=BY).facts


def _replies(tx: Transaction, contact: Contact) -> Iterator[Reply]:
    theirs = (Reply.contact_id == contact.id, THEIR_WORDS)
    yield from tx.scalars(
        sa.select(Reply)
        .where(Reply.workspace_id == tx.workspace_id, *theirs)
        .order_by(Reply.received_at.desc())
        .limit(MOST_ROWS)
    )


def _mails(tx: Transaction, contact: Contact) -> Iterator[SentEmail]:
    theirs = (SentEmail.contact_id == contact.id, SentEmail.status.in_(_OUT))
    yield from tx.scalars(
        sa.select(SentEmail)
        .where(SentEmail.workspace_id == tx.workspace_id, *theirs, SentEmail.sent_at.is_not(None))
        .order_by(SentEmail.sent_at.desc())
        .limit(MOST_ROWS)
    )


def _deals(tx: Transaction, contact: Contact) -> Iterator[Opportunity]:
    theirs = (Opportunity.contact_id == contact.id, Opportunity.stage.not_in(CLOSED_STAGE))
    yield from tx.scalars(
        sa.select(Opportunity)
        .where(Opportunity.workspace_id == tx.workspace_id, *theirs)
        .order_by(Opportunity.id.desc())
        .limit(MOST_ROWS)
    )


def _colleagues(tx: Transaction, contact: Contact) -> Iterator[Contact]:
    if not contact.company:
        return
    yield from tx.scalars(
        sa.select(Contact)
        .where(
            Contact.workspace_id == tx.workspace_id,
            Contact.id != contact.id,
            sa.func.lower(Contact.company) == contact.company.lower(),
            Contact.erased_at.is_(None),
        )
        .order_by(Contact.replied_at.desc().nulls_last(), Contact.id)
        .limit(MOST_ROWS)
        # Who is just being erased is passed over; an erasure that comes later finds what is noted.
        .with_for_update(read=True, skip_locked=True)
    )
