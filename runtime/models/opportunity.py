"""An opportunity: a deal with somebody, and the stages it went through."""

import uuid
from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from runtime.models.base import TENANT, Base, Tenant, belongs_to, new_id, of_workspace, state
from runtime.models.states import Stage


class Opportunity(Tenant, Base):
    """What may come of a contact.  ``value`` is in the workspace's own currency."""

    __tablename__ = "opportunities"
    __table_args__ = (
        of_workspace(),
        belongs_to("contact_id", "contacts"),
        Index("ix_opportunities_stage", "workspace_id", "stage", "id"),
        Index("ix_opportunities_contact", "workspace_id", "contact_id"),
        {"info": {TENANT: "workspace_id"}},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    title: Mapped[str]
    stage: Mapped[Stage] = mapped_column(state(Stage))
    value: Mapped[float | None]
    contact_id: Mapped[uuid.UUID | None]
    notes: Mapped[str | None]
    next_step: Mapped[str | None]
    stage_changed_at: Mapped[datetime]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class StageChange(Tenant, Base):
    """One move of an opportunity; never changed.  ``before`` is empty for its beginning."""

    __tablename__ = "stage_changes"
    __table_args__ = (
        of_workspace(),
        belongs_to("opportunity_id", "opportunities"),
        Index("ix_stage_changes_opportunity", "workspace_id", "opportunity_id", "id"),
        {"info": {TENANT: "workspace_id"}},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    opportunity_id: Mapped[uuid.UUID]
    before: Mapped[Stage | None] = mapped_column(state(Stage))
    after: Mapped[Stage] = mapped_column(state(Stage))
    by: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]
