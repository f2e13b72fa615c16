"""An agent: one row per workspace and kind.  The actor that plays it comes and goes."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Float, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from runtime.models.base import TENANT, Base, Tenant, belongs_to, new_id, of_workspace, state
from runtime.models.states import AgentKind, AgentStatus


class Agent(Tenant, Base):
    """Who somebody is, how they are set, and how their last turns went.

    ``version`` rises with each turn and is compared as it commits.
    ``settings_version`` rises with each change of the settings: approvals are bound to it.
    ``unfinished_batch`` is the highest message id of a batch that has begun and not
    ended: as long as messages up to it are ready, they are taken one by one.
    """

    __tablename__ = "agents"
    __table_args__ = (
        of_workspace(),
        UniqueConstraint("workspace_id", "kind"),
        {"info": {TENANT: "workspace_id"}},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[AgentKind] = mapped_column(state(AgentKind))
    name: Mapped[str]
    status: Mapped[AgentStatus] = mapped_column(
        state(AgentStatus), server_default=AgentStatus.IDLE.value
    )
    settings: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    settings_version: Mapped[int] = mapped_column(server_default="1")
    version: Mapped[int] = mapped_column(server_default="0")
    unfinished_batch: Mapped[int | None] = mapped_column(BigInteger)
    crash_count: Mapped[int] = mapped_column(server_default="0")
    resume_at: Mapped[datetime | None]
    last_active_at: Mapped[datetime | None]
    recent_turn_ms: Mapped[list[float]] = mapped_column(ARRAY(Float), server_default="{}")


class PastSettings(Tenant, Base):
    """An agent's settings as they were under a version that is no longer in force."""

    __tablename__ = "agent_past_settings"
    __table_args__ = (
        of_workspace(),
        belongs_to("agent_id", "agents"),
        {"info": {TENANT: "workspace_id"}},
    )

    agent_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    settings: Mapped[dict[str, Any]]
    ended_at: Mapped[datetime]
