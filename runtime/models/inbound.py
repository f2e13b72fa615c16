"""What comes in: mails the provider holds for us, and those that turned out to be a workspace's."""

import uuid
from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from runtime.models.base import TENANT, Base, Tenant, belongs_to, new_id, of_workspace, state
from runtime.models.states import CallStatus, Confidence, InboundStatus, MatchedBy


class Arrival(Base):
    """A mail that is to be fetched from the provider.  No workspace's data is in it.

    Whose it is shows only in its headers, so it belongs to nobody until then; it holds ids
    and times.  ``meant_for``: the workspace to tell if it cannot be fetched.  It stays
    when it is done: the provider may announce it again.
    """

    __tablename__ = "arrivals"
    __table_args__ = (
        UniqueConstraint("provider_email_id"),
        UniqueConstraint("svix_id"),
        Index("ix_arrivals_due", "available_at", postgresql_where=text("status = 'PLANNED'")),
        Index("ix_arrivals_leases", "lease_until", postgresql_where=text("status = 'STARTED'")),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    provider_email_id: Mapped[str]
    svix_id: Mapped[str]
    meant_for: Mapped[uuid.UUID | None]
    status: Mapped[CallStatus] = mapped_column(
        state(CallStatus), server_default=CallStatus.PLANNED.value
    )
    attempts: Mapped[int] = mapped_column(server_default="0")
    available_at: Mapped[datetime]
    fence: Mapped[int] = mapped_column(server_default="0")
    lease_until: Mapped[datetime | None]
    error_code: Mapped[str | None]
    received_at: Mapped[datetime]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class InboundEmail(Tenant, Base):
    """A mail that came in, as it was read, and what it was taken for.

    ``named``: who else was addressed, for their answers in the same thread.  ``contact_id``
    and ``sent_email_id`` are a guess as long as the status is SUGGESTED.
    """

    __tablename__ = "inbound_emails"
    __table_args__ = (
        of_workspace(),
        belongs_to("contact_id", "contacts"),
        belongs_to("sent_email_id", "agent_outreach_sent"),
        UniqueConstraint("workspace_id", "provider_email_id"),
        Index("ix_inbound_contact", "workspace_id", "contact_id"),
        Index(
            "ix_inbound_open",
            *("workspace_id", "contact_id"),
            postgresql_where=text("status = 'SUGGESTED'"),
        ),
        {"info": {TENANT: "workspace_id"}},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    provider_email_id: Mapped[str]
    status: Mapped[InboundStatus] = mapped_column(state(InboundStatus))
    kind: Mapped[str]
    sender: Mapped[str]
    named: Mapped[list[str]] = mapped_column(JSONB, server_default="[]")
    subject: Mapped[str]
    text: Mapped[str]
    reason: Mapped[str]
    contact_id: Mapped[uuid.UUID | None]
    sent_email_id: Mapped[uuid.UUID | None]
    matched_by: Mapped[MatchedBy | None] = mapped_column(state(MatchedBy))
    confidence: Mapped[Confidence | None] = mapped_column(state(Confidence))
    returns_on: Mapped[date | None]
    received_at: Mapped[datetime]
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None]
