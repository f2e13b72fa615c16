"""Staleness: what happened since a pending draft was written that its writer did not know.

Found anew each time it is asked, from rows alone: nothing has to remember to mark a draft.
"""

import hashlib
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from runtime.crm import team, workspaces
from runtime.db import Transaction
from runtime.mail import grounds
from runtime.models import AgentKind, Contact, Draft, DraftStatus, SentEmail, Task, Workspace

_READ_BY_THE_WRITER = ("name", "company", "title", "notes")


class StaleCode(StrEnum):
    """Why a pending draft no longer fits what is known now."""

    TOO_OLD = "TOO_OLD"
    ADDRESS_CHANGED = "ADDRESS_CHANGED"
    CONTACT_CHANGED = "CONTACT_CHANGED"
    REPLIED = "REPLIED"
    NEWER_MAIL = "NEWER_MAIL"
    SETTINGS_CHANGED = "SETTINGS_CHANGED"
    FACT_WITHDRAWN = "FACT_WITHDRAWN"


@dataclass(frozen=True, slots=True)
class StaleReason:
    """One thing that has overtaken a draft, in plain words."""

    code: StaleCode
    detail: str


@dataclass(frozen=True, slots=True)
class _Present:
    """What is so now, for all drafts that are looked at."""

    now: datetime
    workspace: Workspace
    settings: workspaces.WorkspaceSettings
    settings_version: int
    withdrawn: frozenset[uuid.UUID]


def knowledge(tx: Transaction, contact: Contact) -> dict[str, Any]:
    """Return what a writer knows of a contact now, as a draft keeps it: marks, no contents."""
    key = workspaces.here(tx).seal_key
    marks = {name: _mark(key, getattr(contact, name)) for name in _READ_BY_THE_WRITER}
    return {"at": tx.now.isoformat(), "contact": marks}


def of(tx: Transaction, draft: Draft) -> list[StaleReason]:
    """Return what has overtaken a draft; nothing unless it is pending."""
    return of_all(tx, [draft]).get(draft.id, [])


def of_all(tx: Transaction, drafts: Sequence[Draft]) -> dict[uuid.UUID, list[StaleReason]]:
    """Return what has overtaken each of these drafts, by its id; as many statements for all."""
    pending = [draft for draft in drafts if draft.status is DraftStatus.PENDING]
    if not pending:
        return {}
    contacts = _contacts(tx, {draft.task_id for draft in pending})
    mails = _last_mails(tx, {contact.id for contact in contacts.values()})
    version = team.member(tx, AgentKind.FOLLOW_UP).settings_version
    present = _Present(
        tx.now,
        workspaces.here(tx),
        workspaces.settings(tx),
        version,
        grounds.withdrawn(tx, pending),
    )
    return {
        draft.id: list(_reasons(draft, contacts[draft.task_id], mails, present))
        for draft in pending
    }


def _reasons(
    draft: Draft, contact: Contact, mails: dict[uuid.UUID, datetime], present: _Present
) -> Iterator[StaleReason]:
    known = draft.known or {}
    since = datetime.fromisoformat(known["at"]) if known else draft.created_at
    if present.now - draft.created_at > present.settings.lifetime:
        detail = f"Written at {_time(draft.created_at)}; a draft is good for "
        yield StaleReason(StaleCode.TOO_OLD, f"{detail}{present.settings.draft_lifetime} here.")
    if draft.to != contact.email:
        detail = f"It is addressed to {draft.to}, and the contact's address is {contact.email}."
        yield StaleReason(StaleCode.ADDRESS_CHANGED, detail)
    marks = known.get("contact", {})
    key = present.workspace.seal_key
    changed = [name for name in marks if marks[name] != _mark(key, getattr(contact, name))]
    if changed:
        detail = f"Changed of the contact since it was written: {', '.join(changed)}."
        yield StaleReason(StaleCode.CONTACT_CHANGED, detail)
    if contact.replied_at and contact.replied_at > since:
        detail = f"The contact replied at {_time(contact.replied_at)}, after it was written."
        yield StaleReason(StaleCode.REPLIED, detail)
    if (last := mails.get(contact.id)) and last > since:
        detail = f"Another mail left to the contact at {_time(last)}, after it was written."
        yield StaleReason(StaleCode.NEWER_MAIL, detail)
    if draft.follow_up_id is None and draft.settings_version != present.settings_version:
        detail = "The follow-up settings are others than when it was written: see followUpSettings."
        yield StaleReason(StaleCode.SETTINGS_CHANGED, detail)
    if gone := sum(fact in present.withdrawn for fact in grounds.facts_of(draft)):
        detail = f"Facts that it rests on and that were withdrawn since: {gone}."
        yield StaleReason(StaleCode.FACT_WITHDRAWN, detail)


def _contacts(tx: Transaction, task_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Contact]:
    rows = tx.execute(
        sa.select(Task.id, Contact)
        .join(
            Contact,
            sa.and_(Contact.workspace_id == Task.workspace_id, Contact.id == Task.contact_id),
        )
        .where(Task.workspace_id == tx.workspace_id, Task.id.in_(task_ids))
        .execution_options(populate_existing=True)
    )
    return {row[0]: row[1] for row in rows}


def _last_mails(tx: Transaction, contact_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    rows = tx.execute(
        sa.select(SentEmail.contact_id, sa.func.max(SentEmail.sent_at))
        .where(
            SentEmail.workspace_id == tx.workspace_id,
            SentEmail.contact_id.in_(contact_ids),
            SentEmail.sent_at.is_not(None),
        )
        .group_by(SentEmail.contact_id)
    )
    return {contact_id: sent_at for contact_id, sent_at in rows if sent_at}


def _mark(key: bytes, value: str | None) -> str:
    # Keyed, so that nobody can try names and companies against what a draft keeps.
    return hashlib.blake2b((value or "").encode(), key=key, digest_size=12).hexdigest()


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"
