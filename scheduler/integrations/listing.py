"""Listing: finding one mail among all that Resend took.

Its list goes from the newest mail back, a hundred a page, and tells recipient, subject
and time; a mail by itself tells its text, and its tags where the provider gives them
back.  Whatever has another shape than expected is no match; a list that cannot be read
back far enough is no list.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import resend

from runtime.errors import Reject
from scheduler.integrations import Found, Sought

_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
_PAGE = 100
_MOST_PAGES = 30
_MOST_LOOKED_INTO = 10
"""So many mails with one subject to one person within a try cannot be told apart any more."""


def find(sought: Sought) -> tuple[Found, ...]:
    """Return the mails that may be this one, reading the list back to before its first try."""
    alike = [item for item in _newest_first(sought.since) if _alike(item, sought)]
    if len(alike) > _MOST_LOOKED_INTO:
        raise Reject("Too many mails at Resend look like this one.", code="MAIL_LIST_AMBIGUOUS")
    looked_into = (_looked_into(item, sought) for item in alike)
    return tuple(found for found in looked_into if found is not None)


def closed(no: Reject) -> Reject:
    """Return why the list cannot be read, as far as a person can do something about it."""
    if no.reason_code in ("MAIL_KEY_RESTRICTED", "MAIL_KEY_INVALID"):
        return Reject(
            "Resend's list of mails cannot be read with this API key: it may only send. With a "
            "key of full access this would be looked up.",
            code="MAIL_LIST_CLOSED",
        )
    return no


def _newest_first(since: datetime) -> Iterator[Mapping[str, Any]]:
    after: str | None = None
    for _ in range(_MOST_PAGES):
        params: resend.Emails.ListParams = {"limit": _PAGE}
        if after is not None:
            params["after"] = after
        answer: Any = resend.Emails.list(params)
        items = [item for item in answer["data"] if isinstance(item, dict)]
        yield from items
        times = [at for item in items if (at := moment(item.get("created_at"))) is not None]
        if not answer["has_more"] or (times and min(times) < since):
            return
        after = str(items[-1]["id"])
    raise Reject("Resend's list of mails is too long to be read.", code="MAIL_LIST_TOO_LONG")


def _alike(item: Mapping[str, Any], sought: Sought) -> bool:
    at = moment(item.get("created_at"))
    return (
        _ID.fullmatch(str(item.get("id"))) is not None
        and at is not None
        and sought.since <= at <= sought.until
        and item.get("subject") == sought.subject
        and _recipients(item) == [sought.to.lower()]
    )


def _looked_into(item: Mapping[str, Any], sought: Sought) -> Found | None:
    """Return what a mail is found to be once its own page is read; None if it is another one."""
    mail: Any = resend.Emails.get(email_id=str(item["id"]))
    tags = _tags(mail.get("tags"))
    if tags:
        ours = tags.get("draft") == sought.tags.get("draft")
        return Found(str(item["id"]), certain=True, at=moment(item["created_at"])) if ours else None
    text = mail.get("text")
    if isinstance(text, str) and text and text.split() != sought.text.split():
        return None
    return Found(str(item["id"]), certain=False, at=moment(item["created_at"]))


def _recipients(item: Mapping[str, Any]) -> list[str]:
    to = item.get("to")
    return [str(address).lower() for address in ([to] if isinstance(to, str) else to or [])]


def _tags(tags: object) -> dict[str, str]:
    """Return a mail's tags, which are a list of names and values, or an object as in webhooks."""
    if isinstance(tags, dict):
        return {str(name): str(value) for name, value in tags.items()}
    if not isinstance(tags, list):
        return {}
    pairs = [tag for tag in tags if isinstance(tag, dict)]
    return {str(tag.get("name")): str(tag.get("value")) for tag in pairs}


def moment(said: object) -> datetime | None:
    """Return a moment as Resend writes it, with a blank or a T in it and perhaps no zone: UTC."""
    try:
        at = datetime.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None
    if at is None:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
