"""Notes: small JSON files that only their owner may read.

A reader sees the whole old note or the whole new one, never half, and no moment
passes in which somebody else could read a password out of it.
"""

import json
import os
import secrets
from pathlib import Path
from typing import Any

from runtime.settings import SettingsError


def read(path: Path) -> dict[str, Any]:
    """Return the note at ``path``; an absent or broken one is empty, a closed one SettingsError."""
    try:
        note = json.loads(path.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    except OSError as error:
        raise SettingsError(f"RAPPORT_DATA_DIR: {path} cannot be read: {error.strerror}") from None
    return note if isinstance(note, dict) else {}


def write(path: Path, note: dict[str, Any]) -> None:
    """Put ``note`` in the place of what was at ``path``."""
    write_text(path, json.dumps(note, indent=1) + "\n")


def write_text(path: Path, text: str) -> None:
    """Put ``text`` at ``path``, mode 600 from its first byte on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
    draft.replace(path)
