"""Nodes: which processes of the house are alive, told by a heartbeat row each."""

import os
import socket
import threading
from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from runtime.db import Database
from runtime.logs import get_logger
from runtime.models import Node, NodeKind, QueueMode, new_id

BEAT_SECONDS = 1.0
ALIVE = timedelta(seconds=5)
_FORGET = timedelta(hours=1)

log = get_logger(__name__)


class Heartbeat:
    """Says each second that this process is alive, and by which way it gets its work."""

    def __init__(
        self, db: Database, kind: NodeKind, queue: Callable[[], QueueMode] | None = None
    ) -> None:
        self._db, self._queue = db, queue
        self._row = {
            "id": new_id(),
            "kind": kind,
            "host": socket.gethostname(),
            "pid": os.getpid(),
        }
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def start(self) -> None:
        """Say so now, and then each second."""
        self._thread.start()

    def stop(self) -> None:
        """Say no more, and take the row away."""
        self._stop.set()
        self._thread.join(timeout=5)

    def beat(self) -> None:
        """Say so once."""
        queue = self._queue() if self._queue else None
        seen = {"seen_at": sa.func.clock_timestamp(), "queue": queue}
        with self._db.house() as connection:
            known = connection.execute(
                sa.update(Node).where(Node.id == self._row["id"]).values(seen)
            )
            if not known.rowcount:
                connection.execute(sa.insert(Node).values(self._row | seen))
                connection.execute(
                    sa.delete(Node).where(Node.seen_at < sa.func.clock_timestamp() - _FORGET)
                )

    def _run(self) -> None:
        heard = True
        while True:
            try:
                self.beat()
                heard = True
            except SQLAlchemyError as error:
                if heard:  # once for an outage, not once a second
                    log.warning("heartbeat failed", error=type(error).__name__)
                heard = False
            if self._stop.wait(BEAT_SECONDS):
                break
        try:
            with self._db.house() as connection:
                connection.execute(sa.delete(Node).where(Node.id == self._row["id"]))
        except SQLAlchemyError:
            log.info("the heartbeat row stays until it is forgotten")


def alive(db: Database) -> dict[NodeKind, list[QueueMode | None]]:
    """Return the processes seen lately, by kind, each with its way of getting work."""
    with db.house() as connection:
        rows = connection.execute(
            sa.select(Node.kind, Node.queue).where(Node.seen_at > sa.func.clock_timestamp() - ALIVE)
        )
        found: dict[NodeKind, list[QueueMode | None]] = {kind: [] for kind in NodeKind}
        for row in rows:
            found[row.kind].append(row.queue)
    return found
