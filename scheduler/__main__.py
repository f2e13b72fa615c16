"""``python -m scheduler worker|clock``: one process of this wing until it is told to stop."""

import sys
from typing import Protocol

from runtime import wing
from runtime.db import Database
from runtime.notifier import Listener, Sender
from runtime.settings import Settings

_WORKER_CONNECTIONS = 22
"""50 calls wait for the outside nearly all their time."""
_CLOCK_CONNECTIONS = 4


class _Part(Protocol):
    def start(self) -> None: ...
    def stop(self) -> None: ...


def main(arguments: list[str]) -> int:
    """Run until SIGTERM; calls in flight end first.  Return the exit status."""
    if arguments not in (["worker"], ["clock"]):
        sys.stderr.write("usage: python -m scheduler worker|clock\n")
        return 2
    settings, stop = wing.enter()
    kind = arguments[0]
    url = settings.database_url or ""
    connections = _WORKER_CONNECTIONS if kind == "worker" else _CLOCK_CONNECTIONS
    db = Database(url, connections=connections, hints=Sender(url))
    if wing.await_database(db, stop):
        listener = Listener(url)
        part = _part(kind, settings, db, listener)
        for each in (part, listener):
            each.start()
        stop.wait()
        part.stop()
        listener.close()
    db.close()
    return 0


def _part(kind: str, settings: Settings, db: Database, listener: Listener) -> _Part:
    # Each process loads its own half: Gemini's SDK alone is 70 MB.
    if kind == "worker":
        from scheduler.worker import Worker  # noqa: PLC0415 - as above

        return Worker.of(settings, db, listener)
    from scheduler.clock import Clock  # noqa: PLC0415 - as above

    return Clock(db, settings.redis_url, listener)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
