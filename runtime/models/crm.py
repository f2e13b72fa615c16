"""The people we write to, what they answered, and whom we must leave alone."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from runtime.models.base import TENANT, Base, Tenant, belongs_to, new_id, of_workspace, state
from runtime.models.states import ContactStatus, LawfulBasis


class Contact(Tenant, Base):
    """A person with one address; ``email`` is stored as ``addresses.normalise`` returns it.

    ``country``: ISO 3166-1 alpha-2, upper case, for its holidays.  ``lawful_basis`` and
    ``source``: why we may write, and where the address comes from.  ``erased_at``: nothing of
    the person is left here since then, and nothing new is taken in.
    """

    __tablename__ = "contacts"
    __table_args__ = (
        of_workspace(),
        UniqueConstraint("workspace_id", "email"),
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
    lawful_basis: Mapped[LawfulBasis | None] = mapped_column(state(LawfulBasis))
    source: Mapped[str | None]
    status: Mapped[ContactStatus] = mapped_column(
        state(ContactStatus), server_default=ContactStatus.ACTIVE.value
    )
    replied_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]


class Suppression(Tenant, Base):
    """An address that gets no mail from this workspace, whoever asks.

    ``email`` may be ``@example.org``: every address there.  Of somebody who was erased only the
    ``digest`` of the address is kept, which tells nothing and still knows the address again.
    """

    __tablename__ = "suppressions"
    __table_args__ = (
        of_workspace(),
        UniqueConstraint("workspace_id", "email"),
        UniqueConstraint("workspace_id", "digest"),
        CheckConstraint("num_nonnulls(email, digest) = 1", name="known_by_one"),
        {"info": {TENANT: "workspace_id"}},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str | None]
    digest: Mapped[str | None]
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
