"""Notifier: hints from commit to whoever waits for it, by PostgreSQL NOTIFY.  Ids only.

A hint may be lost, doubled or late; each receiver also polls.  Sent just after
the commit on a connection of its own, never inside the transaction: NOTIFY there
makes all commits queue behind one lock.
"""

import queue
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import psycopg

from runtime.logs import get_logger

CHANNEL = "rapport"
Topic = Literal["agent", "call", "timer", "event", "any"]
_COALESCE_SECONDS = 0.002
_LARGEST_PAYLOAD = 7_500  # PostgreSQL refuses 8,000 bytes

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Hint:
    """Something new for ``topic``; for agents ``id`` says whose mailbox.

    Topic ``any`` means that hints were lost: look everywhere.
    """

    topic: Topic
    workspace_id: uuid.UUID | None = None
    id: uuid.UUID | None = None


EVERYTHING = Hint("any")


class Sender:
    """Collects hints for two milliseconds and sends them at once, on its own thread."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._waiting: queue.SimpleQueue[Iterable[Hint] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def send(self, hints: Iterable[Hint]) -> None:
        """Hand over hints; returns at once and never raises for want of a server."""
        if self._thread is None:
            with self._starting:
                if self._thread is None:
                    self._thread = threading.Thread(
                        target=self._run, name="notifier-sender", daemon=True
                    )
                    self._thread.start()
        self._waiting.put(hints)

    def close(self) -> None:
        """Send what waits and end."""
        if self._thread:
            self._waiting.put(None)
            self._thread.join(timeout=5)

    def _run(self) -> None:
        connection: psycopg.Connection | None = None
        while (hints := self._collect()) is not None:
            try:
                connection = connection or _connected(self._url)
                connection.execute(
                    "SELECT pg_notify(%s, payload) FROM unnest(%s::text[]) AS payload",
                    (CHANNEL, list(_payloads(hints))),
                )
            except psycopg.Error as error:
                # Receivers poll, so what is lost here is only time.
                log.warning("hints lost", error=str(error))
                if connection:
                    connection.close()
                connection = None
        if connection:
            connection.close()

    def _collect(self) -> set[Hint] | None:
        first = self._waiting.get()
        if first is None:
            return None
        time.sleep(_COALESCE_SECONDS)
        hints = set(first)
        while True:
            try:
                more = self._waiting.get_nowait()
            except queue.Empty:
                return hints
            if more is None:
                self._waiting.put(None)
                return hints
            hints.update(more)


class Listener:
    """One LISTEN connection of this process; calls each receiver on its own thread.

    Receivers must be quick (set an event, put into a queue).  After a lost
    connection they get EVERYTHING, as hints were missed meanwhile.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._receivers: list[Callable[[Hint], None]] = []
        self._stop = threading.Event()
        self.listening = threading.Event()
        self._thread = threading.Thread(target=self._run, name="notifier-listener", daemon=True)

    def subscribe(self, receiver: Callable[[Hint], None]) -> None:
        """Add a receiver; before ``start`` or after, from any thread."""
        self._receivers.append(receiver)

    def start(self) -> None:
        """Begin to listen, and keep at it through restarts of the server."""
        self._thread.start()

    def close(self) -> None:
        """End within half a second."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                with _connected(self._url) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    self.listening.set()
                    self._tell(EVERYTHING)
                    self._listen(connection)
            except psycopg.Error as error:
                if self.listening.is_set():  # once for an outage, not once for each try
                    log.warning("listener lost its connection", error=str(error))
                self.listening.clear()
                self._stop.wait(0.5)

    def _listen(self, connection: psycopg.Connection) -> None:
        while not self._stop.is_set():
            for notice in connection.notifies(timeout=0.5):
                for line in notice.payload.splitlines():
                    self._tell(_hint(line))
                if self._stop.is_set():
                    return

    def _tell(self, hint: Hint) -> None:
        for receiver in self._receivers:
            receiver(hint)


def _connected(url: str) -> psycopg.Connection:
    """Return a connection that notices within a minute when the other side is gone."""
    return psycopg.connect(
        url,
        autocommit=True,
        connect_timeout=5,
        keepalives_idle=20,
        keepalives_interval=10,
        keepalives_count=3,
    )


def _payloads(hints: Iterable[Hint]) -> Iterator[str]:
    """Yield newline-separated lines, as few payloads as fit."""
    payload = ""
    for hint in hints:
        line = f"{hint.topic} {hint.workspace_id or '-'} {hint.id or '-'}\n"
        if len(payload) + len(line) > _LARGEST_PAYLOAD:
            yield payload
            payload = ""
        payload += line
    if payload:
        yield payload


def _hint(line: str) -> Hint:
    """Return what a line says; of what is not ours, that one had better look everywhere.

    Any login may notify, and a newer release may speak of topics that this one does not know.
    """
    match line.split(" "):
        case ["agent" | "call" | "timer" | "event" as topic, workspace, id_]:
            try:
                return Hint(topic, _uuid(workspace), _uuid(id_))
            except ValueError:
                return EVERYTHING
        case _:
            return EVERYTHING


def _uuid(text: str) -> uuid.UUID | None:
    return None if text == "-" else uuid.UUID(text)
