"""Inbox: the sandbox's way in, a folder of files in which anybody may answer a mail.

A file is taken as the provider's answer would be: nobody vouches for what is in it, and
what it says is read with the same care.
"""

import re
from collections.abc import Mapping
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from runtime.errors import Reject

_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")
_PREFIX = "inbox-"
_LARGEST = 4_000_000
"""Bytes of a file that are read."""


class Inbox:
    """Reads mails from ``NAME.eml``; the name is the mail's id, and counts once for ever."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def arrived(self) -> list[str]:
        """Return the ids of all mails that lie here, known ones too, by name."""
        names = sorted(file.stem for file in self.folder.glob("*.eml"))
        return [f"{_PREFIX}{name}" for name in names if _NAME.fullmatch(name)]

    def read(self, email_id: str) -> Mapping[str, Any]:
        """Return a mail in the provider's form, or raise Reject if there is none of this id."""
        name = email_id.removeprefix(_PREFIX)
        try:
            if not (email_id.startswith(_PREFIX) and _NAME.fullmatch(name)):
                raise FileNotFoundError
            with (self.folder / f"{name}.eml").open("rb") as file:
                letter = message_from_bytes(file.read(_LARGEST), policy=default)
        except OSError:
            raise Reject(
                "The sandbox's inbox holds no such mail.", code="RECEIVED_MAIL_GONE"
            ) from None
        return _told(email_id, letter)


def _told(email_id: str, letter: EmailMessage) -> dict[str, Any]:
    headers: dict[str, list[str]] = {}
    for name, value in letter.items():
        headers.setdefault(name.lower(), []).append(str(value))
    return {
        "id": email_id,
        "from": str(letter.get("from", "")),
        "to": headers.get("to", []),
        "cc": headers.get("cc", []),
        "subject": str(letter.get("subject", "")),
        "message_id": str(letter.get("message-id", "")),
        "headers": headers,
        "text": _part(letter, "plain"),
        "html": _part(letter, "html"),
        "attachments": [{"content_type": part.get_content_type()} for part in _others(letter)],
    }


def _part(letter: EmailMessage, kind: str) -> str | None:
    body = letter.get_body(preferencelist=(kind,))
    if body is None:
        return None
    try:
        return str(body.get_content())
    except (LookupError, ValueError):  # an encoding that nobody knows
        return None


def _others(letter: EmailMessage) -> list[EmailMessage]:
    """Return the parts that are no text, a delivery report's among them."""
    return [part for part in letter.walk() if part.get_content_maintype() not in _TEXTS]


_TEXTS = ("text", "multipart")
