"""Ids: what a row is called outside.

``Type:key`` in base64url without padding.  Opaque to clients, and worth nothing by
itself: whatever it names is looked up under the caller's workspace, so a foreign id,
an unknown one and a malformed one meet the same answer.
"""

import base64
import binascii
from uuid import UUID

from strawberry import ID

from runtime import naming
from runtime.errors import NotFound

_LONGEST = 120


def encode(type_name: str, key: object) -> ID:
    """Return the global id of a row."""
    return ID(naming.global_id(type_name, key))


def split(global_id: str) -> tuple[str, str] | None:
    """Return type and key of a global id; None when it is none."""
    if len(global_id) > _LONGEST:
        return None
    try:
        padded = global_id + "=" * (-len(global_id) % 4)
        text = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    type_name, found, key = text.partition(":")
    # One row has one id: a second spelling of it would slip past caches and comparisons.
    return (type_name, key) if found and encode(type_name, key) == global_id else None


def uuid(global_id: str, type_name: str) -> UUID | None:
    """Return the row's UUID when the id names one of this type, else None."""
    parts = split(global_id)
    if parts is None or parts[0] != type_name:
        return None
    try:
        key = UUID(parts[1])
    except ValueError:
        return None
    return key if str(key) == parts[1] else None


def number(global_id: str, type_name: str) -> int | None:
    """Return the row's number when the id names one of this type, else None."""
    parts = split(global_id)
    if parts is None or parts[0] != type_name:
        return None
    key = parts[1]
    return int(key) if key.isascii() and key.isdecimal() and len(key) < 19 else None


def require(global_id: str, type_name: str, field: str) -> UUID:
    """Return the row's UUID, or raise NotFound that names the field, as for an absent row."""
    key = uuid(global_id, type_name)
    if key is None:
        raise missing(type_name, field)
    return key


def missing(type_name: str, field: str) -> NotFound:
    """Return the one answer to an absent, a foreign and a malformed id."""
    name = _WORDS.get(type_name, type_name.lower())
    return NotFound(f"There is no {name} with this id here.", field=field)


_WORDS = {
    "FollowUp": "follow-up",
    "SentEmail": "sent e-mail",
    "InboundEmail": "inbound e-mail",
    "WebPage": "web page",
}
