"""Recommendation: what the planning agent found, on what grounds, and what would be done."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

import strawberry

from graphql_api import ids
from graphql_api.scalars import JSON
from graphql_api.types.enums import AgentKind, Priority, RecommendationStatus
from graphql_api.types.links import ContactLink, OpportunityLink, TaskLink
from graphql_api.types.node import Node, node_of
from graphql_api.types.related import pointed_at
from runtime import models


@node_of(models.Recommendation)
class Recommendation(Node):
    """A finding that waits for an answer, or had one.

    evidence: the rows that it rests on, each with type, id, detail and at.
    why: in a model's words where there are any (wordedBy), else in the rule's own (template).
    """

    rule: str
    title: str
    why: str
    template: str
    worded_by: str | None
    evidence: JSON
    agent_kind: AgentKind
    instruction: str
    priority: Priority
    status: RecommendationStatus
    created_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    reason: str | None
    opportunity_key: strawberry.Private[UUID | None]
    contact_key: strawberry.Private[UUID | None]
    task_key: strawberry.Private[UUID | None]
    opportunity: OpportunityLink | None = pointed_at(
        models.Opportunity, "opportunity_key", "The deal that it is about."
    )
    contact: ContactLink | None = pointed_at(
        models.Contact, "contact_key", "Whom it would be about."
    )
    task: TaskLink | None = pointed_at(models.Task, "task_key", "What came of accepting it.")

    @classmethod
    def of(cls, row: Any) -> Self:
        """Show a recommendation."""
        return cls(
            id=ids.encode("Recommendation", row.id),
            rule=row.rule,
            title=row.title,
            why=row.wording or row.why,
            template=row.why,
            worded_by=row.worded_by,
            evidence=_evidence(row),
            agent_kind=row.agent,
            instruction=row.instruction,
            priority=row.priority,
            status=row.status,
            created_at=row.created_at,
            decided_at=row.decided_at,
            decided_by=row.decided_by,
            reason=row.reason,
            opportunity_key=row.opportunity_id,
            contact_key=row.contact_id,
            task_key=row.task_id,
        )


def _evidence(row: models.Recommendation) -> Any:
    """Return the rows that it rests on, by the ids that they have outside."""
    return [each | {"id": ids.encode(each["type"], each["id"])} for each in row.evidence]
