"""Worker: one process with its hands, and the ways it learns of work."""

from typing import Self

from runtime.db import Database
from runtime.models import NodeKind, QueueMode
from runtime.nodes import Heartbeat
from runtime.notifier import Hint, Listener
from runtime.settings import Settings
from scheduler import integrations, sweep
from scheduler.feeder import Feeder
from scheduler.integrations import web
from scheduler.integrations.push import Pusher
from scheduler.jobs import Host
from scheduler.listening import Listening
from scheduler.nudger import Nudger
from scheduler.performing import Hands
from scheduler.postman import Postman
from scheduler.surviving import surviving

_POLL_SECONDS = {QueueMode.LOCAL: 1.0, QueueMode.RQ: 5.0}
"""How long a call may wait for which nobody woke us."""


class Worker:
    """Makes calls from ``start`` to ``stop``, with Redis and without."""

    def __init__(self, hands: Hands, listener: Listener, pusher: Pusher | None = None) -> None:
        self._db = hands.db
        self._feeder = Feeder(hands, lambda: _POLL_SECONDS[self.mode])
        url = hands.settings.redis_url
        self._listening = Listening(url, Host(self._feeder.wake, self._fire)) if url else None
        self._postman = Postman(hands)
        self._nudger = Nudger(hands.db, pusher or Pusher(hands.settings))
        self._heartbeat = Heartbeat(hands.db, NodeKind.WORKER, queue=lambda: self.mode)
        listener.subscribe(self._on_hint)

    @classmethod
    def of(cls, settings: Settings, db: Database, listener: Listener) -> Self:
        """Return a worker with the mailer, writer and reader that the settings choose."""
        outside = integrations.mailer(settings), integrations.writer(settings), web.reader()
        return cls(Hands(db, settings, *outside), listener)

    @property
    def mode(self) -> QueueMode:
        """By which way it learns of work just now."""
        return self._listening.mode if self._listening else QueueMode.LOCAL

    def start(self) -> None:
        """Begin to work."""
        self._feeder.start()
        self._postman.start()
        self._nudger.start()
        if self._listening:
            self._listening.start()
        self._heartbeat.start()

    def stop(self) -> None:
        """Take no more calls, let those in flight end, and stop."""
        if self._listening:
            self._listening.stop()
        self._nudger.stop()
        self._feeder.stop()
        self._postman.stop()
        self._heartbeat.stop()

    def _on_hint(self, hint: Hint) -> None:
        """RQ wakes one worker for one call; NOTIFY all workers for each."""
        if hint.topic == "any" or (hint.topic == "call" and self.mode is QueueMode.LOCAL):
            self._feeder.wake()

    def _fire(self) -> None:
        with surviving("timers cannot be fired"):
            sweep.fire_due(self._db)
