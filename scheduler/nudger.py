"""Nudger: tells people's browsers, a few at the same time, beside the calls of the outbox.

Nobody wakes it, as what happens is gathered for half a minute before it is told; it looks
every two seconds.
"""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

from runtime.db import Database
from runtime.logs import get_logger
from runtime.settings import SettingsError
from scheduler import nudging
from scheduler.integrations.push import Pusher
from scheduler.surviving import surviving

_POLL_SECONDS = 2.0
_HANDS = 4
"""One push service that hangs must not keep the others' browsers waiting."""

log = get_logger(__name__)


class Nudger:
    """One thread of a worker process, with a few hands."""

    def __init__(
        self, db: Database, pusher: Pusher, *, poll_seconds: float = _POLL_SECONDS
    ) -> None:
        self._db, self._pusher, self._poll_seconds = db, pusher, poll_seconds
        self._stopping = threading.Event()
        self._told = False
        self._thread = threading.Thread(target=self._run, name="nudger", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self, grace_seconds: float = 2.0) -> None:
        """Tell no more; calls in flight end by themselves, within their deadline."""
        self._stopping.set()
        self._thread.join(timeout=grace_seconds)

    def once(self) -> int:
        """Look at each subscription that is due, once; return how many were told something."""
        due = nudging.due(self._db)
        if not due or not self._may_sign():
            return 0
        with ThreadPoolExecutor(min(_HANDS, len(due)), thread_name_prefix="nudge") as hands:
            return sum(hands.map(self._nudge, due))

    def _may_sign(self) -> bool:
        """Tell whether there is a key; say once if not."""
        try:
            return bool(self._pusher.server_key)
        except SettingsError as error:
            if not self._told:
                log.warning("nobody can be nudged", error=str(error))
            self._told = True
            return False

    def _run(self) -> None:
        while not self._stopping.wait(self._poll_seconds):
            with surviving("nobody can be nudged"):
                self.once()

    def _nudge(self, which: tuple[uuid.UUID, uuid.UUID]) -> bool:
        told = False
        with surviving("a browser cannot be nudged"):
            if not self._stopping.is_set():
                told = nudging.nudge(self._db, self._pusher, *which)
        return told
