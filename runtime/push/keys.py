"""Keys: the pair that notifications are signed with, one for a whole deployment.

A browser takes notifications of that one signer only (RFC 8292), so the pair must outlive
every process.  It is the setting's, or made once in the data directory.
"""

import base64
import contextlib
import os
import secrets
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from runtime.settings import Settings, SettingsError

FILE = "vapid.key"
_LENGTH = 32


def private(settings: Settings) -> str:
    """Return the private key, base64url without padding.

    Raises SettingsError, one line, if the data directory can keep none.
    """
    if settings.vapid_private_key:
        return settings.vapid_private_key.get_secret_value()
    path = settings.rapport_data_dir / FILE
    try:
        if not path.exists():
            _make(path)
        key = path.read_text().strip()
    except OSError as error:
        raise SettingsError(
            f"RAPPORT_DATA_DIR: {path} cannot be kept ({error.strerror}); set VAPID_PRIVATE_KEY"
        ) from None
    try:
        _public(key)
    except ValueError:
        raise SettingsError(f"RAPPORT_DATA_DIR: {path} holds no key of ours") from None
    return key


def public(settings: Settings) -> str:
    """Return what a browser subscribes with (its applicationServerKey), base64url."""
    return _public(private(settings))


def text(raw: bytes) -> str:
    """Return bytes as base64url without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def raw(text_: str) -> bytes:
    """Return the bytes of a base64url text, padded or not; ValueError if it is none."""
    bare = text_.rstrip("=")
    return base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True)


@cache
def _public(key: str) -> str:
    pair = ec.derive_private_key(int.from_bytes(raw(key)), ec.SECP256R1())
    point = pair.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return text(point)


def _make(path: Path) -> None:
    """Make a key; of two processes that do, one key stays, and both then read that one."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text(number.to_bytes(_LENGTH)) + "\n")
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()
