"""Drafts: versions of a mail's text.  A text is never changed; a new version takes its place."""

import hashlib
import uuid

import orjson
import sqlalchemy as sa

from runtime.db import Transaction
from runtime.errors import NotFound
from runtime.models import Draft, DraftStatus, FollowUp, Task, new_id

LONGEST_SUBJECT = 200
LONGEST_BODY = 20_000


def fingerprint(draft: Draft) -> str:
    """Return what an approval is bound to: everything the reader of the mail will see."""
    seen = (draft.to, draft.subject, draft.body)
    where = (str(draft.task_id), str(draft.follow_up_id or ""), draft.version)
    return hashlib.sha256(orjson.dumps((seen, where))).hexdigest()


def store(
    tx: Transaction,
    task: Task,
    *,
    to: str,
    subject: str,
    body: str,
    writer: str,
    actor: str,
    follow_up: FollowUp | None = None,
) -> Draft:
    """Add the next version; those before it, if nobody decided on them, are superseded."""
    version = 1
    if (last := newest(tx, task.id, follow_up.id if follow_up else None)) is not None:
        version = last.version + 1
        if last.status is DraftStatus.PENDING:
            last.status = DraftStatus.SUPERSEDED
    draft = tx.insert(
        Draft,
        id=new_id(),
        task_id=task.id,
        follow_up_id=follow_up.id if follow_up else None,
        to=to,
        version=version,
        subject=subject,
        body=body,
        status=DraftStatus.PENDING,
        writer=writer,
        created_at=tx.now,
    )
    draft.fingerprint = fingerprint(draft)
    tx.flush()
    step = f" of follow-up {follow_up.step}" if follow_up else ""
    tx.record(
        "draft.written",
        f"Version {version}{step} was written by {writer}.",
        actor=actor,
        task=task,
        draft_id=draft.id,
        version=version,
    )
    return draft


def newest(tx: Transaction, task_id: uuid.UUID, follow_up_id: uuid.UUID | None) -> Draft | None:
    """Return the newest version of a task's first mail or of a follow-up's text."""
    return tx.scalars(
        sa.select(Draft)
        .where(
            Draft.workspace_id == tx.workspace_id,
            Draft.task_id == task_id,
            Draft.follow_up_id.is_not_distinct_from(follow_up_id),
        )
        .order_by(Draft.version.desc())
        .limit(1)
    ).one_or_none()


def overtaken(tx: Transaction, draft_id: uuid.UUID | None) -> bool:
    """Tell whether news is about a version in whose place there is a newer one by now."""
    draft = tx.find(Draft, draft_id) if draft_id else None
    if draft is None:
        return False
    last = newest(tx, draft.task_id, draft.follow_up_id)
    return last is not None and last.id != draft.id


def wanted(tx: Transaction, draft_id: object) -> Draft:
    """Return a draft, or raise NotFound on ``draftId``."""
    draft = tx.find(Draft, draft_id)
    if draft is None:
        raise NotFound("There is no draft with this id here.", field="draftId")
    return draft


def supersede_pending(tx: Transaction, task_id: uuid.UUID, follow_up_id: uuid.UUID | None) -> None:
    """Close a draft that nobody will decide on any more."""
    draft = newest(tx, task_id, follow_up_id)
    if draft is not None and draft.status is DraftStatus.PENDING:
        draft.status = DraftStatus.SUPERSEDED
