"""Tasks, and what grows out of them: drafts, approvals, sent mail, follow-ups, escalations."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
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
from runtime.models.states import (
    ApprovalKind,
    DeliveryStatus,
    DraftStatus,
    EscalationKind,
    FollowUpStatus,
    TaskStatus,
)


class Task(Tenant, Base):
    """What a person asked an agent to do.  Its row is the lock of all that hangs on it.

    ``queued_after_id``: the task it waits for, QUEUED, before it begins; null once it has.
    ``research``: whether facts are looked up first; null, as the settings say.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        of_workspace(),
        belongs_to("agent_id", "agents"),
        belongs_to("contact_id", "contacts"),
        belongs_to("opportunity_id", "opportunities"),
        belongs_to("queued_after_id", "tasks"),
        Index("ix_tasks_status", "workspace_id", "status", "id"),
        Index("ix_tasks_contact", "workspace_id", "contact_id", "id"),
        Index("ix_tasks_agent", "workspace_id", "agent_id", "id"),
        Index("ix_tasks_opportunity", "workspace_id", "opportunity_id", "id"),
        {"info": {TENANT: "workspace_id"}},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    agent_id: Mapped[uuid.UUID]
    contact_id: Mapped[uuid.UUID | None]
    opportunity_id: Mapped[uuid.UUID | None]
    instruction: Mapped[str]
    status: Mapped[TaskStatus] = mapped_column(state(TaskStatus))
    priority: Mapped[Priority]
    attempts: Mapped[int] = mapped_column(server_default="0")
    postponements: Mapped[int] = mapped_column(server_default="0")
    error_code: Mapped[str | None]
    error_message: Mapped[str | None]
    retry_at: Mapped[datetime | None]
    correlation_id: Mapped[uuid.UUID]
    queued_after_id: Mapped[uuid.UUID | None]
    research: Mapped[bool | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class FollowUp(Tenant, Base):
    """One step after the first mail.  ``due_at`` counts from the mail before it as really sent.

    ``counted_from`` is when that left; none where the time is not counted from it: a person
    chose it (``chosen_by``), or the step was paused.  ``drawn``: its place in the window.
    ``overdue_since``: when it was due first, if it was late and planned again.
    ``remaining``: the business time that a paused step still has to wait.
    """

    __tablename__ = "agent_followup_schedule"
    __table_args__ = (
        of_workspace(),
        belongs_to("task_id", "tasks"),
        belongs_to("contact_id", "contacts"),
        UniqueConstraint("workspace_id", "task_id", "step"),
        Index("ix_followups_status", "workspace_id", "status", "due_at"),
        Index("ix_followups_contact", "workspace_id", "contact_id"),
        {"info": {TENANT: "workspace_id"}},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    task_id: Mapped[uuid.UUID]
    contact_id: Mapped[uuid.UUID]
    step: Mapped[int]
    max_steps: Mapped[int]
    status: Mapped[FollowUpStatus] = mapped_column(state(FollowUpStatus))
    reason: Mapped[str | None]
    due_at: Mapped[datetime]
    timezone: Mapped[str]
    timezone_source: Mapped[str] = mapped_column(server_default="workspace")
    calendar: Mapped[str | None]
    skipped: Mapped[list[dict[str, Any]]] = mapped_column(server_default="[]")
    drawn: Mapped[int | None]
    counted_from: Mapped[datetime | None]
    chosen_by: Mapped[str | None]
    overdue_since: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    paused_by: Mapped[str | None]
    remaining: Mapped[timedelta | None]
    executed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Draft(Tenant, Base):
    """One version of a mail's text; never changed, only decided upon.

    ``author``: who wrote it by hand, or whose feedback asked for it; nobody's, null.
    ``known``: what its writer knew, and when (``staleness.knowledge``).
    ``settings_version``: that of the follow-up settings when it was written.
    ``author_id`` and ``decided_by_id`` name persons as their tokens do.
    ``sentences``: what each sentence of the body rests on (``grounding``); null before that.
    """

    __tablename__ = "drafts"
    __table_args__ = (
        of_workspace(),
        belongs_to("task_id", "tasks"),
        belongs_to("follow_up_id", "agent_followup_schedule"),
        belongs_to("edited_from_id", "drafts"),
        UniqueConstraint(
            "workspace_id", "task_id", "follow_up_id", "version", postgresql_nulls_not_distinct=True
        ),
        Index("ix_drafts_status", "workspace_id", "status", "id"),
        Index(
            "ix_drafts_decided",
            *("workspace_id", "decided_at"),
            postgresql_where=text("decided_at IS NOT NULL"),
        ),
        {"info": {TENANT: "workspace_id"}},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    task_id: Mapped[uuid.UUID]
    follow_up_id: Mapped[uuid.UUID | None]
    to: Mapped[str] = mapped_column("to_address")
    version: Mapped[int]
    subject: Mapped[str]
    body: Mapped[str]
    status: Mapped[DraftStatus] = mapped_column(state(DraftStatus))
    fingerprint: Mapped[str]
    writer: Mapped[str]
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    decided_by_id: Mapped[uuid.UUID | None]
    reason: Mapped[str | None]
    author: Mapped[str | None]
    author_id: Mapped[uuid.UUID | None]
    edited_from_id: Mapped[uuid.UUID | None]
    settings_version: Mapped[int | None]
    known: Mapped[dict[str, Any] | None]
    sentences: Mapped[list[dict[str, Any]] | None]


class Approval(Tenant, Base):
    """Leave to send one draft, or (STANDING) the follow-ups of a task under the settings shown."""

    __tablename__ = "approvals"
    __table_args__ = (
        of_workspace(),
        belongs_to("draft_id", "drafts"),
        belongs_to("task_id", "tasks"),
        Index(
            "uq_approvals_in_force",
            *("workspace_id", "draft_id"),
            unique=True,
            postgresql_where=text("voided_at IS NULL"),
        ),
        Index("ix_approvals_task", "workspace_id", "task_id"),
        Index("ix_approvals_draft", "workspace_id", "draft_id"),
        {"info": {TENANT: "workspace_id"}},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[ApprovalKind] = mapped_column(state(ApprovalKind))
    draft_id: Mapped[uuid.UUID]
    task_id: Mapped[uuid.UUID]
    fingerprint: Mapped[str]
    approved_by: Mapped[str]
    approver_id: Mapped[uuid.UUID | None]
    approved_at: Mapped[datetime]
    settings_version: Mapped[int]
    voided_at: Mapped[datetime | None]
    voided_reason: Mapped[str | None]


class SentEmail(Tenant, Base):
    """A mail that passed, or did not pass, the gate: one row for each approved draft.

    ``receipt`` lists each check of the gate with its value.  ``envelope`` is the mail
    as first handed to the transport: a retry sends the same bytes under the same key.
    ``message_id``: what its reader's mail program knows it by (RFC 5322), once we do too.
    ``delayed_at``: when it was first said to be late; ``soft_bounced_at``: to have come back
    for a reason that may pass; ``given_up_ids``: the provider's ids under which it said that
    the mail would not be sent.
    ``reserved_at``: when a real mail took its place under the caps, once for all its tries.
    """

    __tablename__ = "agent_outreach_sent"
    __table_args__ = (
        of_workspace(),
        belongs_to("task_id", "tasks"),
        belongs_to("follow_up_id", "agent_followup_schedule"),
        belongs_to("contact_id", "contacts"),
        belongs_to("draft_id", "drafts"),
        UniqueConstraint("workspace_id", "draft_id"),
        UniqueConstraint("workspace_id", "idempotency_key"),
        Index("ix_sent_task", "workspace_id", "task_id"),
        Index("ix_sent_contact", "workspace_id", "contact_id", "sent_at"),
        Index("ix_sent_status", "workspace_id", "status", "id"),
        Index("ix_sent_draft", "draft_id"),
        Index(
            "ix_sent_message_id",
            "message_id",
            postgresql_where=text("message_id IS NOT NULL"),
        ),
        Index(
            "ix_sent_provider_id",
            "provider_message_id",
            postgresql_where=text("provider_message_id IS NOT NULL"),
        ),
        Index(
            "ix_sent_real",
            *("workspace_id", "sent_at"),
            postgresql_where=text("transport <> 'sandbox'"),
        ),
        {"info": {TENANT: "workspace_id"}},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    task_id: Mapped[uuid.UUID]
    follow_up_id: Mapped[uuid.UUID | None]
    contact_id: Mapped[uuid.UUID]
    draft_id: Mapped[uuid.UUID]
    to: Mapped[str] = mapped_column("to_address")
    subject: Mapped[str]
    body: Mapped[str]
    status: Mapped[DeliveryStatus] = mapped_column(state(DeliveryStatus))
    transport: Mapped[str]
    provider_message_id: Mapped[str | None]
    message_id: Mapped[str | None]
    idempotency_key: Mapped[str]
    receipt: Mapped[list[dict[str, Any]]] = mapped_column(server_default="[]")
    envelope: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    created_at: Mapped[datetime]
    reserved_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    delayed_at: Mapped[datetime | None]
    soft_bounced_at: Mapped[datetime | None]
    given_up_ids: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")


class Escalation(Tenant, Base):
    """Something that waits for a person.  ``dedup_key``: one cause asks once."""

    __tablename__ = "escalations"
    __table_args__ = (
        of_workspace(),
        belongs_to("task_id", "tasks"),
        belongs_to("contact_id", "contacts"),
        belongs_to("sent_email_id", "agent_outreach_sent"),
        UniqueConstraint("workspace_id", "dedup_key"),
        Index(
            "ix_escalations_open",
            *("workspace_id", "id"),
            postgresql_where=text("resolved_at IS NULL"),
        ),
        Index("ix_escalations_task", "workspace_id", "task_id"),
        {"info": {TENANT: "workspace_id"}},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[EscalationKind] = mapped_column(state(EscalationKind))
    reason: Mapped[str]
    dedup_key: Mapped[str]
    task_id: Mapped[uuid.UUID | None]
    contact_id: Mapped[uuid.UUID | None]
    sent_email_id: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolution: Mapped[str | None]
    resolved_by: Mapped[str | None]
