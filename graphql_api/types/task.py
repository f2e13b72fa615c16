"""Task: what a person asked an agent to do, and all that grew out of it."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

import strawberry

from graphql_api import ids
from graphql_api.loaders import (
    DRAFTS_OF_TASK,
    EMAILS_OF_TASK,
    ESCALATIONS_OF_TASK,
    FOLLOW_UPS_OF_TASK,
)
from graphql_api.sdl import output
from graphql_api.types.enums import Priority, TaskStatus
from graphql_api.types.links import (
    AgentLink,
    ContactLink,
    DraftLink,
    EscalationLink,
    FollowUpLink,
    OpportunityLink,
    SentEmailLink,
    TaskLink,
)
from graphql_api.types.node import Node, node_of
from graphql_api.types.related import all_of, newest_of, pointed_at
from runtime import models


@output
class TaskError:
    """What went wrong last, and when it is tried again."""

    code: str
    message: str
    retry_at: datetime | None


@node_of(models.Task)
class Task(Node):
    """What a person asked an agent to do."""

    instruction: str
    status: TaskStatus
    priority: Priority
    error: TaskError | None
    attempts: int
    created_at: datetime
    updated_at: datetime
    key: strawberry.Private[UUID]
    agent_key: strawberry.Private[UUID]
    contact_key: strawberry.Private[UUID | None]
    opportunity_key: strawberry.Private[UUID | None]
    queued_after_key: strawberry.Private[UUID | None]
    queued_after: TaskLink | None = pointed_at(
        models.Task, "queued_after_key", "The task that must be over before this one begins."
    )
    agent: AgentLink = pointed_at(models.Agent, "agent_key", "Who does it.")
    contact: ContactLink | None = pointed_at(models.Contact, "contact_key", "Whom it is about.")
    opportunity: OpportunityLink | None = pointed_at(
        models.Opportunity, "opportunity_key", "The deal that it serves."
    )
    draft: DraftLink | None = newest_of(DRAFTS_OF_TASK, "The newest version of the first mail.")
    drafts: list[DraftLink] = all_of(
        DRAFTS_OF_TASK, "All versions of the first mail, the oldest first."
    )
    sent_email: SentEmailLink | None = newest_of(
        EMAILS_OF_TASK, "The first mail as it left, or was held."
    )
    escalations: list[EscalationLink] = all_of(
        ESCALATIONS_OF_TASK, "What a person was asked about it, the oldest first."
    )
    follow_ups: list[FollowUpLink] = all_of(FOLLOW_UPS_OF_TASK, "Its follow-ups in their order.")

    @classmethod
    def of(cls, row: Any) -> Self:
        """Show a task."""
        return cls(
            id=ids.encode("Task", row.id),
            instruction=row.instruction,
            status=row.status,
            priority=row.priority,
            error=_error(row),
            attempts=row.attempts,
            created_at=row.created_at,
            updated_at=row.updated_at,
            key=row.id,
            queued_after_key=row.queued_after_id,
            agent_key=row.agent_id,
            contact_key=row.contact_id,
            opportunity_key=row.opportunity_id,
        )


def _error(row: models.Task) -> TaskError | None:
    if row.error_code is None:
        return None
    return TaskError(code=row.error_code, message=row.error_message or "", retry_at=row.retry_at)
