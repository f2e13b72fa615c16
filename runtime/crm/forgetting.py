"""Forgetting: taking the words about a person out of the rows, and leaving the rows.

Numbers do not change by it: what was sent is still counted, and what happened still stands
in its order.  Only who it was, and what was said, is gone.
"""

import re
import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from runtime.crm import erased
from runtime.crm.traces import TRACES, Person, Trace
from runtime.db import Transaction
from runtime.models import (
    Contact,
    Escalation,
    Event,
    Fact,
    IdempotencyKey,
    Message,
    Suppression,
    Timer,
    WebPage,
)

_ELSEWHERE = (Contact, Event, Fact, IdempotencyKey, Suppression, Timer, WebPage)
"""Tables of which more than the words goes, or which only a function may touch."""

_OUR_WORDS = ("rule", "code", "call", "writer", "carrier", "type", "basis")
"""Keys within JSON under which one of our own words stands."""


def forget(tx: Transaction, contact: Contact, person: Person) -> None:
    """Leave no word about a locked contact, all whose tasks are locked and closed."""
    for trace in TRACES:
        if trace.model not in _ELSEWHERE:
            _scrub(tx, trace, person, erased.address(contact))
    _scrub_contact(tx, contact)
    # The function looks at the row: only an erased contact's events can be changed at all.
    tx.flush()
    _scrub_events(tx, person)
    _scrub_mentions(tx, person)
    _delete(tx, person)
    erased.remember(tx, sorted(person.emails))


def without_words(value: Any) -> Any:
    """Return a value of the same shape that says nothing: ids, times and numbers stay."""
    if isinstance(value, dict):
        return {k: v if k in _OUR_WORDS else without_words(v) for k, v in value.items()}
    if isinstance(value, list):
        return [without_words(each) for each in value]
    return erased.WORD if isinstance(value, str) and not _is_plain(value) else value


def _scrub(tx: Transaction, trace: Trace, person: Person, address: str) -> None:
    for row in trace.rows(tx, person):
        for column in trace.words:
            if (value := getattr(row, column)) is not None:
                setattr(row, column, address if column == "to" else without_words(value))


def _scrub_contact(tx: Transaction, contact: Contact) -> None:
    contact.email, contact.name = erased.address(contact), erased.WORD
    contact.company = contact.title = contact.timezone = contact.country = None
    contact.notes = contact.lawful_basis = contact.source = None
    contact.erased_at = contact.updated_at = tx.now


def _scrub_events(tx: Transaction, person: Person) -> None:
    emails = sa.cast(sorted(person.emails), sa.ARRAY(sa.Text))
    tx.execute(sa.select(sa.func.scrub_events(person.contact_id, emails)))


def _scrub_mentions(tx: Transaction, person: Person) -> None:
    """Take the addresses out of what people and agents said beside any task."""
    emails = "|".join(map(re.escape, sorted(person.emails)))
    # Whole addresses only; in JSON a line break before one looks like a letter of it.
    pattern = rf"((?<![a-z0-9._%+-])|(?<=\\[nrtbf]))({emails})(?![a-z0-9-]|\.[a-z0-9])"
    for model, column in ((Message, "body"), (Message, "error"), (Escalation, "reason")):
        words = getattr(model, column)
        text = sa.cast(words, sa.Text)
        told = sa.cast(sa.func.regexp_replace(text, pattern, erased.WORD, "gi"), words.type)
        tx.execute(
            sa.update(model)
            .where(model.workspace_id == tx.workspace_id, text.regexp_match(pattern, "i"))
            .values({column: told})
            .execution_options(synchronize_session=False)
        )


def _delete(tx: Transaction, person: Person) -> None:
    """Remove what is nothing without its words: list entries, reminders, answers, facts, pages."""
    named = [IdempotencyKey.key.icontains(each, autoescape=True) for each in person.emails]
    keys = sa.or_(IdempotencyKey.result["id"].astext.in_(person.named), *named)
    for model, of in (
        (Suppression, Suppression.email.in_(person.emails)),
        (Timer, Timer.task_id.in_(person.tasks)),
        (IdempotencyKey, keys),
        # The page first, as who takes one off the list does.
        (WebPage, WebPage.contact_id == person.contact_id),
        (Fact, (Fact.contact_id == person.contact_id) | (Fact.source_id == person.contact_id)),
    ):
        tx.execute(
            sa.delete(model)
            .where(model.workspace_id == tx.workspace_id, of)
            .execution_options(synchronize_session=False)
        )


def _is_plain(text: str) -> bool:
    """Tell whether a text is an id or a time."""
    for read in (uuid.UUID, datetime.fromisoformat):
        try:
            read(text)
        except ValueError:
            continue
        return True
    return False
