"""Letter: a mail that came in, as far as it makes sense.

Whoever wrote it chose every byte.  What is missing or of another shape than expected is
left out, everything is bounded, and nothing here ever raises for what it reads.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from runtime.crm import erased
from runtime.errors import in_a_line
from runtime.mail.inbound import addressed, plain
from runtime.mail.inbound.notice import moment

LONGEST_TEXT = 50_000
"""Characters of a text that are kept."""
_LONGEST_SOURCE = 200_000
_LONGEST_HEADER = 8_000
_MOST_HEADERS = 300
_MOST_IDS = 30

_MESSAGE_ID = re.compile(r"<([^<>\s]{3,300})>")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail.  ``sender`` is "" if it names nobody; ``headers`` have names in lower case.

    ``answers``: the Message-IDs it refers to, without brackets, the nearest first.
    ``parts``: the content types of its attachments, which are not fetched.
    """

    email_id: str
    message_id: str
    sender: str
    named: tuple[str, ...]
    tokens: tuple[addressed.Token, ...]
    subject: str
    text: str
    headers: Mapping[str, tuple[str, ...]]
    answers: tuple[str, ...]
    parts: tuple[str, ...]
    received_at: datetime | None

    def header(self, name: str) -> str:
        """Return the first header of this name, "" if there is none."""
        return next(iter(self.headers.get(name, ())), "")

    def without_words(self) -> "Letter":
        """Return what may be kept of a mail by somebody who was erased: that there was one."""
        return replace(self, sender="", named=(), subject=erased.WORD, text=erased.WORD)


def read(email_id: str, data: Mapping[str, Any]) -> Letter:
    """Return the mail in a provider's answer."""
    headers = _headers(data.get("headers"))
    recipients = addressed.all_of(data)
    sender = addressed.normalised([*_strings(data.get("from")), *headers.get("from", ())])
    return Letter(
        email_id=email_id,
        message_id=next(iter(_ids(_line(data.get("message_id")))), ""),
        sender=sender[0] if sender else "",
        named=addressed.normalised([*recipients, *headers.get("to", ()), *headers.get("cc", ())]),
        tokens=addressed.tokens([*recipients, *headers.get("delivered-to", ())]),
        subject=_line(data.get("subject")),
        text=_text(data),
        headers=headers,
        answers=_answers(headers),
        parts=_parts(data.get("attachments")),
        received_at=moment(data.get("created_at")),
    )


def clean(value: Any) -> str:
    """Return a text that a row can hold, in one line-end convention; "" for anything else."""
    if not isinstance(value, str):
        return ""
    text = value[:_LONGEST_SOURCE].replace("\r\n", "\n").replace("\r", "\n")
    return _UNSTORABLE.sub("\ufffd", text)


def _text(data: Mapping[str, Any]) -> str:
    said = clean(data.get("text"))
    return (said if said.strip() else plain.text(clean(data.get("html")))).strip()[:LONGEST_TEXT]


def _line(value: Any) -> str:
    return in_a_line(clean(value), 500)


def _strings(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [clean(each)[:_LONGEST_HEADER] for each in values if isinstance(each, str)]


def _headers(value: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for name, given in list(value.items())[:_MOST_HEADERS]:
        key = str(name).strip().lower()
        found[key] = (*found.get(key, ()), *_strings(given))
    return found


def _answers(headers: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    nearest = [id_ for text in headers.get("in-reply-to", ()) for id_ in _ids(text)]
    thread = [id_ for text in headers.get("references", ()) for id_ in _ids(text)]
    return tuple(dict.fromkeys([*nearest, *reversed(thread)]))[:_MOST_IDS]


def _ids(text: str) -> list[str]:
    return _MESSAGE_ID.findall(text)


def _parts(value: Any) -> tuple[str, ...]:
    parts = value if isinstance(value, list) else []
    types = (part.get("content_type") for part in parts[: addressed.MOST] if isinstance(part, dict))
    return tuple(type_[:200].lower() for type_ in types if isinstance(type_, str))
