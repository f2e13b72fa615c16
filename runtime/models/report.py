"""A report: what the provider told us of one of our mails, as it was signed."""

import uuid
from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from runtime.models.base import TENANT, Base, Tenant, belongs_to, new_id, of_workspace


class Report(Tenant, Base):
    """Never changed.  ``svix_id``: a report that is sent again has the same, and counts once.

    ``body`` is text, not JSON columns: the bytes that were signed, and some JSON is
    refused by PostgreSQL.
    """

    __tablename__ = "delivery_reports"
    __table_args__ = (
        of_workspace(),
        belongs_to("sent_email_id", "agent_outreach_sent"),
        UniqueConstraint("workspace_id", "svix_id"),
        Index("ix_reports_sent", "workspace_id", "sent_email_id"),
        Index("ix_reports_received", "workspace_id", "received_at"),
        {"info": {TENANT: "workspace_id"}},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    svix_id: Mapped[str]
    type: Mapped[str]
    sent_email_id: Mapped[uuid.UUID]
    body: Mapped[str]
    received_at: Mapped[datetime]
