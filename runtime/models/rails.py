"""The rows of the four rails: messages in, calls out, timers for later, events of what happened.

Indexes are partial: what is finished costs the rails nothing, however much there is of it.
"""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Identity, Index, UniqueConstraint, func, text
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
from runtime.models.states import AgentKind, CallKind, CallStatus, MessageStatus


class Message(Tenant, Base):
    """Something said to an agent, or by one to a person (then ``recipient_id`` is empty).

    ``hops``: how many messages of agents lie between it and what set it off.
    """

    __tablename__ = "messages"
    __table_args__ = (
        of_workspace(),
        belongs_to("recipient_id", "agents"),
        belongs_to("task_id", "tasks"),
        UniqueConstraint("workspace_id", "dedup_key"),
        Index(
            "ix_messages_ready",
            *("workspace_id", "recipient_id", "priority", "id"),
            postgresql_where=text("status = 'READY'"),
        ),
        Index("ix_messages_due", "available_at", postgresql_where=text("status = 'READY'")),
        Index(
            "ix_messages_tried",
            *("workspace_id", "recipient_id", "sender", "task_id"),
            postgresql_where=text("status = 'READY' AND attempts > 0"),
        ),
        Index("ix_messages_task", "workspace_id", "task_id", "id"),
        Index("ix_messages_thread", "workspace_id", "correlation_id", "id"),
        Index(
            "ix_messages_dead",
            *("workspace_id", "recipient_id"),
            postgresql_where=text("status = 'DEAD'"),
        ),
        Index(
            "ix_messages_handled",
            *("workspace_id", "recipient_id", "handled_at"),
            postgresql_where=text("handled_at IS NOT NULL"),
        ),
        {"info": {TENANT: "workspace_id"}},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    type: Mapped[str]
    sender: Mapped[str]
    recipient: Mapped[str]
    recipient_id: Mapped[uuid.UUID | None]
    body: Mapped[dict[str, Any]]
    status: Mapped[MessageStatus] = mapped_column(
        state(MessageStatus), server_default=MessageStatus.READY.value
    )
    priority: Mapped[Priority]
    attempts: Mapped[int] = mapped_column(server_default="0")
    error: Mapped[str | None]
    task_id: Mapped[uuid.UUID | None]
    correlation_id: Mapped[uuid.UUID]
    causation_id: Mapped[int | None] = mapped_column(BigInteger)
    hops: Mapped[int] = mapped_column(server_default="0")
    dedup_key: Mapped[str | None]
    available_at: Mapped[datetime]
    sent_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]


class Call(Tenant, Base):
    """An outbox entry: one call to the outside, wanted by an agent, performed by a worker.

    ``fence`` rises with each claim: who holds an older one has lost the entry.
    ``in_doubt`` is true from just before a provider is called until it is known that
    the call did nothing; it then may only be repeated under the same key.
    ``task_id`` is null for what is done for no task, such as wording a finding.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        of_workspace(),
        belongs_to("task_id", "tasks"),
        Index(
            "ix_outbox_due",
            *("priority", "available_at"),
            postgresql_where=text("status = 'PLANNED'"),
        ),
        Index("ix_outbox_leases", "lease_until", postgresql_where=text("status = 'STARTED'")),
        Index("ix_outbox_task", "workspace_id", "task_id", "created_at"),
        Index(
            "ix_outbox_open",
            *("workspace_id", "task_id"),
            postgresql_where=text("status IN ('PLANNED', 'STARTED')"),
        ),
        {"info": {TENANT: "workspace_id"}},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[CallKind] = mapped_column(state(CallKind))
    agent: Mapped[AgentKind] = mapped_column(state(AgentKind))
    status: Mapped[CallStatus] = mapped_column(
        state(CallStatus), server_default=CallStatus.PLANNED.value
    )
    priority: Mapped[Priority]
    body: Mapped[dict[str, Any]]
    task_id: Mapped[uuid.UUID | None]
    follow_up_id: Mapped[uuid.UUID | None]
    draft_id: Mapped[uuid.UUID | None]
    attempts: Mapped[int] = mapped_column(server_default="0")
    max_attempts: Mapped[int] = mapped_column(server_default="6")
    available_at: Mapped[datetime]
    fence: Mapped[int] = mapped_column(server_default="0")
    lease_until: Mapped[datetime | None]
    first_started_at: Mapped[datetime | None]
    in_doubt: Mapped[bool] = mapped_column(server_default="false")
    idempotency_key: Mapped[str | None]
    error_code: Mapped[str | None]
    error_message: Mapped[str | None]
    correlation_id: Mapped[uuid.UUID]
    causation_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    @property
    def of_task(self) -> uuid.UUID:
        """The task that a mail's or text's call is made for; none of those is without one."""
        if self.task_id is None:
            raise ValueError(f"call {self.id} is made for no task")
        return self.task_id


class Timer(Tenant, Base):
    """A message that is to be posted later.  The row goes when it fires."""

    __tablename__ = "timers"
    __table_args__ = (
        of_workspace(),
        belongs_to("agent_id", "agents"),
        belongs_to("task_id", "tasks"),
        UniqueConstraint("workspace_id", "agent_id", "name"),
        Index("ix_timers_due", "due_at"),
        Index("ix_timers_task", "workspace_id", "task_id"),
        {"info": {TENANT: "workspace_id"}},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    agent_id: Mapped[uuid.UUID]
    name: Mapped[str]
    generation: Mapped[int] = mapped_column(server_default="1")
    due_at: Mapped[datetime]
    type: Mapped[str]
    body: Mapped[dict[str, Any]]
    task_id: Mapped[uuid.UUID | None]
    priority: Mapped[Priority]
    correlation_id: Mapped[uuid.UUID]


class Event(Tenant, Base):
    """Something that happened.  ``seq`` has no gaps and never appears below a reader's cursor."""

    __tablename__ = "events"
    __table_args__ = (
        of_workspace(),
        Index("ix_events_task", "workspace_id", "task_id", "seq"),
        Index("ix_events_contact", "workspace_id", "contact_id", "seq"),
        Index("ix_events_at", "workspace_id", "at"),
        {"info": {TENANT: "workspace_id"}},
    )

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    type: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    actor: Mapped[str]
    summary: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    task_id: Mapped[uuid.UUID | None]
    agent_id: Mapped[uuid.UUID | None]
    contact_id: Mapped[uuid.UUID | None]


class EventCounter(Tenant, Base):
    """The last number given to an event of this workspace, and the last one pruned."""

    __tablename__ = "event_counters"
    __table_args__ = (of_workspace(), {"info": {TENANT: "workspace_id"}})

    last: Mapped[int] = mapped_column(BigInteger, server_default="0")
    pruned_to: Mapped[int] = mapped_column(BigInteger, server_default="0")
