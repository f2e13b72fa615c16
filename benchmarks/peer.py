"""The peer: plain RQ, one SimpleWorker, jobs that do nothing."""

import logging
import time

import redis
from rq import Queue, SimpleWorker


def nothing() -> None:
    """Do nothing."""


def jobs_per_second(url: str, count: int) -> float:
    """Return how many no-op jobs one SimpleWorker gets through in a second."""
    logging.getLogger("rq.worker").setLevel(logging.WARNING)
    with redis.Redis.from_url(url) as connection:
        queue = Queue("peer", connection=connection)
        queue.enqueue_many([Queue.prepare_data(nothing, result_ttl=0) for _ in range(count)])
        worker = SimpleWorker([queue], connection=connection)
        began = time.perf_counter()
        worker.work(burst=True, logging_level="WARNING")
        return count / (time.perf_counter() - began)
