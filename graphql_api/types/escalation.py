"""Escalation: what waits for a person."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

import strawberry

from graphql_api import ids
from graphql_api.types.enums import EscalationKind
from graphql_api.types.links import ContactLink, SentEmailLink, TaskLink
from graphql_api.types.node import Node, node_of
from graphql_api.types.related import pointed_at
from runtime import models


@node_of(models.Escalation)
class Escalation(Node):
    """Something an agent may not decide; it stays until a person does, or its matter is seen to."""

    kind: EscalationKind
    reason: str
    created_at: datetime
    resolved_at: datetime | None
    resolution: str | None
    resolved_by: str | None = strawberry.field(
        description="Who settled it: a person by their name, else as the one signs who saw to it."
    )
    task_key: strawberry.Private[UUID | None]
    contact_key: strawberry.Private[UUID | None]
    sent_email_key: strawberry.Private[UUID | None]
    task: TaskLink | None = pointed_at(models.Task, "task_key", "The task it is about.")
    contact: ContactLink | None = pointed_at(
        models.Contact, "contact_key", "The contact it is about."
    )
    sent_email: SentEmailLink | None = pointed_at(
        models.SentEmail, "sent_email_key", "The e-mail it is about."
    )

    @classmethod
    def of(cls, row: Any) -> Self:
        """Show an escalation."""
        return cls(
            id=ids.encode("Escalation", row.id),
            kind=row.kind,
            reason=row.reason,
            created_at=row.created_at,
            resolved_at=row.resolved_at,
            resolution=row.resolution,
            resolved_by=row.resolved_by,
            task_key=row.task_id,
            contact_key=row.contact_id,
            sent_email_key=row.sent_email_id,
        )
