"""Sent e-mail: what left, or was held, and why."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

import strawberry

from graphql_api import ids
from graphql_api.sdl import output
from graphql_api.types.enums import DeliveryStatus
from graphql_api.types.links import ContactLink, FollowUpLink, TaskLink
from graphql_api.types.node import Node, node_of
from graphql_api.types.related import pointed_at
from runtime import models


@output
class GateCheck:
    """One rule the gate asked just before sending, and its answer."""

    rule: str
    passed: bool
    detail: str


@node_of(models.SentEmail)
class SentEmail(Node):
    """A mail that passed, or did not pass, the gate."""

    to: str
    subject: str
    body: str
    status: DeliveryStatus
    transport: str
    provider_message_id: str | None
    message_id: str | None
    receipt: list[GateCheck]
    created_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    task_key: strawberry.Private[UUID]
    follow_up_key: strawberry.Private[UUID | None]
    contact_key: strawberry.Private[UUID]
    task: TaskLink = pointed_at(models.Task, "task_key", "The task it was sent for.")
    follow_up: FollowUpLink | None = pointed_at(
        models.FollowUp, "follow_up_key", "The follow-up it was; null for a first mail."
    )
    contact: ContactLink = pointed_at(models.Contact, "contact_key", "Whom it went to.")

    @classmethod
    def of(cls, row: Any) -> Self:
        """Show a mail with its receipt."""
        return cls(
            id=ids.encode("SentEmail", row.id),
            to=row.to,
            subject=row.subject,
            body=row.body,
            status=row.status,
            transport=row.transport,
            provider_message_id=row.provider_message_id,
            message_id=row.message_id,
            receipt=[
                GateCheck(rule=check["rule"], passed=check["passed"], detail=check["detail"])
                for check in row.receipt
            ],
            created_at=row.created_at,
            sent_at=row.sent_at,
            delivered_at=row.delivered_at,
            task_key=row.task_id,
            follow_up_key=row.follow_up_id,
            contact_key=row.contact_id,
        )
