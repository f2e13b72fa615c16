"""A push subscription: one browser that a person wants to be nudged in, and how far it was told."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from runtime.models.base import TENANT, Base, Tenant, belongs_to, new_id, of_workspace


class PushSubscription(Tenant, Base):
    """Where a browser is reached, what it is told of, and up to which event it was told.

    ``token_id``: the key that it was asked for with; without that key it is silent.
    ``cursor``: the last event that was told or passed over.  ``telling_to``: the last one that
    the call in flight tells of; found again after its lease, that call is given up.
    ``next_at``: when somebody may look again.  ``server_key``: whose notifications the browser
    takes.  ``refusals``: in a row, by its push service.  ``quiet_start`` and ``quiet_end``:
    ``HH:MM`` in ``timezone``, both or none.
    """

    __tablename__ = "push_subscriptions"
    __table_args__ = (
        of_workspace(),
        belongs_to("token_id", "access_tokens"),
        UniqueConstraint("workspace_id", "endpoint"),
        Index("ix_push_subscriptions_person", "workspace_id", "person_id", "id"),
        Index("ix_push_subscriptions_due", "next_at"),
        {"info": {TENANT: "workspace_id"}},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[uuid.UUID]
    token_id: Mapped[uuid.UUID]
    endpoint: Mapped[str]
    p256dh: Mapped[str]
    auth: Mapped[str]
    server_key: Mapped[str]
    label: Mapped[str | None]
    kinds: Mapped[list[str]] = mapped_column(JSONB)
    quiet_start: Mapped[str | None]
    quiet_end: Mapped[str | None]
    timezone: Mapped[str]
    cursor: Mapped[int] = mapped_column(BigInteger)
    telling_to: Mapped[int | None] = mapped_column(BigInteger)
    test_at: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(server_default="0")
    attempts: Mapped[int] = mapped_column(server_default="0")
    refusals: Mapped[int] = mapped_column(server_default="0")
    next_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
