"""Traces: where the rows about a person lie, and which columns hold words about them.

One list for both: who asks is shown all of it, who wants to be forgotten loses the words
of all of it.  A test walks every table and every column of text, so that a new one is
either named here or said to be about nobody.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from runtime.crm import erased, suppression
from runtime.db import Transaction
from runtime.models import (
    Approval,
    Base,
    Call,
    Confidence,
    Contact,
    Draft,
    Escalation,
    Event,
    Fact,
    FollowUp,
    IdempotencyKey,
    InboundEmail,
    MatchedBy,
    Message,
    Opportunity,
    Recommendation,
    Reply,
    ReplyKind,
    Report,
    SentEmail,
    StageChange,
    Suppression,
    Task,
    Timer,
    WebPage,
)

Condition = sa.ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, by the id of their contact and every address they were known by here."""

    workspace_id: uuid.UUID
    contact_id: uuid.UUID
    emails: frozenset[str]

    @property
    def tasks(self) -> sa.Select[Any]:
        """The ids of all tasks about this person."""
        return self._ids(Task, Task.contact_id == self.contact_id)

    @property
    def deals(self) -> sa.Select[Any]:
        """The ids of all deals with this person."""
        return self._ids(Opportunity, Opportunity.contact_id == self.contact_id)

    @property
    def mails(self) -> sa.Select[Any]:
        """The ids of all mails that were to go to this person."""
        return self._ids(SentEmail, SentEmail.contact_id == self.contact_id)

    @property
    def recommendations(self) -> sa.Select[Any]:
        """The ids of all recommendations that this person, or a deal with them, is in."""
        theirs = Recommendation.contact_id == self.contact_id
        return self._ids(Recommendation, theirs | Recommendation.opportunity_id.in_(self.deals))

    @property
    def messages(self) -> sa.CompoundSelect[Any]:
        """The ids of all messages about their tasks, or that word a finding about them."""
        return sa.union_all(
            self._ids(Message, Message.task_id.in_(self.tasks)),
            self._ids(
                Message,
                Message.task_id.is_(None),
                Message.correlation_id.in_(self.recommendations),
            ),
        )

    @property
    def named(self) -> sa.CompoundSelect[Any]:
        """The ids, as text, of all that a command about this person may have answered with."""
        asked: tuple[Any, ...] = (
            self._ids(Contact, Contact.id == self.contact_id),
            self.tasks,
            self._ids(Draft, Draft.task_id.in_(self.tasks)),
            self._ids(FollowUp, FollowUp.contact_id == self.contact_id),
            self._ids(Escalation, Escalation.task_id.in_(self.tasks)),
            self.messages,
            self.deals,
            self.recommendations,
            self._ids(WebPage, WebPage.contact_id == self.contact_id),
        )
        return sa.union_all(*(sa.select(sa.cast(q.subquery().c.id, sa.Text)) for q in asked))

    def _ids(self, model: Any, *conditions: Condition) -> sa.Select[Any]:
        return sa.select(model.id).where(model.workspace_id == self.workspace_id, *conditions)


@dataclass(frozen=True, slots=True)
class Trace:
    """A table with rows about people: its name in an export, which rows, which words.

    ``words``: columns that hold what somebody wrote, or who somebody is.  All other columns
    are keys, counts, times, and words of our own closed lists.
    """

    name: str
    model: type[Base]
    of: Callable[[Person], Condition]
    words: tuple[str, ...] = ()

    def rows(self, tx: Transaction, person: Person) -> Sequence[Any]:
        """Return the rows about a person, in the order of their making."""
        model: Any = self.model
        order = sa.inspect(model).primary_key[-1]
        query = sa.select(model).where(model.workspace_id == tx.workspace_id, self.of(person))
        return tx.scalars(query.order_by(order)).all()


TRACES = (
    Trace(
        "contacts",
        Contact,
        lambda p: Contact.id == p.contact_id,
        (
            *("email", "name", "company", "title", "timezone", "country", "notes"),
            *("lawful_basis", "source"),
        ),
    ),
    Trace(
        "suppressions",
        Suppression,
        lambda p: Suppression.email.in_([*p.emails, *map(suppression.domain, p.emails)]),
        ("email", "reason"),
    ),
    Trace(
        "tasks",
        Task,
        lambda p: Task.contact_id == p.contact_id,
        ("instruction", "error_message"),
    ),
    Trace(
        "drafts",
        Draft,
        lambda p: Draft.task_id.in_(p.tasks),
        ("to", "subject", "body", "reason", "sentences"),
    ),
    Trace("approvals", Approval, lambda p: Approval.task_id.in_(p.tasks), ("voided_reason",)),
    Trace(
        "sentEmails",
        SentEmail,
        lambda p: SentEmail.contact_id == p.contact_id,
        ("to", "subject", "body", "receipt", "envelope"),
    ),
    Trace("followUps", FollowUp, lambda p: FollowUp.contact_id == p.contact_id, ("reason",)),
    Trace(
        "replies",
        Reply,
        lambda p: (Reply.contact_id == p.contact_id) | Reply.sender.in_(p.emails),
        ("text", "subject", "sender"),
    ),
    Trace(
        "inboundEmails",
        InboundEmail,
        lambda p: (InboundEmail.contact_id == p.contact_id) | InboundEmail.sender.in_(p.emails),
        ("sender", "named", "subject", "text", "reason"),
    ),
    Trace(
        "opportunities",
        Opportunity,
        lambda p: Opportunity.contact_id == p.contact_id,
        ("title", "notes", "next_step"),
    ),
    Trace(
        "stageChanges",
        StageChange,
        lambda p: StageChange.opportunity_id.in_(p.deals),
        ("reason",),
    ),
    Trace(
        "recommendations",
        Recommendation,
        lambda p: (
            (Recommendation.contact_id == p.contact_id) | Recommendation.opportunity_id.in_(p.deals)
        ),
        ("title", "why", "wording", "evidence", "instruction", "reason"),
    ),
    Trace("deliveryReports", Report, lambda p: Report.sent_email_id.in_(p.mails), ("body",)),
    Trace(
        "escalations",
        Escalation,
        lambda p: (Escalation.contact_id == p.contact_id) | Escalation.task_id.in_(p.tasks),
        ("reason", "resolution"),
    ),
    Trace(
        "webPages",
        WebPage,
        lambda p: WebPage.contact_id == p.contact_id,
        ("company", "url", "title", "error_message"),
    ),
    Trace(
        "facts",
        Fact,
        # What stands with a colleague, that we know them, is about them too.
        lambda p: (Fact.contact_id == p.contact_id) | (Fact.source_id == p.contact_id),
        ("url", "statement", "quote"),
    ),
    Trace("messages", Message, lambda p: Message.id.in_(p.messages), ("body", "error")),
    Trace("calls", Call, lambda p: Call.task_id.in_(p.tasks), ("body", "error_message")),
    Trace("timers", Timer, lambda p: Timer.task_id.in_(p.tasks), ("body",)),
    Trace(
        "events",
        Event,
        lambda p: (Event.contact_id == p.contact_id) | Event.task_id.in_(p.tasks),
        ("summary", "data"),
    ),
    Trace(
        "commands",
        IdempotencyKey,
        lambda p: IdempotencyKey.result["id"].astext.in_(p.named),
        ("key", "result"),
    ),
)


_THEIRS = (
    Reply.sender.is_not(None),
    # A mail server that reports a failure, a ticket system, speaks of many people.
    Reply.kind.not_in([ReplyKind.BOUNCE, ReplyKind.AUTOMATIC]),
    # So does a colleague, who answers in a thread that they were forwarded.
    (Reply.matched_by != MatchedBy.MESSAGE_ID) | (Reply.confidence == Confidence.HIGH),
)
"""Which replies were sent from an address of the contact's own."""


def person(tx: Transaction, contact: Contact) -> Person:
    """Return a contact with every address that a mail was ever meant for, or came from.

    An address that is another contact's by now is theirs.
    """
    tasks = sa.select(Task.id).where(
        Task.workspace_id == tx.workspace_id, Task.contact_id == contact.id
    )
    meant = tx.scalars(
        sa.select(Draft.to)
        .where(Draft.workspace_id == tx.workspace_id, Draft.task_id.in_(tasks))
        .distinct()
    )
    wrote = tx.scalars(
        sa.select(Reply.sender)
        .where(
            Reply.workspace_id == tx.workspace_id,
            Reply.contact_id == contact.id,
            *_THEIRS,
        )
        .distinct()
    )
    emails = {contact.email, *meant, *(each for each in wrote if each)} - {"", erased.WORD}
    others = tx.scalars(
        sa.select(Contact.email).where(
            Contact.workspace_id == tx.workspace_id,
            Contact.id != contact.id,
            Contact.email.in_(emails),
        )
    )
    return Person(tx.workspace_id, contact.id, frozenset(emails.difference(others)))
