"""Drafts: versions of a mail's text.  A text is never changed; a new version takes its place."""

import hashlib
import uuid
from typing import Any

import orjson
import sqlalchemy as sa

from runtime.crm import team
from runtime.db import Transaction
from runtime.errors import NotFound
from runtime.mail import grounding
from runtime.mail.basis import Grounds, Judged
from runtime.models import AgentKind, Draft, DraftStatus, FollowUp, Task, new_id

LONGEST_SUBJECT = 200
LONGEST_BODY = 20_000


def fingerprint(draft: Draft) -> str:
    """Return what an approval is bound to: everything the reader of the mail will see."""
    seen = (draft.to, draft.subject, draft.body)
    where = (str(draft.task_id), str(draft.follow_up_id or ""), draft.version)
    return hashlib.sha256(orjson.dumps((seen, where))).hexdigest()


def shown(draft: Draft, settings_version: int) -> str:
    """Return the fingerprint that a reader is given, under this version of the follow-up settings.

    Approving a first mail is leave for its follow-ups too, so what was read must say under
    which settings: they are no part of the text, and may change while it waits.
    """
    settled = draft.status is not DraftStatus.PENDING or draft.follow_up_id is not None
    if settled or draft.settings_version == settings_version:
        return draft.fingerprint
    return rebound(draft, settings_version)


def rebound(draft: Draft, settings_version: int) -> str:
    """Return the fingerprint of a text read under other settings than it was written under."""
    return hashlib.sha256(orjson.dumps((draft.fingerprint, settings_version))).hexdigest()


def store(
    tx: Transaction,
    task: Task,
    *,
    to: str,
    subject: str,
    body: str,
    writer: str,
    actor: str,
    known: dict[str, Any],
    grounds: Grounds,
    follow_up: FollowUp | None = None,
    author_id: uuid.UUID | None = None,
    edited_from: Draft | None = None,
) -> Draft:
    """Add the next version; those before it, if nobody decided on them, are superseded.

    ``known``: what its writer knew (``staleness.knowledge``); ``grounds``: what its sentences
    may rest on, which is told of each.  Written by hand, it is the
    ``edited_from`` anew, and ``author_id`` is the person; else it has an author if somebody's
    feedback on the version before asked for it.
    """
    last = newest(tx, task.id, follow_up.id if follow_up else None)
    version = last.version + 1 if last else 1
    if last is not None and last.status is DraftStatus.PENDING:
        close(tx, last, by=actor, reason=f"Version {version} took its place.")
    author = actor if edited_from else None
    if edited_from is None and last is not None and last.status is DraftStatus.REJECTED:
        author, author_id = last.decided_by, last.decided_by_id
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
        author=author,
        author_id=author_id,
        edited_from_id=edited_from.id if edited_from else None,
        settings_version=team.member(tx, AgentKind.FOLLOW_UP).settings_version,
        known=known,
        sentences=_judged(body, grounds, last, edited_from),
        created_at=tx.now,
    )
    draft.fingerprint = fingerprint(draft)
    tx.flush()
    step = f" of follow-up {follow_up.step}" if follow_up else ""
    tx.record(
        "draft.written",
        f"Version {version}{step} was written by {writer.removeprefix('person:')}.",
        actor=actor,
        task=task,
        draft_id=draft.id,
        version=version,
    )
    return draft


def _judged(
    body: str, grounds: Grounds, last: Draft | None, edited_from: Draft | None
) -> list[dict[str, Any]]:
    if edited_from is not None:
        before = _sentences(edited_from)
        found = grounding.edited(body, grounds, was=edited_from.body, before=before)
    else:
        found = grounding.of(body, grounds, before=_sentences(last))
    return [sentence.to_json() for sentence in found]


def _sentences(draft: Draft | None) -> list[Judged]:
    kept = draft.sentences if draft else None
    return [Judged.from_json(each) for each in kept or ()]


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


def supersede_pending(
    tx: Transaction,
    task_id: uuid.UUID,
    follow_up_id: uuid.UUID | None,
    *,
    by: str,
    reason: str,
) -> None:
    """Close a draft that nobody will decide on any more, if one is pending."""
    draft = newest(tx, task_id, follow_up_id)
    if draft is not None and draft.status is DraftStatus.PENDING:
        close(tx, draft, by=by, reason=reason)


def close(tx: Transaction, draft: Draft, *, by: str, reason: str) -> None:
    """Take a pending draft from the people; who comes too late is told by whom, and why."""
    draft.status, draft.reason = DraftStatus.SUPERSEDED, reason
    draft.decided_at, draft.decided_by, draft.decided_by_id = tx.now, by, None
