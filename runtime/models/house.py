"""What the house knows of itself: its processes, spent quotas, the answers it must give twice."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Index, func
from sqlalchemy.orm import Mapped, mapped_column

from runtime.models.base import TENANT, Base, Tenant, new_id, of_workspace, state
from runtime.models.states import NodeKind, QueueMode


class Node(Base):
    """A process that was alive at ``seen_at``.  No workspace's data is in it."""

    __tablename__ = "nodes"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[NodeKind] = mapped_column(state(NodeKind))
    queue: Mapped[QueueMode | None] = mapped_column(state(QueueMode))
    host: Mapped[str]
    pid: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(server_default=func.now())
    seen_at: Mapped[datetime] = mapped_column(server_default=func.now())


class SpentQuota(Base):
    """A quota of the deployment's account at its provider that is used up ``until`` a moment.

    ``carrier``: as ``mail.envelope.carrier`` names it.  No workspace's data is in it.
    """

    __tablename__ = "spent_quotas"

    carrier: Mapped[str] = mapped_column(primary_key=True)
    quota: Mapped[str]
    until: Mapped[datetime]
    noted_at: Mapped[datetime]


class IdempotencyKey(Tenant, Base):
    """The answer that a command gave, kept so that the same command gives it again."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (
        of_workspace(),
        Index("ix_idempotency_keys_age", "workspace_id", "created_at"),
        {"info": {TENANT: "workspace_id"}},
    )

    operation: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    result: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
