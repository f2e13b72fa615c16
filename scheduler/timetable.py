"""Timetable: each timer that is due soon as a job of rq-scheduler.

Its ``run`` ends at the first connection error and always sleeps a whole
interval, so our clock takes its steps.  Whatever it loses, doubles or delays,
the sweep makes good.
"""

from datetime import UTC, datetime, timedelta

from rq import Queue
from rq_scheduler import Scheduler

from runtime import timers
from runtime.db import Database
from scheduler import queues
from scheduler.queues import ReferenceJob

HORIZON = timedelta(minutes=5)
_AT_ONCE = 500


class Timetable:
    """The jobs that wait in Redis for their time.  One thread at a time."""

    def __init__(self, db: Database, queue: Queue) -> None:
        self._db = db
        self._scheduler = Scheduler(
            queue=queue, interval=1, connection=queue.connection, job_class=ReferenceJob
        )

    def write(self) -> int:
        """Give each timer due within the horizon its job, unless it has it; return how many.

        The job's id tells timer and time: written by several clocks it is one job, and a
        timer that was moved gets another, whose forerunner then finds nothing to fire.
        """
        known = {id_.decode() for id_ in self._ids()}
        missing = {job_id: due for job_id, due in self._due().items() if job_id not in known}
        for job_id, (reference, at) in missing.items():
            self._scheduler.enqueue_at(
                at,
                queues.ENTRY,
                reference,
                job_id=job_id,
                timeout=queues.NO_TIME_OUT,
                job_result_ttl=0,
                job_ttl=queues.WAITS_SECONDS,
            )
        return len(missing)

    def hand_over(self) -> None:
        """Move the jobs whose time has come into the queue, unless another clock is doing so."""
        if not self._scheduler.acquire_lock():
            return
        try:
            self._scheduler.enqueue_jobs()
        finally:
            self._scheduler.remove_lock()

    def _ids(self) -> list[bytes]:
        key = self._scheduler.scheduled_jobs_key
        ids: list[bytes] = self._scheduler.connection.zrange(key, 0, -1)
        return ids

    def _due(self) -> dict[str, tuple[str, datetime]]:
        now = self._db.now()
        with self._db.dispatch() as connection:
            found = timers.due(connection, now + HORIZON, _AT_ONCE)
        due = {}
        for _, timer_id, due_at in found:
            at = whole_second(due_at)
            if at > now:
                due[f"timer-{timer_id}-{int(at.timestamp())}"] = (f"timer:{timer_id}", at)
        return due


def whole_second(moment: datetime) -> datetime:
    """Return the first whole second that is not before a moment, in UTC.

    rq-scheduler cuts fractions off, and a timer is not due a moment too early.
    """
    return (moment + timedelta(microseconds=999_999)).astimezone(UTC).replace(microsecond=0)
