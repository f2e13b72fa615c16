"""Inbound e-mail: what came in, whosever it is."""

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

import strawberry

from graphql_api import ids
from graphql_api.types.enums import Confidence, InboundStatus, MatchedBy
from graphql_api.types.links import ContactLink, SentEmailLink
from graphql_api.types.node import Node, node_of
from graphql_api.types.related import pointed_at
from runtime import models


@node_of(models.InboundEmail)
class InboundEmail(Node):
    """A mail that came in, whole, and what it was taken for.

    While it is SUGGESTED, contact and sentEmail are a guess that a person confirms
    (attachReply) or not (dismissReply).
    """

    status: InboundStatus
    kind: str
    sender: str = strawberry.field(name="from")
    subject: str
    text: str
    reason: str
    matched_by: MatchedBy | None
    confidence: Confidence | None
    returns_on: date | None
    received_at: datetime
    settled_at: datetime | None
    settled_by: str | None
    contact_key: strawberry.Private[UUID | None]
    sent_email_key: strawberry.Private[UUID | None]
    contact: ContactLink | None = pointed_at(models.Contact, "contact_key", "Whose it is.")
    sent_email: SentEmailLink | None = pointed_at(
        models.SentEmail, "sent_email_key", "The e-mail of ours it is about."
    )

    @classmethod
    def of(cls, row: Any) -> Self:
        """Show a mail that came in."""
        return cls(
            id=ids.encode("InboundEmail", row.id),
            status=row.status,
            kind=row.kind,
            sender=row.sender,
            subject=row.subject,
            text=row.text,
            reason=row.reason,
            matched_by=row.matched_by,
            confidence=row.confidence,
            returns_on=row.returns_on,
            received_at=row.received_at,
            settled_at=row.settled_at,
            settled_by=row.settled_by,
            contact_key=row.contact_id,
            sent_email_key=row.sent_email_id,
        )
