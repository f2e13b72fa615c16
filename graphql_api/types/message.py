"""Message: what agents tell each other, and people tell them."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

import strawberry
from strawberry import ID

from graphql_api import ids
from graphql_api.scalars import JSON
from graphql_api.types.enums import MessageStatus
from graphql_api.types.links import TaskLink
from graphql_api.types.node import Node, node_of
from graphql_api.types.related import pointed_at
from runtime import mailbox, messages, models


@node_of(models.Message)
class Message(Node):
    """Something said to an agent, or by one to a person.

    text: the same in plain words.  who: the person who said it, by name, where that is known.
    """

    type: str
    sender: str
    who: str | None
    recipient: str
    body: JSON
    text: str
    status: MessageStatus
    attempts: int
    error: str | None
    correlation_id: ID
    causation_id: ID | None
    hops: int
    available_at: datetime
    sent_at: datetime
    handled_at: datetime | None
    task_key: strawberry.Private[UUID | None]
    task: TaskLink | None = pointed_at(models.Task, "task_key", "The task it is about.")

    @classmethod
    def of(cls, row: Any) -> Self:
        """Show a message."""
        cause = row.causation_id
        return cls(
            id=ids.encode("Message", row.id),
            type=row.type,
            sender=row.sender,
            who=row.body.get("who") if row.sender == mailbox.PERSON else None,
            recipient=row.recipient,
            body=JSON(row.body),
            text=messages.in_words(row.type, row.body),
            status=row.status,
            attempts=row.attempts,
            error=row.error,
            correlation_id=ID(str(row.correlation_id)),
            hops=row.hops,
            causation_id=None if cause is None else ids.encode("Message", cause),
            available_at=row.available_at,
            sent_at=row.sent_at,
            handled_at=row.handled_at,
            task_key=row.task_id,
        )
