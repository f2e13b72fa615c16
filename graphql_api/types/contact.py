"""Contacts: whom we write to, what they answered, whom we leave alone."""

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

import strawberry

from graphql_api import ids
from graphql_api.context import Info
from graphql_api.loaders import FACTS_OF_CONTACT
from graphql_api.sdl import field
from graphql_api.types.enums import Confidence, ContactStatus, LawfulBasis, MatchedBy
from graphql_api.types.links import (
    ContactLink,
    FactLink,
    InboundEmailLink,
    SentEmailLink,
    SuppressionLink,
    WebPageLink,
)
from graphql_api.types.node import Node, node_of, present
from graphql_api.types.related import all_of, pointed_at
from runtime import models
from runtime.desk import suppressions


@node_of(models.Contact)
class Contact(Node):
    """A person with one address.

    country: two letters, for its holidays; lawfulBasis and source: why they may be written to,
    and whence the address comes; erasedAt: nothing of the person is left since then.
    """

    email: str
    name: str
    company: str | None
    title: str | None
    timezone: str | None
    country: str | None
    notes: str | None
    lawful_basis: LawfulBasis | None
    source: str | None
    erased_at: datetime | None
    status: ContactStatus
    created_at: datetime
    row: strawberry.Private[models.Contact]
    key: strawberry.Private[UUID]
    facts: list[FactLink] = all_of(FACTS_OF_CONTACT, "What is known, each with its source.")

    @field
    async def web_pages(self, info: Info) -> list[WebPageLink]:
        """List the pages that may be read about them, those of their company too."""
        rows = await info.context.loaders.pages.load(self.row)
        return [present(row) for row in rows]

    @field
    async def suppression(self, info: Info) -> SuppressionLink | None:
        """Name what keeps mail from them: the entry for their address, or for their domain."""
        shown: Suppression | None = present(await info.context.loaders.suppression.load(self.row))
        return shown

    @classmethod
    def of(cls, row: Any) -> Self:
        """Show a contact."""
        return cls(
            id=ids.encode("Contact", row.id),
            email=row.email,
            name=row.name,
            company=row.company,
            title=row.title,
            timezone=row.timezone,
            country=row.country,
            notes=row.notes,
            lawful_basis=row.lawful_basis,
            source=row.source,
            erased_at=row.erased_at,
            status=row.status,
            created_at=row.created_at,
            row=row,
            key=row.id,
        )


@node_of(models.Reply)
class Reply(Node):
    """What came from a contact, and about which e-mail if that is known.

    text is without what it quotes.  crossed: a mail of ours left, or may have, after it had
    come in.  needsReview: rules acted on it alone, and a person should look at it.
    """

    kind: str
    subject: str | None
    sender: str | None = strawberry.field(name="from")
    text: str
    matched_by: MatchedBy
    confidence: Confidence
    crossed: bool
    needs_review: bool
    returns_on: date | None
    received_at: datetime
    contact_key: strawberry.Private[UUID]
    sent_email_key: strawberry.Private[UUID | None]
    inbound_key: strawberry.Private[UUID | None]
    contact: ContactLink = pointed_at(models.Contact, "contact_key", "Who answered.")
    sent_email: SentEmailLink | None = pointed_at(
        models.SentEmail, "sent_email_key", "The e-mail that was answered."
    )
    inbound_email: InboundEmailLink | None = pointed_at(
        models.InboundEmail, "inbound_key", "The mail it came as; null if a person told of it."
    )

    @classmethod
    def of(cls, row: Any) -> Self:
        """Show a reply."""
        return cls(
            id=ids.encode("Reply", row.id),
            kind=row.kind,
            subject=row.subject,
            sender=row.sender,
            text=row.text,
            matched_by=row.matched_by,
            confidence=row.confidence,
            crossed=row.crossed,
            needs_review=row.needs_review,
            returns_on=row.returns_on,
            received_at=row.received_at,
            contact_key=row.contact_id,
            sent_email_key=row.sent_email_id,
            inbound_key=row.inbound_email_id,
        )


@node_of(models.Suppression)
class Suppression(Node):
    """An address that gets no mail from this workspace, whoever asks.

    Of somebody who was erased the list knows no more than the day: that stands for the address.
    """

    email: str
    reason: str
    source: str
    created_at: datetime

    @classmethod
    def of(cls, row: Any) -> Self:
        """Show a suppression."""
        return cls(
            id=ids.encode("Suppression", row.id),
            email=suppressions.name(row),
            reason=row.reason,
            source=row.source,
            created_at=row.created_at,
        )
