"""Reading: whether what a person decides on is what they have read, and theirs to decide on.

All under the task's lock: of two who decide at once the second is told what the first did.
"""

import uuid
from typing import Any

from runtime.crm import team, workspaces
from runtime.db import Transaction
from runtime.errors import Conflict, Refused
from runtime.mail import drafts, staleness
from runtime.mail.staleness import StaleCode, StaleReason
from runtime.models import AgentKind, Draft, DraftStatus

BY_HAND = "person:"
"""How the writer of a version is named if it was a person."""

_OUR_AGENTS = frozenset(kind.value.lower() for kind in AgentKind)
"""Who asks for a version by itself, where the settings leave it to them: nobody's own hand."""

_DONE = {
    DraftStatus.APPROVED: "approved",
    DraftStatus.REJECTED: "rejected",
    DraftStatus.SUPERSEDED: "closed",
}


def refuse_if_decided(draft: Draft, who_id: uuid.UUID | None) -> None:
    """Raise Conflict, saying who did what and when, unless a draft awaits a decision."""
    if draft.status is DraftStatus.PENDING:
        return
    mine = who_id is not None and draft.decided_by_id == who_id
    who = "You" if mine else draft.decided_by or "Somebody"
    at = f" at {draft.decided_at:%Y-%m-%d %H:%M:%S} UTC" if draft.decided_at else ""
    why = f" ({draft.reason.rstrip('.')})" if draft.reason else ""
    raise Conflict(
        f"{who} {_DONE[draft.status]} version {draft.version}{at} already{why}: "
        f"the draft is {draft.status}, and nothing was changed.",
        code="ALREADY_DECIDED",
        field="draftId",
    )


def refuse_other_text(tx: Transaction, draft: Draft, fingerprint: str) -> int:
    """Raise Conflict unless this text was read; return under which version of the settings."""
    newest = drafts.newest(tx, draft.task_id, draft.follow_up_id)
    version = _version_read(tx, draft, fingerprint)
    if version is None or (newest and newest.id != draft.id):
        raise Conflict(
            "The draft is no longer what you have read: read it again, then decide.",
            code="STALE_FINGERPRINT",
            field="fingerprint",
        )
    return version


def refuse_other_settings(tx: Transaction, draft: Draft, read_under: int) -> None:
    """Raise Conflict if the follow-up settings are others than those shown with the text."""
    agent = team.member(tx, AgentKind.FOLLOW_UP)
    if draft.follow_up_id is not None or read_under == agent.settings_version:
        return
    said = _difference(team.settings_under(tx, agent, {read_under}).get(read_under), agent.settings)
    raise Conflict(
        f"Since you read it, the follow-up settings changed{said}. This approval would be leave "
        "for the follow-ups too: read the draft again, and approve with its new fingerprint.",
        code="SETTINGS_CHANGED",
        field="fingerprint",
    )


def refuse_own_hand(tx: Transaction, draft: Draft, who_id: uuid.UUID | None) -> None:
    """Raise Refused if four eyes are asked for and these are the two that wrote it."""
    by_hand = draft.writer.startswith(BY_HAND)
    author = draft.author or (draft.writer.removeprefix(BY_HAND) if by_hand else None)
    if author is None or not workspaces.settings(tx).four_eyes:
        return
    if draft.author_id is None and author in _OUR_AGENTS:
        return
    # Of a text of which nobody knows whose it is, anybody might be the author.
    if draft.author_id is not None and who_id is not None and draft.author_id != who_id:
        return
    how = "written" if by_hand else "asked for"
    way_out = "somebody else must approve it: with a token of their own."
    if draft.author_id is None:
        way_out = "nobody can tell who else may approve it: edit it, and somebody else may."
    raise Refused(
        f"Version {draft.version} was {how} by {author}, and in this workspace (fourEyes) "
        f"{way_out}",
        code="FOUR_EYES",
        field="draftId",
    )


def refuse_stale(tx: Transaction, draft: Draft, *, acknowledged: bool) -> list[StaleReason]:
    """Raise Refused if events overtook a draft; return those that the reader lets pass.

    The settings are not among them: who has the present fingerprint has read the present ones.
    """
    found = staleness.of(tx, draft)
    reasons = [reason for reason in found if reason.code is not StaleCode.SETTINGS_CHANGED]
    elsewhere = any(reason.code is StaleCode.ADDRESS_CHANGED for reason in reasons)
    if not reasons or (acknowledged and not elsewhere):
        return reasons
    way_out = "Edit it, or reject it with feedback, for a version that fits" + (
        "." if elsewhere else ", or approve it with acknowledgeStale: true."
    )
    why = " ".join(reason.detail for reason in reasons)
    raise Refused(f"This draft is stale. {why} {way_out}", code="STALE", field="draftId")


def _version_read(tx: Transaction, draft: Draft, fingerprint: str) -> int | None:
    """Return under which version of the follow-up settings a fingerprint was shown, if at all."""
    now = team.member(tx, AgentKind.FOLLOW_UP).settings_version
    if draft.follow_up_id is not None or draft.status is not DraftStatus.PENDING:
        return now if fingerprint == draft.fingerprint else _earlier(draft, fingerprint, now)
    if fingerprint == drafts.shown(draft, now):
        return now
    return _earlier(draft, fingerprint, now)


def _earlier(draft: Draft, fingerprint: str, now: int) -> int | None:
    written_under = draft.settings_version or 1
    if fingerprint == draft.fingerprint:
        return written_under
    versions = range(now, written_under - 1, -1)
    return next((v for v in versions if fingerprint == drafts.rebound(draft, v)), None)


def _difference(before: dict[str, Any] | None, after: dict[str, Any]) -> str:
    if before is None:
        return ""
    keys = [key for key in after if before.get(key) != after[key]]
    parts = [f"{key} was {_text(before.get(key))} and is {_text(after[key])}" for key in keys]
    return f": {'; '.join(parts)}" if parts else " and changed back"


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "empty"
    if isinstance(value, bool):
        return str(value).lower()
    return "not set" if value is None else str(value)
