"""Fact: something known of a contact, with the source it stands in."""

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
    """Something known of a contact, word for word from a source that can be looked at.

    statement: the quote, or what our own code makes of a column; url: the page, as it was
    read.  withdrawnAt: since when the source no longer says so, or a person took it away.
    """

    source: FactSource
    url: str | None
    statement: str
    quote: str
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
            url=row.url,
            statement=row.statement,
            quote=row.quote,
            found_by=row.found_by,
            found_at=row.found_at,
            withdrawn_at=row.withdrawn_at,
            withdrawn_by=row.withdrawn_by,
            contact_key=row.contact_id,
        )
