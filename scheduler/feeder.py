"""Feeder: keeps as many calls in flight as there are hands, and no more.

It asks SQL for the most urgent calls when it is woken, when a hand comes free and
more is waiting, and now and then in case a wake-up was lost.  What it claims is
begun at once: nothing that is ours ever waits.
"""

import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta

from runtime import outbox
from runtime.logs import get_logger
from scheduler import mending, performing
from scheduler.leases import Leases
from scheduler.performing import Claimed, Hands
from scheduler.surviving import surviving

GRACE_SECONDS = 20.0
"""How long calls in flight may take to end; they must be released before ``up`` kills us."""
_GATHER_SECONDS = 0.01
"""Hands come free together: one look for several costs as much as one for each."""

log = get_logger(__name__)


class Feeder:
    """The hands of one worker process."""

    def __init__(self, hands: Hands, poll_seconds: Callable[[], float]) -> None:
        """``poll_seconds`` is asked before each wait: it depends on who would wake us."""
        self._hands, self._poll_seconds = hands, poll_seconds
        self._most = hands.settings.worker_calls
        self._flying: set[Claimed] = set()
        self._landed = threading.Condition()
        self._backlog = False
        self._wake, self._stopping = threading.Event(), threading.Event()
        self._leases = Leases(hands, self.flying)
        self._thread = threading.Thread(target=self._run, name="feeder", daemon=True)

    def start(self) -> None:
        """Begin to take calls."""
        self._leases.start()
        self._thread.start()

    def wake(self) -> None:
        """Look for calls now; from any thread, any number of times."""
        self._wake.set()

    def flying(self) -> list[Claimed]:
        """Return the calls in flight."""
        with self._landed:
            return list(self._flying)

    def stop(self, grace_seconds: float = GRACE_SECONDS) -> None:
        """Take no more calls, let those in flight end, and release what is left for others."""
        until = time.monotonic() + grace_seconds
        self._stopping.set()
        self._wake.set()
        self._thread.join(timeout=grace_seconds)
        with self._landed:
            self._landed.wait_for(lambda: not self._flying, max(0.0, until - time.monotonic()))
        self._leases.stop()
        if left := self.flying():
            log.warning("calls in flight are left to others", calls=len(left))
            self._leases.renew(timedelta(0))

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            more = False
            with surviving("calls cannot be claimed"):
                more = self._take()
            with self._landed:
                self._backlog = more and len(self._flying) >= self._most
            if not more or self._backlog:
                self._wake.wait(self._poll_seconds())
            if more:
                self._stopping.wait(_GATHER_SECONDS)

    def _take(self) -> bool:
        """Claim a call for each free hand and begin it; tell whether there may be more."""
        free = self._most - len(self._flying)
        if free <= 0:
            return True
        found = self._due(free)
        for workspace_id, ids in found.items():
            with surviving("calls of a workspace cannot be claimed"):
                for claimed in performing.claim(self._hands, workspace_id, ids):
                    self._begin(claimed)
        return sum(map(len, found.values())) == free

    def _due(self, limit: int) -> dict[uuid.UUID, list[uuid.UUID]]:
        found: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
        now = self._hands.db.now()
        with self._hands.db.dispatch() as connection:
            for workspace_id, call_id in outbox.due(connection, now, limit):
                found[workspace_id].append(call_id)
        return found

    def _begin(self, claimed: Claimed) -> None:
        # A daemon: a call that hangs beyond its deadline must not keep the process.
        hand = threading.Thread(target=self._perform, args=(claimed,), name="call", daemon=True)
        with self._landed:
            hand.start()
            self._flying.add(claimed)

    def _perform(self, claimed: Claimed) -> None:
        try:
            mending.perform(self._hands, claimed)
        finally:
            with self._landed:
                self._flying.discard(claimed)
                self._landed.notify_all()
                if self._backlog:
                    self._wake.set()
