"""Clock: the process that knows what is due.

Two loops.  One relays planned calls to the workers, woken by the commit that
planned them.  The other ticks each whole second: it fires what is due, in SQL
alone, and then takes rq-scheduler's steps.  Several clocks do no harm.
"""

import threading
import time

from runtime.db import Database
from runtime.models import NodeKind
from runtime.nodes import Heartbeat
from runtime.notifier import Hint, Listener
from scheduler import queues, sweep
from scheduler.relay import Relay
from scheduler.surviving import Outage, surviving
from scheduler.timetable import Timetable

_POLL_SECONDS = 1.0
_GATHER_SECONDS = 0.005
"""Commits come in bursts: one look for several costs as much as one for each."""
_WRITE_TICKS = 10
"""The timetable is read from SQL anew after so many ticks, and when a timer was set."""


class Clock:
    """Ticks from ``start`` to ``stop``."""

    def __init__(self, db: Database, redis_url: str | None, listener: Listener) -> None:
        self._db = db
        self._stopping = threading.Event()
        self._called, self._reminded = threading.Event(), threading.Event()
        self._threads = [threading.Thread(target=self._tick, name="clock", daemon=True)]
        self._timetable: Timetable | None = None
        if redis_url:
            self._timetable = Timetable(db, queues.queue(queues.connect(redis_url)))
            relay = Relay(db, queues.queue(queues.connect(redis_url)))
            self._threads.append(
                threading.Thread(target=self._tell, args=[relay], name="relay", daemon=True)
            )
        self._heartbeat = Heartbeat(db, NodeKind.CLOCK)
        listener.subscribe(self._on_hint)

    def start(self) -> None:
        """Begin to tick."""
        self._reminded.set()
        for thread in self._threads:
            thread.start()
        self._heartbeat.start()

    def stop(self) -> None:
        """End within a second or two."""
        self._stopping.set()
        self._called.set()
        for thread in self._threads:
            thread.join(timeout=5)
        self._heartbeat.stop()

    def _on_hint(self, hint: Hint) -> None:
        if hint.topic in ("call", "any"):
            self._called.set()
        if hint.topic in ("timer", "any"):
            self._reminded.set()

    def _tell(self, relay: Relay) -> None:
        """Relay calls; after an outage, have a worker look at all there is."""
        outage = Outage("workers find calls by NOTIFY and a poll")
        while not self._stopping.is_set():
            self._called.clear()
            was_over = outage.over
            with surviving("calls cannot be relayed"), outage.survived():
                relay.announce()
                if not was_over:
                    relay.look_everywhere()
            self._called.wait(_POLL_SECONDS)
            self._stopping.wait(_GATHER_SECONDS)

    def _tick(self) -> None:
        outage = Outage("timers are fired by the sweep alone")
        ticks = 0
        while not self._stopping.wait(_to_next_second()):
            with surviving("timers cannot be fired"):
                sweep.fire_due(self._db)
            if self._timetable:
                with surviving("the timetable cannot be kept"), outage.survived():
                    self._keep(self._timetable, ticks)
            ticks += 1

    def _keep(self, timetable: Timetable, ticks: int) -> None:
        if self._reminded.is_set() or ticks % _WRITE_TICKS == 0:
            self._reminded.clear()
            timetable.write()
        timetable.hand_over()


def _to_next_second() -> float:
    """Return the wait until a little past the next whole second, when its jobs are due."""
    return 1.005 - time.time() % 1.0
