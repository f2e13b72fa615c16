"""Facts: what is known of each open deal, read in a fixed number of statements."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import InstrumentedAttribute

from runtime.crm import enrolment
from runtime.db import Transaction
from runtime.models import (
    CLOSED_STAGE,
    OPEN_FOLLOW_UP,
    WORDS,
    Contact,
    ContactStatus,
    DeliveryStatus,
    Draft,
    DraftStatus,
    FollowUp,
    Opportunity,
    Reply,
    SentEmail,
    Stage,
    Task,
    TaskStatus,
)

_OUT = (
    DeliveryStatus.SENT,
    DeliveryStatus.DELIVERED,
    DeliveryStatus.DELAYED,
    DeliveryStatus.BOUNCED,
    DeliveryStatus.COMPLAINED,
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A row that something rests on, and when it came to be."""

    type: str
    id: uuid.UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Person:
    """A contact, as far as rules look at one."""

    id: uuid.UUID
    name: str
    status: ContactStatus


@dataclass(frozen=True, slots=True)
class Deal:
    """An open opportunity and what is known of it.

    ``busy``: something is under way for it, so that nobody has to be reminded.
    """

    id: uuid.UUID
    title: str
    stage: Stage
    stage_changed_at: datetime
    created_at: datetime
    updated_at: datetime
    value: float | None = None
    next_step: str | None = None
    contact: Person | None = None
    busy: bool = False
    last_mail: Mark | None = None
    last_reply: Mark | None = None
    exhausted: Mark | None = None
    pending_draft: Mark | None = None
    bounced_mail: Mark | None = None
    colleagues: tuple[Person, ...] = field(default=())

    @property
    def last_touch_at(self) -> datetime:
        """When anything last happened between us and them, or about the deal's stage."""
        marks = [mark.at for mark in (self.last_mail, self.last_reply) if mark]
        return max([self.created_at, self.stage_changed_at, *marks])


def read(tx: Transaction) -> list[Deal]:
    """Return every open deal with its facts, the oldest first."""
    deals = tx.scalars(
        sa.select(Opportunity)
        .where(Opportunity.workspace_id == tx.workspace_id, Opportunity.stage.not_in(CLOSED_STAGE))
        .order_by(Opportunity.id)
    ).all()
    people = {deal.contact_id for deal in deals if deal.contact_id}
    if not people:
        return [_deal(deal, None, {}) for deal in deals]
    contacts = {
        row.id: row
        for row in tx.scalars(
            sa.select(Contact).where(
                Contact.workspace_id == tx.workspace_id, Contact.id.in_(people)
            )
        )
    }
    known = {
        "busy": _busy(tx, people),
        "last_mail": _last_mails(tx, people),
        "last_reply": _last_replies(tx, people),
        "exhausted": _exhausted(tx, people),
        "pending_draft": _pending_drafts(tx, people),
        "bounced_mail": _bounced(tx, people),
        "colleagues": _colleagues(tx, contacts),
    }
    return [
        _deal(deal, contacts.get(deal.contact_id) if deal.contact_id else None, known)
        for deal in deals
    ]


def any_open(tx: Transaction) -> bool:
    """Tell whether there is an open deal at all."""
    return bool(
        tx.scalar(
            sa.select(
                sa.exists().where(
                    Opportunity.workspace_id == tx.workspace_id,
                    Opportunity.stage.not_in(CLOSED_STAGE),
                )
            )
        )
    )


def _deal(row: Opportunity, contact: Contact | None, known: dict[str, Any]) -> Deal:
    facts = (
        {name: found[contact.id] for name, found in known.items() if contact.id in found}
        if contact
        else {}
    )
    return Deal(
        id=row.id,
        title=row.title,
        stage=row.stage,
        stage_changed_at=row.stage_changed_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
        value=row.value,
        next_step=row.next_step,
        contact=_person(contact) if contact else None,
        **facts,
    )


def _person(contact: Contact) -> Person:
    return Person(contact.id, contact.name, contact.status)


def _busy(tx: Transaction, people: set[uuid.UUID]) -> dict[uuid.UUID, bool]:
    """Return those who are written to, or whose answer is still awaited."""
    tasks = sa.select(Task.contact_id).where(
        Task.workspace_id == tx.workspace_id, Task.contact_id.in_(people), enrolment.enrols()
    )
    steps = sa.select(FollowUp.contact_id).where(
        FollowUp.workspace_id == tx.workspace_id,
        FollowUp.contact_id.in_(people),
        FollowUp.status.in_(OPEN_FOLLOW_UP),
    )
    return dict.fromkeys(tx.scalars(tasks.union(steps)), True)


def _last_mails(tx: Transaction, people: set[uuid.UUID]) -> dict[uuid.UUID, Mark]:
    out = (SentEmail.status.in_(_OUT), SentEmail.sent_at.is_not(None))
    return _newest(tx, SentEmail, SentEmail.contact_id, SentEmail.sent_at, people, *out)


def _last_replies(tx: Transaction, people: set[uuid.UUID]) -> dict[uuid.UUID, Mark]:
    human = Reply.kind.in_(WORDS)
    return _newest(tx, Reply, Reply.contact_id, Reply.received_at, people, human)


def _exhausted(tx: Transaction, people: set[uuid.UUID]) -> dict[uuid.UUID, Mark]:
    escalated = Task.status == TaskStatus.ESCALATED
    return _newest(tx, Task, Task.contact_id, Task.updated_at, people, escalated)


def _bounced(tx: Transaction, people: set[uuid.UUID]) -> dict[uuid.UUID, Mark]:
    bounced = SentEmail.status == DeliveryStatus.BOUNCED
    return _newest(tx, SentEmail, SentEmail.contact_id, SentEmail.created_at, people, bounced)


def _pending_drafts(tx: Transaction, people: set[uuid.UUID]) -> dict[uuid.UUID, Mark]:
    """Return of each the draft that has waited longest."""
    rows = tx.execute(
        sa.select(Task.contact_id, Draft.id, Draft.created_at)
        .ext(distinct_on(Task.contact_id))
        .join(Task, sa.and_(Task.workspace_id == Draft.workspace_id, Task.id == Draft.task_id))
        .where(
            Draft.workspace_id == tx.workspace_id,
            Task.contact_id.in_(people),
            Draft.status == DraftStatus.PENDING,
        )
        .order_by(Task.contact_id, Draft.created_at)
    )
    return {contact_id: Mark("Draft", id_, at) for contact_id, id_, at in rows if contact_id}


def _colleagues(
    tx: Transaction, contacts: dict[uuid.UUID, Contact]
) -> dict[uuid.UUID, tuple[Person, ...]]:
    """Return who else of the same company may be written to, for those whose address bounced."""
    gone = {c.id: c for c in contacts.values() if c.status is ContactStatus.BOUNCED and c.company}
    firms = {str(c.company).lower() for c in gone.values()}
    if not firms:
        return {}
    rows = tx.scalars(
        sa.select(Contact)
        .where(
            Contact.workspace_id == tx.workspace_id,
            sa.func.lower(Contact.company).in_(firms),
            Contact.status.in_((ContactStatus.ACTIVE, ContactStatus.REPLIED)),
        )
        .order_by(Contact.id)
    ).all()
    return {
        id_: tuple(
            _person(row) for row in rows if str(row.company).lower() == str(c.company).lower()
        )
        for id_, c in gone.items()
    }


def _newest(
    tx: Transaction,
    model: Any,
    owner: InstrumentedAttribute[Any],
    at: InstrumentedAttribute[Any],
    people: set[uuid.UUID],
    *conditions: sa.ColumnElement[bool],
) -> dict[uuid.UUID, Mark]:
    """Return each person's newest row of a table, of those that meet the conditions."""
    rows = tx.execute(
        sa.select(owner, model.id, at)
        .ext(distinct_on(owner))
        .where(model.workspace_id == tx.workspace_id, owner.in_(people), *conditions)
        .order_by(owner, at.desc())
    )
    return {contact_id: Mark(model.__name__, id_, moment) for contact_id, id_, moment in rows}
