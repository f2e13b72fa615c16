"""Seals: short tokens that name a row and cannot be made up, for links and addresses in mails.

A token is the row's id and the beginning of an HMAC over it, under the workspace's own
key and a purpose: what opens one door opens no other.  Lower-case base32, 42 characters,
as an address does not keep its case.
"""

import base64
import binascii
import hashlib
import hmac
import uuid

_MAC_BYTES = 10
_LENGTH = 42


def seal(key: bytes, purpose: str, id_: uuid.UUID) -> str:
    """Return the token of a row for one purpose."""
    return base64.b32encode(id_.bytes + _mac(key, purpose, id_)).decode().lower().rstrip("=")


def named(token: str) -> uuid.UUID | None:
    """Return the id that a token speaks of, believed by nobody yet; None if it is no token."""
    # Some letters outside ASCII have small or capital forms inside: none of them is ours.
    if len(token) != _LENGTH or not token.isascii():
        return None
    try:
        raw = base64.b32decode(token.upper() + "=" * (-_LENGTH % 8))
    except (binascii.Error, ValueError):
        return None
    return uuid.UUID(bytes=raw[:16])


def fits(key: bytes, purpose: str, token: str) -> bool:
    """Tell whether a token was made under this key for this purpose."""
    id_ = named(token)
    return id_ is not None and hmac.compare_digest(seal(key, purpose, id_), token.lower())


def digest(key: bytes, text: str) -> str:
    """Return what a text is known by once it must be forgotten: nobody without the key can try."""
    return hmac.digest(key, text.encode(), hashlib.sha256).hex()


def _mac(key: bytes, purpose: str, id_: uuid.UUID) -> bytes:
    return hmac.digest(key, purpose.encode() + b"/" + id_.bytes, hashlib.sha256)[:_MAC_BYTES]
