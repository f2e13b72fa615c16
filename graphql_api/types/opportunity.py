"""Opportunity: what may come of a contact, and how far it has come."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

import strawberry

from graphql_api import ids
from graphql_api.loaders import (
    MOVES_OF_OPPORTUNITY,
    RECOMMENDATIONS_OF_OPPORTUNITY,
    TASKS_OF_OPPORTUNITY,
)
from graphql_api.types.enums import Stage
from graphql_api.types.links import (
    ContactLink,
    RecommendationLink,
    StageChangeLink,
    TaskLink,
)
from graphql_api.types.node import Node, node_of
from graphql_api.types.related import all_of, pointed_at
from runtime import models


@node_of(models.StageChange)
class StageChange(Node):
    """One move of an opportunity; before is null for its beginning."""

    before: Stage | None
    after: Stage
    by: str
    reason: str
    at: datetime

    @classmethod
    def of(cls, row: Any) -> Self:
        """Show a move."""
        return cls(
            id=ids.encode("StageChange", row.id),
            before=row.before,
            after=row.after,
            by=row.by,
            reason=row.reason,
            at=row.at,
        )


@node_of(models.Opportunity)
class Opportunity(Node):
    """A deal; value is in the workspace's own currency."""

    title: str
    stage: Stage
    value: float | None
    notes: str | None
    next_step: str | None
    stage_changed_at: datetime
    created_at: datetime
    updated_at: datetime
    key: strawberry.Private[UUID]
    contact_key: strawberry.Private[UUID | None]
    contact: ContactLink | None = pointed_at(models.Contact, "contact_key", "Whom it is with.")
    tasks: list[TaskLink] = all_of(TASKS_OF_OPPORTUNITY, "The tasks for it, the oldest first.")
    recommendations: list[RecommendationLink] = all_of(
        RECOMMENDATIONS_OF_OPPORTUNITY, "What was recommended about it, the oldest first."
    )
    stage_changes: list[StageChangeLink] = all_of(
        MOVES_OF_OPPORTUNITY, "The stages it went through, the oldest first."
    )

    @classmethod
    def of(cls, row: Any) -> Self:
        """Show an opportunity."""
        return cls(
            id=ids.encode("Opportunity", row.id),
            title=row.title,
            stage=row.stage,
            value=row.value,
            notes=row.notes,
            next_step=row.next_step,
            stage_changed_at=row.stage_changed_at,
            created_at=row.created_at,
            updated_at=row.updated_at,
            key=row.id,
            contact_key=row.contact_id,
        )
