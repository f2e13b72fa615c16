"""Event: what happened, in order."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

import strawberry

from graphql_api import ids
from graphql_api.scalars import JSON
from graphql_api.types.links import AgentLink, ContactLink, TaskLink
from graphql_api.types.node import Node, node_of
from graphql_api.types.related import pointed_at
from runtime import models


@node_of(models.Event)
class Event(Node):
    """Something that happened.  Its id is a cursor: events(after:) goes on behind it."""

    type: str
    at: datetime
    actor: str
    summary: str
    data: JSON
    task_key: strawberry.Private[UUID | None]
    agent_key: strawberry.Private[UUID | None]
    contact_key: strawberry.Private[UUID | None]
    task: TaskLink | None = pointed_at(models.Task, "task_key", "The task it happened to.")
    agent: AgentLink | None = pointed_at(models.Agent, "agent_key", "The agent it happened to.")
    contact: ContactLink | None = pointed_at(
        models.Contact, "contact_key", "The contact it happened to."
    )

    @classmethod
    def of(cls, row: Any) -> Self:
        """Show an event."""
        return cls(
            id=ids.encode("Event", row.seq),
            type=row.type,
            at=row.at,
            actor=row.actor,
            summary=row.summary,
            data=JSON(row.data),
            task_key=row.task_id,
            agent_key=row.agent_id,
            contact_key=row.contact_id,
        )
