"""What research rests on: the pages a person listed, and the facts that were found."""

import uuid
from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from runtime.models.base import TENANT, Base, Tenant, belongs_to, new_id, of_workspace, state
from runtime.models.states import FactSource


class WebPage(Tenant, Base):
    """An address on the web that a person listed for one contact, or for a whole company.

    Nothing else of the web is ever read.  ``read_at``: when last, or last in vain; then
    ``error_code`` and ``error_message`` say why.
    """

    __tablename__ = "web_pages"
    __table_args__ = (
        of_workspace(),
        belongs_to("contact_id", "contacts"),
        UniqueConstraint(
            *("workspace_id", "contact_id", "company", "url"), postgresql_nulls_not_distinct=True
        ),
        Index("ix_web_pages_contact", "workspace_id", "contact_id"),
        Index("ix_web_pages_company", "workspace_id", text("lower(company)")),
        {"info": {TENANT: "workspace_id"}},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    contact_id: Mapped[uuid.UUID | None]
    company: Mapped[str | None]
    url: Mapped[str]
    title: Mapped[str | None]
    added_by: Mapped[str]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    error_code: Mapped[str | None]
    error_message: Mapped[str | None]


class Fact(Tenant, Base):
    """Something known about a contact, word for word from a source that can be looked at.

    ``quote`` stood in the source at ``found_at``; ``statement`` is the quote, or what our own
    code makes of a column.  ``source_id`` names the row; ``url`` the page, as it was read.
    ``digest`` tells one fact from another.  ``withdrawn_at``: since when the source no longer
    says so, or a person took it away.
    """

    __tablename__ = "facts"
    __table_args__ = (
        of_workspace(),
        belongs_to("contact_id", "contacts"),
        UniqueConstraint("workspace_id", "contact_id", "digest"),
        {"info": {TENANT: "workspace_id"}},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    contact_id: Mapped[uuid.UUID]
    source: Mapped[FactSource] = mapped_column(state(FactSource))
    source_id: Mapped[uuid.UUID]
    url: Mapped[str | None]
    statement: Mapped[str]
    quote: Mapped[str]
    digest: Mapped[str]
    found_by: Mapped[str]
    found_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None]
