"""Relay: from planned calls to jobs.

It remembers what it told and tells it again after a while, so that a Redis that
forgot everything is told everything again.  Several relays tell things twice,
which costs a wake-up.
"""

import time
import uuid

from rq import Queue

from runtime import outbox
from runtime.db import Database
from scheduler import queues

AGAIN_SECONDS = 10.0
_AT_ONCE = 100
"""More than the hands that wait for a job: a worker with work finds the rest by itself."""
_FULL = 1000
"""So many waiting jobs say it already; without workers the queue must not grow for ever."""


class Relay:
    """Tells the workers of due calls.  One thread at a time."""

    def __init__(self, db: Database, queue: Queue) -> None:
        self._db, self._queue = db, queue
        self._told: dict[uuid.UUID, float] = {}

    def announce(self) -> int:
        """Put a job into the queue for each due call that needs one; return how many."""
        due, now = self._due(), time.monotonic()
        told = {
            id_: at
            for id_ in due
            if (at := self._told.get(id_)) is not None and now - at < AGAIN_SECONDS
        }
        fresh = [id_ for id_ in due if id_ not in told]
        if fresh and self._queue.count < _FULL:
            queues.announce(self._queue, [f"call:{id_}" for id_ in fresh])
            told |= dict.fromkeys(fresh, now)
        self._told = told
        return len(fresh)

    def look_everywhere(self) -> None:
        """Have one worker look at all there is, calls and timers."""
        queues.announce(self._queue, [queues.TICK])

    def _due(self) -> list[uuid.UUID]:
        now = self._db.now()
        with self._db.dispatch() as connection:
            return [id_ for _, id_ in outbox.due(connection, now, _AT_ONCE)]
