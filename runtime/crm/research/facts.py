"""Facts: statements about a contact, each a span of a source that can be looked at.

A fact whose quote does not stand in its source is refused, whoever says it.  What reads as
an order, or carries a link or an address, is no fact: it is left where it was found.
"""

import hashlib
import re
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from runtime.crm.research import orders
from runtime.db import Transaction
from runtime.errors import NotFound
from runtime.models import Contact, Fact, FactSource, new_id

LONGEST_QUOTE = 400
SHORTEST_QUOTE = 8
MOST_OF_A_SOURCE = 8
"""Facts kept of one source: a page that says more is no better known by it."""

SOURCE = "its source"
"""Who is said to have withdrawn what a source no longer says."""

_SHARED = ("source", "source_id", "url", "statement", "quote", "digest", "found_by")

UNTOLD = (FactSource.COLLEAGUE,)
"""Sources about somebody else: the approver reads them, no writer is told."""


class Refusal(StrEnum):
    """Why something said of a source is not kept."""

    NOT_IN_SOURCE = "NOT_IN_SOURCE"
    TOO_LONG = "TOO_LONG"
    TOO_SHORT = "TOO_SHORT"
    ORDER = "ORDER"
    LINK = "LINK"
    TOO_MANY = "TOO_MANY"


@dataclass(frozen=True, slots=True)
class Source:
    """A text that facts are found in: which row, whole."""

    kind: FactSource
    id: uuid.UUID
    text: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of the quotes of one source: how many are facts now, and why others are not."""

    facts: int
    refused: tuple[Refusal, ...] = ()


def keep(
    tx: Transaction,
    contact: Contact,
    source: Source,
    quotes: Iterable[str],
    *,
    found_by: str,
) -> Kept:
    """Store what a source says of a contact, each quote once; return what became of them.

    What the source no longer says is withdrawn.  The same again changes nothing.
    """
    whole, refused, good = squeezed(source.text), list[Refusal](), dict[str, str]()
    for quote in map(squeezed, quotes):
        why = _refusal(quote, whole, found=len(good))
        if why is None:
            good.setdefault(_digest(source, quote), quote)
        else:
            refused.append(why)
    for digest, quote in good.items():
        _store(tx, contact, source, digest, statement=quote, quote=quote, found_by=found_by)
    _withdraw_missing(tx, contact, source, good)
    return Kept(len(good), tuple(refused))


def state(
    tx: Transaction,
    contact: Contact,
    source: Source,
    statements: Iterable[tuple[str, str]],
    *,
    found_by: str,
) -> Kept:
    """Store what our own code makes of a row's columns: (statement, the column's words)."""
    whole, good = squeezed(source.text), dict[str, tuple[str, str]]()
    for statement, quote in statements:
        span = squeezed(quote)
        if span and span in whole:
            good[_digest(source, statement)] = (statement, span[:LONGEST_QUOTE])
    for digest, (statement, quote) in good.items():
        _store(tx, contact, source, digest, statement=statement, quote=quote, found_by=found_by)
    _withdraw_missing(tx, contact, source, good)
    return Kept(len(good))


def share(tx: Transaction, contact: Contact, page_id: uuid.UUID) -> None:
    """Give a contact what a page of their company said when it was read for a colleague."""
    found = tx.scalars(
        sa.select(Fact).where(
            Fact.workspace_id == tx.workspace_id,
            Fact.source == FactSource.PAGE,
            Fact.source_id == page_id,
            Fact.contact_id != contact.id,
            Fact.withdrawn_at.is_(None),
        )
    ).all()
    for fact in {fact.digest: fact for fact in found}.values():
        columns = {name: getattr(fact, name) for name in _SHARED}
        _insert(tx, contact, found_at=fact.found_at, **columns)


def of(tx: Transaction, contact_id: uuid.UUID) -> Sequence[Fact]:
    """Return the facts of a contact that hold, the oldest first."""
    return tx.scalars(
        sa.select(Fact)
        .where(
            Fact.workspace_id == tx.workspace_id,
            Fact.contact_id == contact_id,
            Fact.withdrawn_at.is_(None),
        )
        .order_by(Fact.id)
    ).all()


def told(tx: Transaction, contact_id: uuid.UUID) -> list[Fact]:
    """Return the facts that a mail to the contact may rest on."""
    return [fact for fact in of(tx, contact_id) if fact.source not in UNTOLD]


def wanted(tx: Transaction, fact_id: object) -> Fact:
    """Lock and return a fact, or raise NotFound on ``factId``."""
    fact = tx.find(Fact, fact_id, lock=True)
    if fact is None:
        raise NotFound("There is no fact with this id here.", field="factId")
    return fact


def withdraw_of(tx: Transaction, source_id: uuid.UUID, *, by: str) -> int:
    """Withdraw all that was found in a source; return how many facts that were."""
    rows = tx.scalars(
        sa.select(Fact).where(
            Fact.workspace_id == tx.workspace_id,
            Fact.source_id == source_id,
            Fact.withdrawn_at.is_(None),
        )
    ).all()
    withdraw(tx, rows, by=by)
    return len(rows)


def withdraw(tx: Transaction, rows: Iterable[Fact], *, by: str) -> None:
    """Withdraw facts that hold."""
    for fact in rows:
        fact.withdrawn_at, fact.withdrawn_by = tx.now, by


def squeezed(text: str) -> str:
    """Return a text with every run of spaces and breaks made one space."""
    return " ".join(text.split())


def _refusal(quote: str, whole: str, *, found: int) -> Refusal | None:
    # One after the other: what is too long is not read.
    if len(quote) < SHORTEST_QUOTE:
        return Refusal.TOO_SHORT
    if len(quote) > LONGEST_QUOTE:
        return Refusal.TOO_LONG
    if quote not in whole:
        return Refusal.NOT_IN_SOURCE
    if orders.has_link(quote):
        return Refusal.LINK
    if orders.is_order(quote):
        return Refusal.ORDER
    return Refusal.TOO_MANY if found >= MOST_OF_A_SOURCE else None


def _store(
    tx: Transaction,
    contact: Contact,
    source: Source,
    digest: str,
    *,
    statement: str,
    quote: str,
    found_by: str,
) -> None:
    _insert(
        tx,
        contact,
        found_at=tx.now,
        found_by=found_by,
        source=source.kind,
        source_id=source.id,
        url=source.url,
        statement=statement,
        quote=quote,
        digest=digest,
    )


def _insert(tx: Transaction, contact: Contact, **columns: Any) -> None:
    """Add a fact, or have one back that its source had ceased to say; not one a person took."""
    back = {name: columns[name] for name in ("found_at", "found_by")}
    tx.execute(
        insert(Fact)
        .values(workspace_id=tx.workspace_id, id=new_id(), contact_id=contact.id, **columns)
        .on_conflict_do_update(
            index_elements=[Fact.workspace_id, Fact.contact_id, Fact.digest],
            set_={**back, "withdrawn_at": None, "withdrawn_by": None},
            where=sa.or_(Fact.withdrawn_at.is_(None), Fact.withdrawn_by == SOURCE),
        )
    )


def _withdraw_missing(
    tx: Transaction, contact: Contact, source: Source, digests: Collection[str]
) -> None:
    # What a page says is shared by all who work there, so what it ceased to say is as well.
    everybody = source.kind is FactSource.PAGE
    tx.execute(
        sa.update(Fact)
        .where(
            Fact.workspace_id == tx.workspace_id,
            sa.true() if everybody else Fact.contact_id == contact.id,
            Fact.source_id == source.id,
            Fact.source == source.kind,
            Fact.digest.not_in(digests),
            Fact.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=tx.now, withdrawn_by=SOURCE)
        .execution_options(synchronize_session=False)
    )


def _digest(source: Source, said: str) -> str:
    words = re.sub(r"\W+", " ", said.casefold()).strip()
    return hashlib.sha256(f"{source.kind}\0{source.id}\0{words}".encode()).hexdigest()
