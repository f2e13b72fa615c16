"""Filters: what a list may be narrowed by, and how that is asked of the table.

Each filter turns itself into conditions.  An id that names no row of its type is a
slip of the caller's and is told by name; a foreign one is well formed, and finds nothing.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute
from strawberry import ID

from graphql_api import ids
from graphql_api.errors import BadInput
from graphql_api.sdl import entry
from graphql_api.types.enums import DeliveryStatus, FollowUpStatus, MessageStatus, TaskStatus
from runtime import models

Condition = sa.ColumnElement[bool]

LONGEST_SEARCH = 200


@entry
class TaskFilter:
    """Which tasks."""

    status: list[TaskStatus] | None = None
    agent_id: ID | None = None
    contact_id: ID | None = None
    opportunity_id: ID | None = None

    def conditions(self) -> Iterator[Condition]:
        """Yield what a task must be."""
        yield from among(models.Task.status, self.status)
        yield from points_at(models.Task.agent_id, "Agent", self.agent_id, "filter.agentId")
        yield from points_at(models.Task.contact_id, "Contact", self.contact_id, "filter.contactId")
        yield from points_at(
            models.Task.opportunity_id, "Opportunity", self.opportunity_id, "filter.opportunityId"
        )


@entry
class FollowUpFilter:
    """Which follow-ups; the times are of when they are due, the later one excluded."""

    status: list[FollowUpStatus] | None = None
    contact_id: ID | None = None
    task_id: ID | None = None
    due_after: datetime | None = None
    due_before: datetime | None = None

    def conditions(self) -> Iterator[Condition]:
        """Yield what a follow-up must be."""
        step = models.FollowUp
        yield from among(step.status, self.status)
        yield from points_at(step.contact_id, "Contact", self.contact_id, "filter.contactId")
        yield from points_at(step.task_id, "Task", self.task_id, "filter.taskId")
        yield from between(step.due_at, self.due_after, self.due_before)


@entry
class SentEmailFilter:
    """Which e-mails."""

    status: list[DeliveryStatus] | None = None
    contact_id: ID | None = None
    task_id: ID | None = None

    def conditions(self) -> Iterator[Condition]:
        """Yield what an e-mail must be."""
        mail = models.SentEmail
        yield from among(mail.status, self.status)
        yield from points_at(mail.contact_id, "Contact", self.contact_id, "filter.contactId")
        yield from points_at(mail.task_id, "Task", self.task_id, "filter.taskId")


@entry
class MessageFilter:
    """Which messages; sender and recipient as they stand there, for example outreach.

    handledAfter and handledBefore: when it was handled or buried, the later one excluded.
    """

    status: list[MessageStatus] | None = None
    sender: str | None = None
    recipient: str | None = None
    task_id: ID | None = None
    correlation_id: ID | None = None
    handled_after: datetime | None = None
    handled_before: datetime | None = None

    def conditions(self) -> Iterator[Condition]:
        """Yield what a message must be."""
        message = models.Message
        yield from among(message.status, self.status)
        yield from among(message.sender, None if self.sender is None else [self.sender])
        yield from among(message.recipient, None if self.recipient is None else [self.recipient])
        yield from points_at(message.task_id, "Task", self.task_id, "filter.taskId")
        yield from between(message.handled_at, self.handled_after, self.handled_before)
        if self.correlation_id is not None:
            yield message.correlation_id == _thread(self.correlation_id)


@entry
class EventFilter:
    """Which events; of types (task.assigned) and in a span of time, its end excluded.

    actor: who did it, as it stands there; search: a text in the summary.
    """

    type: list[str] | None = None
    task_id: ID | None = None
    agent_id: ID | None = None
    contact_id: ID | None = None
    since: datetime | None = None
    until: datetime | None = None
    actor: str | None = None
    search: str | None = None

    def conditions(self) -> Iterator[Condition]:
        """Yield what an event must be."""
        event = models.Event
        yield from among(event.type, self.type)
        yield from among(event.actor, None if self.actor is None else [self.actor])
        yield from holds(self.search, event.summary)
        for column, name, given, argument in self._links():
            yield from points_at(column, name, given, argument)
        yield from between(event.at, self.since, self.until)

    def matcher(self) -> Callable[[Any], bool]:
        """Return what says the same of an event that is already here, for a subscription."""
        keys = [
            (column.key, key(name, given, argument))
            for column, name, given, argument in self._links()
            if given is not None
        ]
        searched = (self.search or "").strip()[:LONGEST_SEARCH].lower()
        return lambda event: (
            (self.type is None or event.type in self.type)
            and (self.actor is None or event.actor == self.actor)
            and searched in event.summary.lower()
            and (self.since is None or event.at >= self.since)
            and (self.until is None or event.at < self.until)
            and all(getattr(event, name) == wanted for name, wanted in keys)
        )

    def _links(self) -> list[tuple[InstrumentedAttribute[Any], str, ID | None, str]]:
        event = models.Event
        return [
            (event.task_id, "Task", self.task_id, "filter.taskId"),
            (event.agent_id, "Agent", self.agent_id, "filter.agentId"),
            (event.contact_id, "Contact", self.contact_id, "filter.contactId"),
        ]


def among(column: InstrumentedAttribute[Any], values: list[Any] | None) -> Iterator[Condition]:
    """Yield that a column has one of these values, if any were named."""
    if values is not None:
        yield column.in_(values)


def points_at(
    column: InstrumentedAttribute[Any], name: str, global_id: ID | None, argument: str
) -> Iterator[Condition]:
    """Yield that a column names this row, if one was named."""
    if global_id is not None:
        yield column == key(name, global_id, argument)


def between(
    column: InstrumentedAttribute[Any], since: datetime | None, until: datetime | None
) -> Iterator[Condition]:
    """Yield that a time lies in a span, as far as it has ends."""
    if since is not None:
        yield column >= since
    if until is not None:
        yield column < until


def holds(text: str | None, *columns: InstrumentedAttribute[Any]) -> Iterator[Condition]:
    """Yield that one of the columns holds this text, in any case, if there is any."""
    if searched := (text or "").strip()[:LONGEST_SEARCH]:
        yield sa.or_(*(column.icontains(searched, autoescape=True) for column in columns))


def key(name: str, global_id: ID, argument: str) -> UUID:
    """Return the key in an id; BadInput names the argument when it is no id of this type."""
    found = ids.uuid(global_id, name)
    if found is None:
        raise BadInput(f"This is no id of the type {name}.", argument)
    return found


def _thread(text: ID) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise BadInput("This is not a correlation id.", "filter.correlationId") from None
