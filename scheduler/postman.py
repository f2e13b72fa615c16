"""Postman: fetches what came in, one mail after the other.

One at a time on purpose: the provider allows an account few requests a second, and mail
that leaves has precedence.  Nobody wakes it, as an arrival belongs to no workspace that
could tell of it; it looks each second.
"""

import threading

from runtime import arrivals
from scheduler import fetching
from scheduler.performing import Hands
from scheduler.surviving import surviving

_POLL_SECONDS = 1.0


class Postman:
    """One thread of a worker process."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands
        self._stopping = threading.Event()
        self._noted: set[str] = set()
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
        self._note_unannounced()
        held = fetching.claim(self._hands)
        if held is not None:
            fetching.fetch(self._hands, held)
        return held is not None

    def _note_unannounced(self) -> None:
        """Note what lies in the sandbox's inbox; what was noted before is there already."""
        new = [each for each in self._hands.mailer.arrived() if each not in self._noted]
        if not new:
            return
        now = self._hands.db.now()
        with self._hands.db.house() as connection:
            for email_id in new:
                arrivals.note(
                    connection,
                    provider_email_id=email_id,
                    svix_id=email_id,
                    meant_for=None,
                    received_at=now,
                    now=now,
                )
        self._noted.update(new)
