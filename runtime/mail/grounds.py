"""Grounds: from rows, what a draft's sentences may rest on, and whether a person must look.

What a writer was told is kept with its call, so that its text is judged by that and by
nothing found later.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from runtime.crm.research import facts, pages
from runtime.db import Transaction
from runtime.mail import sent
from runtime.mail.basis import Grounds, Judged, SentenceBasis
from runtime.messages import TextWritten
from runtime.models import Call, Contact, Draft, Fact, FactSource, SentEmail, Task

MOST_TOLD, MOST_OF_A_KIND = 12, 4
"""Facts that a writer is told; of these as many from one kind of source."""

_TELLING = (
    *(FactSource.REPLY, FactSource.PAGE, FactSource.NOTE),
    *(FactSource.OPPORTUNITY, FactSource.MAIL, FactSource.CONTACT),
)


def chosen(tx: Transaction, contact: Contact) -> dict[str, Fact]:
    """Return the facts that a writer is told, by a short handle: the most telling, then newest."""
    found: list[Fact] = []
    known = facts.told(tx, contact.id)
    for kind in _TELLING:
        newest = sorted((f for f in known if f.source is kind), key=_age, reverse=True)
        found += newest[:MOST_OF_A_KIND]
    return {f"F{n}": fact for n, fact in enumerate(found[:MOST_TOLD], start=1)}


def shown(handle: str, fact: Fact) -> dict[str, str | None]:
    """Return a fact as a writer is told it; plain values under the names of a ``KnownFact``."""
    host = pages.host(fact.url) if fact.url else None
    return {"id": handle, "text": fact.statement, "source": fact.source.value, "host": host}


def kept(told: Mapping[str, Any], handles: Mapping[str, Fact]) -> dict[str, Any]:
    """Return what a call remembers of a brief: our own people's words, and which fact is which."""
    ours = (told[name] for name in ("instruction", "tone", "feedback", "sender_name"))
    return {
        "order": [words for words in ours if words],
        "signature": told["signature"] or "",
        "facts": {handle: str(fact.id) for handle, fact in handles.items()},
    }


def cited(call: Call, citations: Iterable[tuple[str, Sequence[str]]]) -> list[dict[str, Any]]:
    """Return a writer's citations with the ids that its handles stood for; unknown ones go."""
    known = call.body.get("told", {}).get("facts", {})
    return [
        {"sentence": sentence, "facts": [known[each] for each in handles if each in known]}
        for sentence, handles in citations
    ]


def of_text(tx: Transaction, said: TextWritten, task: Task, contact: Contact) -> Grounds:
    """Return what a written text may rest on: what its writer was told, as far as it holds."""
    call = tx.find(Call, said.call_id)
    told = call.body.get("told", {}) if call else {}
    citations = ((each["sentence"], tuple(each["facts"])) for each in said.citations)
    return _grounds(
        tx,
        task,
        contact,
        order=told.get("order", [task.instruction]),
        signature=told.get("signature", ""),
        facts=_holding(tx, contact, told.get("facts", {}).values()),
        citations=tuple(citations),
    )


def of_order(tx: Transaction, task: Task, contact: Contact) -> Grounds:
    """Return what a text may rest on of which nobody kept what its writer was told."""
    return _grounds(tx, task, contact, order=[task.instruction])


def why_a_person(tx: Transaction, draft: Draft) -> str | None:
    """Return why a text does not go out without anybody having read it; None if it may."""
    sentences = [Judged.from_json(kept) for kept in draft.sentences or ()]
    unsupported = sum(s.basis is SentenceBasis.UNSUPPORTED for s in sentences)
    if unsupported:
        return f"Nothing supports {unsupported} of its sentences: read them before it goes."
    rows = _rows(tx, facts_of(draft))
    if any(fact.source is FactSource.PAGE for fact in rows):
        return "It rests on a page of the web, which anybody may have written."
    return None


def facts_of(draft: Draft) -> list[uuid.UUID]:
    """Return the ids of the facts that a draft's sentences rest on."""
    ids = (id_ for kept in draft.sentences or () for id_ in kept["facts"])
    return [uuid.UUID(id_) for id_ in dict.fromkeys(ids)]


def withdrawn(tx: Transaction, drafts: Iterable[Draft]) -> frozenset[uuid.UUID]:
    """Return the facts withdrawn by now of those that these drafts rest on; one statement."""
    rows = _rows(tx, {id_ for draft in drafts for id_ in facts_of(draft)})
    return frozenset(fact.id for fact in rows if fact.withdrawn_at is not None)


def earlier(subject: str, body: str, sent_on: date) -> str:
    """Return the words of a mail of ours, with its date as people write it."""
    return f"{subject}\n{body}\n{sent_on.day} {sent_on:%B %Y}"


def _grounds(
    tx: Transaction,
    task: Task,
    contact: Contact,
    *,
    order: Sequence[str],
    signature: str = "",
    **found: Any,
) -> Grounds:
    mails = (
        earlier(mail.subject, mail.body.removesuffix(signature), mail.sent_at)
        for mail in _earlier(tx, task)
        if mail.sent_at
    )
    return Grounds(
        order=(*order, *mails),
        signature=signature,
        whom=tuple(filter(None, (contact.name, contact.company))),
        also=tuple(filter(None, (contact.title,))),
        **found,
    )


def _earlier(tx: Transaction, task: Task) -> Sequence[SentEmail]:
    return tx.scalars(
        sa.select(SentEmail).where(
            SentEmail.workspace_id == tx.workspace_id,
            SentEmail.task_id == task.id,
            SentEmail.status.in_(sent.OUT),
        )
    ).all()


def _holding(tx: Transaction, contact: Contact, ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the texts of these facts of a contact, as far as none was withdrawn."""
    return {
        str(fact.id): (fact.statement, fact.quote, pages.host(fact.url) if fact.url else "")
        for fact in _rows(tx, map(uuid.UUID, ids))
        if fact.contact_id == contact.id and fact.withdrawn_at is None
    }


def _rows(tx: Transaction, ids: Iterable[uuid.UUID]) -> Sequence[Fact]:
    wanted = list(ids)
    if not wanted:
        return []
    query = sa.select(Fact).where(Fact.workspace_id == tx.workspace_id, Fact.id.in_(wanted))
    return tx.scalars(query.execution_options(populate_existing=True)).all()


def _age(fact: Fact) -> Any:
    return fact.found_at, fact.id
