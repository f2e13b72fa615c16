"""Queues: how a reference travels through Redis, and nothing but a reference.

RQ runs any function whose name it finds in Redis, by job, callback or webhook,
and unpickles what it is given.  Here a job is one reference in JSON to the one
entry, or it is no job: all else in its hash is not even read.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq import Queue
from rq.exceptions import DeserializationError, NoSuchJobError, TimeoutFormatError
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.utils import as_text

from runtime.logs import get_logger

QUEUE = "rapport"
ENTRY = "scheduler.jobs.run"
TICK = "tick"
WAITS_SECONDS = 60
"""How long a job may wait for a worker.  Its news is old then, and rows are still there."""

NO_TIME_OUT = -1
_FAILURE_SECONDS = 300
_ID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_REFERENCE = re.compile(f"{TICK}|(?:call|timer):{_ID}")
_READ = frozenset(
    {"data", "created_at", "enqueued_at", "started_at", "ended_at", "last_heartbeat"}
    | {"status", "worker_name", "description", "ttl"}
)


log = get_logger(__name__)


def connect(url: str, *, timeout: float = 0.5) -> Redis:
    """Return a client that gives up soon and tries nothing twice; nobody waits for Redis."""
    return Redis.from_url(
        url,
        socket_connect_timeout=0.3,
        socket_timeout=timeout,
        retry=Retry(NoBackoff(), 0),
    )


def queue(connection: Redis) -> Queue:
    """Return the one queue of the house."""
    return Queue(
        QUEUE,
        connection=connection,
        job_class=ReferenceJob,
        serializer=JSONSerializer,
        default_timeout=NO_TIME_OUT,
    )


def announce(to: Queue, references: Iterable[str]) -> None:
    """Put one job for each reference into the queue, all in one round trip."""
    to.enqueue_many(
        Queue.prepare_data(
            ENTRY,
            (reference,),
            timeout=NO_TIME_OUT,
            result_ttl=0,
            ttl=WAITS_SECONDS,
            failure_ttl=_FAILURE_SECONDS,
        )
        for reference in references
    )


class ReferenceJob(Job):  # type: ignore[misc]  # RQ has no types
    """A job that can only be ``ENTRY`` with one reference, whoever wrote it into Redis."""

    def __init__(
        self,
        id: str | None = None,  # noqa: A002 - RQ's name for it
        connection: Redis | None = None,
        serializer: object = None,  # noqa: ARG002 - RQ and rq-scheduler would name pickle here
    ) -> None:
        super().__init__(id, connection, JSONSerializer)

    def restore(self, raw_data: Mapping[Any, Any]) -> None:
        """Read the hash as far as we write it; what is not ours, or unreadable, is no job.

        RQ passes over "no job" in silence.  Any other error would end its loop, and the
        next worker's at the same hash.
        """
        try:
            super().restore({k: v for k, v in raw_data.items() if as_text(k) in _READ})
            ours = self._is_ours()
        except (ValueError, TimeoutFormatError, DeserializationError):
            ours = False
        if not ours:
            log.warning("a job in Redis is none of ours", job_id=self.id)
            raise NoSuchJobError(f"job {self.id} is none of ours")
        self.origin, self.timeout = QUEUE, NO_TIME_OUT
        self.result_ttl, self.failure_ttl = 0, _FAILURE_SECONDS

    def _is_ours(self) -> bool:
        match self.args:
            case [str(reference)] if _REFERENCE.fullmatch(reference):
                return (self.func_name, self.instance, self.kwargs) == (ENTRY, None, {})
        return False
