"""Approvals: leave to send, each bound to the text it was given for.

A person's approval of a first mail is also the standing one for its follow-ups,
as long as the follow-up settings are those that were shown with it.
"""

import uuid
from datetime import datetime

import sqlalchemy as sa

from runtime.crm import team
from runtime.db import Transaction
from runtime.models import AgentKind, Approval, ApprovalKind, Draft, DraftStatus, Task


def give(
    tx: Transaction,
    draft: Draft,
    *,
    kind: ApprovalKind,
    by: str,
    by_id: uuid.UUID | None = None,
    at: datetime | None = None,
) -> Approval:
    """Let a pending draft out.  ``by_id``: the person, as their token says.

    ``at``: when a person decided, if that was earlier, as with a standing approval: a
    reply since then still stops the mail.
    """
    draft.status = DraftStatus.APPROVED
    draft.decided_at, draft.decided_by, draft.decided_by_id = tx.now, by, by_id
    return tx.insert(
        Approval,
        kind=kind,
        draft_id=draft.id,
        task_id=draft.task_id,
        fingerprint=draft.fingerprint,
        approved_by=by,
        approver_id=by_id,
        approved_at=at or tx.now,
        settings_version=team.member(tx, AgentKind.FOLLOW_UP).settings_version,
    )


def in_force(tx: Transaction, draft: Draft) -> Approval | None:
    """Return the approval under which this draft may leave, if there is one."""
    return tx.scalars(
        sa.select(Approval).where(
            Approval.workspace_id == tx.workspace_id,
            Approval.draft_id == draft.id,
            Approval.voided_at.is_(None),
        )
    ).one_or_none()


def last(tx: Transaction, draft: Draft) -> Approval | None:
    """Return the newest approval that a draft ever had, in force or not."""
    return tx.scalars(
        sa.select(Approval)
        .where(Approval.workspace_id == tx.workspace_id, Approval.draft_id == draft.id)
        .order_by(Approval.id.desc())
        .limit(1)
    ).one_or_none()


def standing(tx: Transaction, task: Task) -> Approval | None:
    """Return the approval of the task's first mail if it covers follow-ups written now."""
    version = team.member(tx, AgentKind.FOLLOW_UP).settings_version
    return tx.scalars(
        sa.select(Approval)
        .join(
            Draft,
            sa.and_(Draft.workspace_id == Approval.workspace_id, Draft.id == Approval.draft_id),
        )
        .where(
            Approval.workspace_id == tx.workspace_id,
            Approval.task_id == task.id,
            Approval.voided_at.is_(None),
            Approval.settings_version == version,
            Draft.follow_up_id.is_(None),
        )
        .order_by(Approval.approved_at.desc())
        .limit(1)
    ).one_or_none()


def outdated(tx: Transaction, draft: Draft) -> bool:
    """Tell whether a draft's leave came with settings that are no longer in force."""
    approval = in_force(tx, draft)
    version = team.member(tx, AgentKind.FOLLOW_UP).settings_version
    return (
        approval is not None
        and approval.kind is ApprovalKind.STANDING
        and approval.settings_version != version
    )


def void(tx: Transaction, draft: Draft, reason: str) -> bool:
    """Take leave back; return whether there was any.  The draft waits for a decision again."""
    approval = in_force(tx, draft)
    if approval is None:
        return False
    approval.voided_at, approval.voided_reason = tx.now, reason
    draft.status, draft.reason = DraftStatus.PENDING, None
    draft.decided_at = draft.decided_by = draft.decided_by_id = None
    return True
