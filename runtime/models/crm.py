"""The people we write to, what they answered, and whom we must leave alone."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from runtime.models.base import TENANT, Base, Tenant, belongs_to, new_id, of_workspace, state
from runtime.models.states import Confidence, ContactStatus, LawfulBasis, MatchedBy


class Contact(Tenant, Base):
    """A person with one address; ``email`` is stored as ``addresses.normalise`` returns it.

    ``country``: ISO 3166-1 alpha-2, upper case, for its holidays.  ``lawful_basis`` and
    ``source``: why we may write, and where the address comes from.  ``away_until``: the
    day from which somebody who said to be away may be followed up again.  ``erased_at``:
    nothing of the person is left here since then, and nothing new is taken in.
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
    lawful_basis: Mapped[LawfulBasis | None] = mapped_column(state(LawfulBasis))
    source: Mapped[str | None]
    status: Mapped[ContactStatus] = mapped_column(
        state(ContactStatus), server_default=ContactStatus.ACTIVE.value
    )
    replied_at: Mapped[datetime | None]
    away_until: Mapped[date | None]
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
    """What came from a contact, by mail or told by a person; ``text`` is without what it quotes.

    ``crossed``: a mail of ours left, or may have, after it had come in.  ``needs_review``:
    rules acted on it alone, and a person should look whether they were right.
    """

    __tablename__ = "replies"
    __table_args__ = (
        of_workspace(),
        belongs_to("contact_id", "contacts"),
        belongs_to("sent_email_id", "agent_outreach_sent"),
        belongs_to("inbound_email_id", "inbound_emails"),
        Index("ix_replies_contact", "workspace_id", "contact_id", "received_at"),
        {"info": {TENANT: "workspace_id"}},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    contact_id: Mapped[uuid.UUID]
    sent_email_id: Mapped[uuid.UUID | None]
    inbound_email_id: Mapped[uuid.UUID | None]
    kind: Mapped[str]
    subject: Mapped[str | None]
    sender: Mapped[str | None]
    text: Mapped[str]
    matched_by: Mapped[MatchedBy] = mapped_column(
        state(MatchedBy), server_default=MatchedBy.PERSON.value
    )
    confidence: Mapped[Confidence] = mapped_column(
        state(Confidence), server_default=Confidence.HIGH.value
    )
    crossed: Mapped[bool] = mapped_column(server_default=false())
    needs_review: Mapped[bool] = mapped_column(server_default=false())
    returns_on: Mapped[date | None]
    received_at: Mapped[datetime]
