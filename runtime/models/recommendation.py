"""A recommendation: what the planning agent found, and what a person said to it."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from runtime.models.base import (
    TENANT,
    Base,
    Priority,
    Tenant,
    belongs_to,
    new_id,
    of_workspace,
    state,
)
from runtime.models.states import AgentKind, RecommendationStatus


class Recommendation(Tenant, Base):
    """One finding.  ``finding`` names rule, subject and occasion: the same one is here once.

    ``evidence`` lists the rows that it rests on.  ``task_id`` is what came of accepting it.
    ``wording`` is the ``why`` in a model's words, checked, and ``worded_by`` which model's.
    """

    __tablename__ = "recommendations"
    __table_args__ = (
        of_workspace(),
        belongs_to("opportunity_id", "opportunities"),
        belongs_to("contact_id", "contacts"),
        belongs_to("task_id", "tasks"),
        UniqueConstraint("workspace_id", "finding"),
        Index("ix_recommendations_status", "workspace_id", "status", "id"),
        Index("ix_recommendations_opportunity", "workspace_id", "opportunity_id", "id"),
        {"info": {TENANT: "workspace_id"}},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    finding: Mapped[str]
    rule: Mapped[str]
    opportunity_id: Mapped[uuid.UUID | None]
    contact_id: Mapped[uuid.UUID | None]
    title: Mapped[str]
    why: Mapped[str]
    wording: Mapped[str | None]
    worded_by: Mapped[str | None]
    evidence: Mapped[list[dict[str, Any]]]
    agent: Mapped[AgentKind] = mapped_column(state(AgentKind))
    instruction: Mapped[str]
    priority: Mapped[Priority]
    status: Mapped[RecommendationStatus] = mapped_column(state(RecommendationStatus))
    task_id: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    reason: Mapped[str | None]
