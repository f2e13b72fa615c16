"""Facts: what is known of a contact, word for word from a source, and the pages that are read."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

import strawberry

from graphql_api import ids
from graphql_api.types.enums import FactSource
from graphql_api.types.links import ContactLink
from graphql_api.types.node import Node, node_of
from graphql_api.types.related import pointed_at
from runtime import models


@node_of(models.Fact)
class Fact(Node):
    """A statement about a contact.  quote stood in the source at foundAt.

    url: the page, where it is one.  foundBy: rules, or which model chose the quote.
    withdrawnAt: since when it no longer counts, and by whom.
    """

    source: FactSource
    statement: str
    quote: str
    url: str | None
    found_by: str
    found_at: datetime
    withdrawn_at: datetime | None
    withdrawn_by: str | None
    contact_key: strawberry.Private[UUID]
    contact: ContactLink = pointed_at(models.Contact, "contact_key", "Whom it is about.")

    @classmethod
    def of(cls, row: Any) -> Self:
        """Show a fact."""
        return cls(
            id=ids.encode("Fact", row.id),
            source=row.source,
            statement=row.statement,
            quote=row.quote,
            url=row.url,
            found_by=row.found_by,
            found_at=row.found_at,
            withdrawn_at=row.withdrawn_at,
            withdrawn_by=row.withdrawn_by,
            contact_key=row.contact_id,
        )


@node_of(models.WebPage)
class WebPage(Node):
    """A page that a person listed for a contact or a company: nothing else is ever read.

    readAt: when last, or last in vain; then errorCode and errorMessage say why.
    """

    url: str
    company: str | None
    title: str | None
    added_by: str
    created_at: datetime
    read_at: datetime | None
    error_code: str | None
    error_message: str | None
    contact_key: strawberry.Private[UUID | None]
    contact: ContactLink | None = pointed_at(
        models.Contact, "contact_key", "Whom it is about; null for everybody of the company."
    )

    @classmethod
    def of(cls, row: Any) -> Self:
        """Show a listed page."""
        return cls(
            id=ids.encode("WebPage", row.id),
            url=row.url,
            company=row.company,
            title=row.title,
            added_by=row.added_by,
            created_at=row.created_at,
            read_at=row.read_at,
            error_code=row.error_code,
            error_message=row.error_message,
            contact_key=row.contact_id,
        )
