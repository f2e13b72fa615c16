"""Listening: the RQ worker of a process, on a thread, for as long as Redis is there.

It talks to Redis at least once a second, so its own troubles tell that Redis went;
the process then lives by NOTIFY and a poll until it is back, without a restart.
"""

import contextlib
import os
import socket
import threading
import uuid
from collections.abc import Callable
from typing import Any

from redis import RedisError
from redis.exceptions import ConnectionError as GoneError
from redis.exceptions import TimeoutError as SilentError
from rq import Queue, SimpleWorker
from rq.exceptions import DequeueTimeout
from rq.job import Job
from rq.timeouts import TimerDeathPenalty

from runtime.models import QueueMode
from scheduler import jobs, queues
from scheduler.jobs import Host
from scheduler.queues import ReferenceJob
from scheduler.surviving import Outage, surviving

_PAUSE_SECONDS = 0.5
_SILENT_SECONDS = 1.6
"""One blocking pop lasts a second; an answer later than this is none."""
_TTL = 16
"""RQ blocks for 15 seconds less than this."""


class Listening:
    """Wakes ``host`` for each job.  ``mode`` tells whether it can."""

    def __init__(self, url: str, host: Host) -> None:
        self.mode = QueueMode.LOCAL
        self._url, self._host = url, host
        self._outage = Outage("calls are found by NOTIFY and a poll")
        self._client_id = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="rq", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """End at once, or with the next blocking pop."""
        self._stopping.set()
        with contextlib.suppress(RedisError), queues.connect(self._url) as connection:
            connection.client_unblock(self._client_id)
        self._thread.join(timeout=3)

    def _run(self) -> None:
        jobs.host.set(self._host)
        while not self._stopping.is_set():
            with surviving("RQ's worker ended"), self._outage.survived():
                self._listen()
            self._stopping.wait(_PAUSE_SECONDS)

    def _listen(self) -> None:
        """Work off jobs until Redis goes away, which raises, or we are to stop."""
        with queues.connect(self._url, timeout=_SILENT_SECONDS) as connection:
            self._client_id = connection.client_id()
            worker = _Worker(queues.queue(connection), self._stopping, self._switch)
            worker.work()
        if worker.lost:
            raise worker.lost

    def _switch(self, mode: QueueMode) -> None:
        if mode is QueueMode.RQ:
            self._outage.end()
        if self.mode is not mode:
            self.mode = mode
            self._host.wake()  # what the other way would have told of may be lost


class _Worker(SimpleWorker):  # type: ignore[misc]  # RQ has no types
    """RQ's in-process worker, made fit for a thread and for a Redis that comes and goes."""

    death_penalty_class = TimerDeathPenalty

    def __init__(
        self, queue: Queue, stopping: threading.Event, switch: Callable[[QueueMode], None]
    ) -> None:
        """``switch`` is told when it listens and, first thing, when it no longer does."""
        super().__init__(
            [queue],
            name=f"rapport-{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}",
            connection=queue.connection,
            job_class=ReferenceJob,
            serializer=queue.serializer,
            worker_ttl=_TTL,
            maintenance_interval=60,
            log_job_description=False,
        )
        self._stopping, self._switch = stopping, switch
        self.lost: RedisError | None = None

    @property
    def connection_timeout(self) -> float:
        """RQ would lift the connection's time-out to ten seconds."""
        return _SILENT_SECONDS

    def bootstrap(self, *args: Any, **kwargs: Any) -> None:
        """Register with Redis."""
        super().bootstrap(*args, **kwargs)
        self._switch(QueueMode.RQ)

    def dequeue_job_and_maintain_ttl(
        self,
        timeout: int | None,
        max_idle_time: int | None = None,  # noqa: ARG002 - RQ's signature
    ) -> tuple[Job, Queue] | None:
        """Return the next job, or None to end: we are to stop, or Redis is gone.

        RQ's own would sleep through an outage, up to a minute at a time, and
        through our stopping.
        """
        try:
            while not self._stopping.is_set():
                self.heartbeat()
                if self.should_run_maintenance_tasks:
                    self.run_maintenance_tasks()
                with contextlib.suppress(DequeueTimeout):
                    return self._next(timeout)
        except (GoneError, SilentError) as error:
            self.lost = error
        return None

    def _next(self, timeout: int | None) -> tuple[Job, Queue] | None:
        found: tuple[Job, Queue] | None = self.queue_class.dequeue_any(
            self.queues,
            timeout,
            connection=self.connection,
            job_class=self.job_class,
            serializer=self.serializer,
            death_penalty_class=self.death_penalty_class,
        )
        return found

    def register_death(self) -> None:
        """Take our name out of Redis, if there is a Redis; who is silent is not asked again."""
        self._switch(QueueMode.LOCAL)
        if not self.lost:
            with contextlib.suppress(RedisError):
                super().register_death()

    def procline(self, message: str) -> None:
        """Leave the process its name; the jobs are not all it does."""

    def subscribe(self) -> None:
        """Take no commands from Redis: who may write there must not stop us."""

    def unsubscribe(self) -> None:
        """There is nothing to take back."""

    def _install_signal_handlers(self) -> None:
        """Leave signals to the main thread."""
