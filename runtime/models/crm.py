"""The people we write to, what they answered, and whom we must leave alone."""

import uuid
from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from runtime.models.base import TENANT, Base, Tenant, belongs_to, new_id, of_workspace, state
from runtime.models.states import ContactStatus


class Contact(Tenant, Base):
    """A person with one address; ``email`` is stored as ``addresses.normalise`` returns it.

    ``country``: ISO 3166-1 alpha-2, upper case, for its holidays.  ``lawful_basis`` and
    ``source``: why we may write, and where the address comes from.
    """

    __tablename__ = "contacts"
    __table_args__ = (
        of_workspace(),
        UniqueConstraint("workspace_id", "email"),
        Index("ix_contacts_company", "workspace_id", text("lower(btrim(company))")),
        {"info": {TENANT: "workspace_id"}},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str]
    name: Mapped[str]
    company: Mapped[str | None]
    title: Mapped[str | None]
    timezone: Mapped[str | None]
    country: Mapped[str | None]
    notes: Mapped[str | None]
    lawful_basis: Mapped[str | None]
    source: Mapped[str | None]
    status: Mapped[ContactStatus] = mapped_column(
        state(ContactStatus), server_default=ContactStatus.ACTIVE.value
    )
    replied_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Suppression(Tenant, Base):
    """An address that gets no mail from this workspace, whoever asks."""

    __tablename__ = "suppressions"
    __table_args__ = (
        of_workspace(),
        UniqueConstraint("workspace_id", "email"),
        {"info": {TENANT: "workspace_id"}},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str]
    reason: Mapped[str]
    source: Mapped[str]
    created_at: Mapped[datetime]


class Reply(Tenant, Base):
    """What a contact answered."""

    __tablename__ = "replies"
    __table_args__ = (
        of_workspace(),
        belongs_to("contact_id", "contacts"),
        belongs_to("sent_email_id", "agent_outreach_sent"),
        Index("ix_replies_contact", "workspace_id", "contact_id", "received_at"),
        {"info": {TENANT: "workspace_id"}},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    contact_id: Mapped[uuid.UUID]
    sent_email_id: Mapped[uuid.UUID | None]
    kind: Mapped[str]
    text: Mapped[str]
    received_at: Mapped[datetime]
