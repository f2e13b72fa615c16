"""``python -m scheduler worker|clock``: one process of this wing until it is told to stop."""

import sys
from typing import Protocol

from runtime import logs
from runtime.db import Database
from runtime.notifier import Listener, Sender
from runtime.operator.located import load
from runtime.process import stop_on_signals, watch_parent
from runtime.settings import Settings, SettingsError

_WORKER_CONNECTIONS = 11
"""Twice as many at most: 50 calls wait for the outside nearly all their time."""
_CLOCK_CONNECTIONS = 2


class _Part(Protocol):
    def start(self) -> None: ...
    def stop(self) -> None: ...


def main(arguments: list[str]) -> int:
    """Run until SIGTERM; calls in flight end first.  Return the exit status."""
    if arguments not in (["worker"], ["clock"]):
        sys.stderr.write("usage: python -m scheduler worker|clock\n")
        return 2
    try:
        settings = load()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    logs.configure(settings.log_format, settings.log_level)
    stop = stop_on_signals()
    watch_parent(stop)
    kind = arguments[0]
    url = settings.database_url or ""
    connections = _WORKER_CONNECTIONS if kind == "worker" else _CLOCK_CONNECTIONS
    db = Database(url, connections=connections, hints=Sender(url))
    db.refuse_unsafe_role()
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
