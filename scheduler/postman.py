"""Postman: fetches what came in, one mail after the other.

One at a time on purpose: the provider allows an account few requests a second, and mail
that leaves has precedence.  Nobody wakes it, as an arrival belongs to no workspace that
could tell of it; it looks each second.
"""

import threading

from scheduler import fetching
from scheduler.performing import Hands
from scheduler.surviving import surviving

_POLL_SECONDS = 1.0


class Postman:
    """One thread of a worker process."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="postman", daemon=True)

    def start(self) -> None:
        """Begin to fetch."""
        self._thread.start()

    def stop(self, grace_seconds: float = 2.0) -> None:
        """Fetch no more; a mail that takes longer is left to others, which costs a second look."""
        self._stopping.set()
        self._thread.join(timeout=grace_seconds)

    def _run(self) -> None:
        while not self._stopping.is_set():
            found = False
            with surviving("mail that came in cannot be fetched"):
                found = self.once()
            if not found:
                self._stopping.wait(_POLL_SECONDS)

    def once(self) -> bool:
        """Fetch one mail if one is due; return whether there was one."""
        held = fetching.claim(self._hands)
        if held is not None:
            fetching.fetch(self._hands, held)
        return held is not None
