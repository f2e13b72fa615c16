"""Reports: what the provider tells of a mail, read with care and kept as it was signed.

A signature says who speaks, not that the words make sense: whatever is missing or of
another shape than expected is left out, and only a body that is no report is refused.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from runtime.crm import erased
from runtime.db import Transaction
from runtime.errors import in_a_line
from runtime.mail import threads
from runtime.models import Report, SentEmail, new_id


class MalformedReport(ValueError):
    """The body is no JSON object with a type."""


@dataclass(frozen=True, slots=True)
class Told:
    """One report.  ``message_id`` is the provider's; the next two ids are our tags.

    ``known_as``: the Message-ID that the mail's reader sees, where the report says it.
    ``at``: when it happened; ``accepted_at``: when the provider took the mail.
    """

    type: str
    message_id: str
    workspace_id: uuid.UUID | None
    draft_id: uuid.UUID | None
    known_as: str | None
    at: datetime | None
    accepted_at: datetime | None
    bounce: str
    sub_bounce: str
    detail: str
    body: str


def read(body: bytes) -> Told:
    """Return what a body says, or raise MalformedReport."""
    try:
        whole = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise MalformedReport("The body is no JSON.") from None
    type_ = _text(_part(whole, "type"), 100)
    if not type_:
        raise MalformedReport("The body has no type.")
    data = _part(whole, "data")
    tags, bounce = _part(data, "tags"), _part(data, "bounce")
    return Told(
        type=type_,
        message_id=_text(_part(data, "email_id"), 200),
        workspace_id=_uuid(_part(tags, "workspace")),
        draft_id=_uuid(_part(tags, "draft")),
        known_as=threads.spelled(_text(_part(data, "message_id"), 300)),
        at=_moment(_part(whole, "created_at")),
        accepted_at=_moment(_part(data, "created_at")),
        bounce=_text(_part(bounce, "type"), 100),
        sub_bounce=_text(_part(bounce, "subType"), 100),
        detail=_detail(data),
        body=body.decode(),
    )


def without_words(told: Told) -> Told:
    """Return what may be kept of a report on somebody who was erased: that there was one."""
    return replace(told, detail="", body=f'{{"type":"{erased.WORD}"}}')


def owners(connection: sa.Connection, told: Told) -> Sequence[uuid.UUID]:
    """Return the workspace that knows a mail by the provider's id.

    Runs under ``Database.dispatch``, which shows no more of a mail than that.
    """
    query = sa.select(SentEmail.workspace_id).where(
        SentEmail.provider_message_id == told.message_id
    )
    return connection.scalars(query.limit(1)).all()


def mail_of(tx: Transaction, told: Told) -> SentEmail | None:
    """Return the mail of this workspace that is meant, by our tags, else by the provider's id."""
    tagged = told.workspace_id == tx.workspace_id and told.draft_id is not None
    named = (
        SentEmail.draft_id == told.draft_id
        if tagged
        else SentEmail.provider_message_id == told.message_id
    )
    if not told.message_id:
        return None
    query = sa.select(SentEmail).where(SentEmail.workspace_id == tx.workspace_id, named)
    return tx.scalars(query.limit(1)).one_or_none()


def keep(tx: Transaction, mail: SentEmail, svix_id: str, told: Told) -> bool:
    """Store a report; False if it was there already.

    Of two that come at the same time, the second waits here until the first has committed.
    """
    added = tx.scalar(
        insert(Report)
        .values(
            workspace_id=tx.workspace_id,
            id=new_id(),
            svix_id=svix_id,
            type=told.type,
            sent_email_id=mail.id,
            body=told.body,
            received_at=tx.now,
        )
        .on_conflict_do_nothing()
        .returning(Report.id)
    )
    return added is not None


def _detail(data: Any) -> str:
    """Return why, in the provider's words, from whichever part of the report has them."""
    if isinstance(_part(data, "bounce"), dict):
        return _bounce_detail(data["bounce"])
    for part, names in (
        ("failed", ("reason",)),
        ("suppressed", ("message", "reason")),
    ):
        for name in names:
            if found := _text(_part(_part(data, part), name), 300):
                return found
    return ""


def _bounce_detail(bounce: dict[str, Any]) -> str:
    """Return the message and the mail servers' own words, which are a text or a list of them."""
    code = bounce.get("diagnosticCode")
    said = [code] if isinstance(code, str) else code if isinstance(code, list) else []
    words = [bounce.get("message") or bounce.get("subType"), *said]
    return _text("; ".join(word for word in words if isinstance(word, str) and word), 300)


def newest_at(tx: Transaction) -> datetime | None:
    """Return when the provider last told this workspace anything of a mail."""
    return tx.scalar(
        sa.select(sa.func.max(Report.received_at)).where(Report.workspace_id == tx.workspace_id)
    )


def _part(whole: Any, name: str) -> Any:
    return whole.get(name) if isinstance(whole, dict) else None


def _text(value: Any, limit: int) -> str:
    # PostgreSQL takes no NUL, and would have the report sent again for two days.
    return in_a_line(value.replace("\0", ""), limit) if isinstance(value, str) else ""


def _uuid(value: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        return moment.astimezone(UTC) if moment and moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
