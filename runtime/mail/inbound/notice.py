"""Notice: the provider's word that a mail has come in, read with care.

It holds no text and no headers; only who it was addressed to tells a workspace, and
only if one of the addresses has a token.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from runtime.mail.inbound import addressed

RECEIVED = "email.received"
"""The type of these webhooks; every other is a delivery report."""

# It becomes part of a path at the provider's.
_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")


@dataclass(frozen=True, slots=True)
class Notice:
    """One mail that waits at the provider's; ``tokens`` are believed by nobody yet."""

    email_id: str
    received_at: datetime | None
    tokens: tuple[addressed.Token, ...]


def read(body: bytes) -> Notice | None:
    """Return what a signed body announces; None if it names no mail that could be fetched."""
    whole = orjson.loads(body)
    data = whole.get("data") if isinstance(whole, dict) else None
    email_id = data.get("email_id") if isinstance(data, dict) else None
    if not isinstance(data, dict) or not isinstance(email_id, str) or not _ID.fullmatch(email_id):
        return None
    return Notice(
        email_id, moment(data.get("created_at")), addressed.tokens(addressed.all_of(data))
    )


def moment(value: Any) -> datetime | None:
    """Return a moment of the provider's, None if it cannot be read."""
    try:
        read_ = datetime.fromisoformat(value) if isinstance(value, str) else None
        return read_.astimezone(UTC) if read_ and read_.tzinfo else None
    except (ValueError, OverflowError):
        return None
