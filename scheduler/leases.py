"""Leases: a heartbeat for calls in flight.

A call may take longer than its lease, as long as its worker lives.  One that
falls silent loses its calls to others, and its late answer changes nothing.
"""

import threading
import uuid
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import timedelta

from runtime import outbox
from scheduler.performing import Claimed, Hands
from scheduler.surviving import surviving


class Leases:
    """Renews the leases of all calls in flight, three times in the length of one."""

    def __init__(self, hands: Hands, flying: Callable[[], Sequence[Claimed]]) -> None:
        self._hands, self._flying = hands, flying
        self._lease = timedelta(seconds=hands.settings.lease_seconds)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="leases", daemon=True)

    def start(self) -> None:
        """Begin to renew."""
        self._thread.start()

    def stop(self) -> None:
        """Renew no more."""
        self._stopping.set()
        self._thread.join(timeout=5)

    def renew(self, lease: timedelta) -> None:
        """Give all calls in flight this lease from now, a transaction for each workspace."""
        by_workspace: dict[uuid.UUID, list[tuple[uuid.UUID, int]]] = defaultdict(list)
        for claimed in self._flying():
            by_workspace[claimed.workspace_id].append((claimed.id, claimed.fence))
        for workspace_id, held in by_workspace.items():
            self._extend(workspace_id, held, lease)

    def _extend(
        self, workspace_id: uuid.UUID, held: list[tuple[uuid.UUID, int]], lease: timedelta
    ) -> None:
        with surviving("leases cannot be renewed"):
            self._hands.db.run(workspace_id, lambda tx: outbox.extend(tx, held, lease))

    def _run(self) -> None:
        while not self._stopping.wait(self._lease.total_seconds() / 3):
            self.renew(self._lease)
