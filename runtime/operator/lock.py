"""Lock: one ``up`` to a data directory.

The kernel holds the lock and lets it go with the process, whatever that dies of.  The note
beside it tells the others where the dashboard is; a clean end takes it away.
"""

import fcntl
import os
from pathlib import Path
from typing import Any

from runtime.operator.servers import notes
from runtime.settings import SettingsError


class DataDirLock:
    """The lock on ``data_dir``, held from ``take`` to ``release``."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / "up.lock"
        self._note = data_dir / "up.json"
        self.unclean = False
        """Whether the one before us was killed; its children may still be draining."""

    def take(self) -> None:
        """Take the lock, or raise SettingsError: with the holder's address, or why it cannot be."""
        self._handle = self._open()
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._handle)
            where = running(self._path.parent).get("address", "an address it has yet to find")
            raise SettingsError(
                f"RAPPORT_DATA_DIR: {self._path.parent} is in use: Rapport is running at {where}"
            ) from None
        self.unclean = self._note.exists()

    def _open(self) -> int:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            return os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise SettingsError(
                f"RAPPORT_DATA_DIR: {self._path.parent} cannot be used: {error.strerror}"
            ) from None

    def tell(self, **facts: Any) -> None:
        """Leave a note for who finds the lock taken."""
        notes.write(self._note, {"pid": os.getpid(), **facts})

    def release(self) -> None:
        """Give the lock back after a clean end."""
        self._note.unlink(missing_ok=True)
        os.close(self._handle)


def running(data_dir: Path) -> dict[str, Any]:
    """Return the note of the ``up`` that runs there (pid, address, ready), empty without one."""
    return notes.read(data_dir / "up.json")
