"""Signatures: whether a webhook comes from whom it says, by the Svix scheme that Resend uses.

Signed is ``id.timestamp.body``, over the bytes as they arrived: what was parsed and
written anew is other bytes.  Only version ``v1`` counts, and the time is signed too,
so that a recorded call is worth nothing after five minutes.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import datetime

TOLERANCE_SECONDS = 300
SHORTEST_KEY = 16
"""Bytes; a shorter key could be guessed, and one of no bytes would be known to everybody."""
LONGEST_ID = 200

_TIMESTAMP = re.compile(r"[0-9]{1,12}", re.ASCII)


class BadSignature(Exception):
    """Nobody who knows the secret has sent this, now; the text says what is wrong with it."""


def signing_keys(secrets: str) -> list[bytes | None]:
    """Return the key of each secret, set apart by commas or blanks; None for one that is none.

    Several are in force while a secret is being changed for another.
    """
    return [_key(text) for text in re.split(r"[,\s]+", secrets) if text]


def verify(headers: Mapping[str, str], body: bytes, *, keys: Sequence[bytes], now: datetime) -> str:
    """Return the id of a call that was signed with one of the keys, or raise BadSignature.

    The time it takes says nothing about how much of a signature was right, nor under which key.
    """
    id_, timestamp = _wanted(headers, "svix-id"), _wanted(headers, "svix-timestamp")
    given = _versions(_wanted(headers, "svix-signature"))
    if not _TIMESTAMP.fullmatch(timestamp):
        raise BadSignature("svix-timestamp is no number of seconds.")
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE_SECONDS:
        raise BadSignature("svix-timestamp is more than five minutes off; check the clocks.")
    signed = b".".join((id_.encode(), timestamp.encode(), body))
    sound = [hmac.compare_digest(sign, _sign(key, signed)) for key in keys for sign in given]
    if not any(sound):
        raise BadSignature("No v1 signature fits; check RESEND_WEBHOOK_SECRET.")
    return id_


def _key(text: str) -> bytes | None:
    try:
        key = base64.b64decode(text.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if len(key) >= SHORTEST_KEY else None


def _wanted(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name, "").strip()
    if not value:
        raise BadSignature(f"The header {name} is missing.")
    if name == "svix-id" and (len(value) > LONGEST_ID or not value.isascii()):
        raise BadSignature("svix-id is no id.")
    return value


def _versions(header: str) -> list[bytes]:
    """Return the signatures of the one version we know; others may stand beside them."""
    found = []
    for entry in header.split():
        version, comma, signature = entry.partition(",")
        if not comma:
            raise BadSignature("svix-signature must hold entries such as v1,SIGNATURE.")
        if version == "v1":
            found.append(signature.encode())
    return found


def _sign(key: bytes, signed: bytes) -> bytes:
    return base64.b64encode(hmac.digest(key, signed, hashlib.sha256))
