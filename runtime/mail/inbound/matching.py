"""Matching: which of our mails a letter is about, and how sure that is.

A reference alone makes nobody a contact: anybody who was forwarded a thread has it.  So
it counts with a plausible sender only; a signed token in the address counts by itself,
as nobody but a reader of that mail can have it; a known sender alone is a guess.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from runtime.db import Transaction
from runtime.mail import tokens
from runtime.mail.inbound.letter import Letter
from runtime.mail.tokens import REPLY
from runtime.models import (
    Confidence,
    Contact,
    InboundEmail,
    InboundStatus,
    MatchedBy,
    SentEmail,
)

LATELY = timedelta(days=30)
"""How long after a mail of ours one from the same address may be about it."""

_PUBLIC = (
    "aol.com fastmail.com free.fr gmail.com gmx.at gmx.ch gmx.de gmx.net googlemail.com "
    "hey.com hotmail.com icloud.com laposte.net libero.it live.com mac.com mail.com mail.ru "
    "me.com msn.com orange.fr outlook.com pm.me posteo.de proton.me protonmail.com qq.com "
    "t-online.de web.de yahoo.com yandex.ru zoho.com"
)
_ANYBODYS = frozenset(_PUBLIC.split())
"""Domains that say nothing of who writes: anybody has an address there."""


@dataclass(frozen=True, slots=True)
class Match:
    """Whose it is; ``sent`` the mail of ours it is about.  Confidence LOW: a guess."""

    contact: Contact
    sent: SentEmail | None
    by: MatchedBy
    confidence: Confidence


def find(tx: Transaction, letter: Letter) -> Match | None:
    """Return the best match there is."""
    referred = _referred(tx, letter)
    if referred and referred.confidence is not Confidence.LOW:
        return referred
    return _tokened(tx, letter) or referred or _recent(tx, letter)


def by_address(tx: Transaction, sender: str) -> Match | None:
    """Return the contact with this very address, whatever was sent to it."""
    contact = _at(tx, sender)
    return Match(contact, None, MatchedBy.SENDER, Confidence.LOW) if contact else None


def spellings(ids: tuple[str, ...]) -> list[str]:
    """Return Message-IDs as they may be stored, with their brackets and without."""
    return [spelt for id_ in ids for spelt in (id_, f"<{id_}>")]


def _referred(tx: Transaction, letter: Letter) -> Match | None:
    if not letter.answers:
        return None
    rows = tx.scalars(
        sa.select(SentEmail).where(
            SentEmail.workspace_id == tx.workspace_id,
            SentEmail.message_id.in_(spellings(letter.answers)),
        )
    )
    known = {(row.message_id or "").strip("<>"): row for row in rows}
    for id_ in letter.answers:
        if id_ in known:
            return _match(tx, letter, known[id_], MatchedBy.MESSAGE_ID)
    return None


def _tokened(tx: Transaction, letter: Letter) -> Match | None:
    """Return the mail that a sealed token names; who has it had the mail."""
    mails = ((token, tokens.mail_of(tx, token.text, token.purpose)) for token in letter.tokens)
    for token, mail in mails:
        if mail is not None:
            by = MatchedBy.REPLY_TOKEN if token.purpose == REPLY else MatchedBy.UNSUBSCRIBE_TOKEN
            match = _match(tx, letter, mail, by)
            sure = max(match.confidence, Confidence.MEDIUM, key=_SURE.index)
            return Match(match.contact, mail, by, sure)
    return None


def _recent(tx: Transaction, letter: Letter) -> Match | None:
    contact = _at(tx, letter.sender)
    if contact is None:
        return None
    mail = tx.scalars(
        sa.select(SentEmail)
        .where(
            SentEmail.workspace_id == tx.workspace_id,
            SentEmail.contact_id == contact.id,
            SentEmail.sent_at > tx.now - LATELY,
        )
        .order_by(SentEmail.sent_at.desc())
        .limit(1)
    ).one_or_none()
    return Match(contact, mail, MatchedBy.SENDER, Confidence.LOW) if mail else None


def _match(tx: Transaction, letter: Letter, mail: SentEmail, by: MatchedBy) -> Match:
    contact = tx.get_one(Contact, (tx.workspace_id, mail.contact_id))
    return Match(contact, mail, by, _confidence(tx, letter.sender, contact, mail))


def _confidence(tx: Transaction, sender: str, contact: Contact, mail: SentEmail) -> Confidence:
    if sender and sender in {contact.email, mail.to}:
        return Confidence.HIGH
    domain = sender.rpartition("@")[2]
    colleague = domain not in _ANYBODYS and domain == contact.email.rpartition("@")[2]
    if sender and (colleague or _was_named(tx, sender, contact)):
        return Confidence.MEDIUM
    return Confidence.LOW


def _was_named(tx: Transaction, sender: str, contact: Contact) -> bool:
    """Tell whether the contact wrote to this address too, in a mail that was theirs for sure."""
    named = sa.exists().where(
        InboundEmail.workspace_id == tx.workspace_id,
        InboundEmail.contact_id == contact.id,
        InboundEmail.status == InboundStatus.ATTACHED,
        InboundEmail.sender == contact.email,
        InboundEmail.confidence == Confidence.HIGH,
        InboundEmail.named.contains([sender]),
    )
    return bool(tx.scalar(sa.select(named)))


def _at(tx: Transaction, sender: str) -> Contact | None:
    return tx.scalars(
        sa.select(Contact).where(Contact.workspace_id == tx.workspace_id, Contact.email == sender)
    ).one_or_none()


def owners(connection: sa.Connection, letter: Letter) -> Iterator[uuid.UUID]:
    """Return the workspaces that sent a mail which the letter refers to, the nearest's first.

    Runs under ``Database.dispatch``.
    """
    for id_ in letter.answers:
        yield from connection.scalars(
            sa.select(SentEmail.workspace_id).where(SentEmail.message_id.in_(spellings((id_,))))
        )


_SURE = (Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH)
