"""What may travel through Redis, and what is not run when it stands there."""

import json
import threading
import uuid
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from redis import Redis
from rq import Queue

from runtime.models import QueueMode
from runtime.operator.servers import Valkey
from scheduler import queues
from scheduler.jobs import Host
from scheduler.listening import Listening
from tests.scheduler.patience import PATIENCE, until

REFERENCE = f"call:{uuid.uuid4()}"
STRANGER = f"{__name__}.stranger"
Hash = dict[Any, Any]

strangers_calls: list[object] = []


@pytest.fixture
def redis(valkey: Valkey) -> Iterator[Redis]:
    with queues.connect(valkey.url) as connection:
        yield connection


class Ear:
    """Somebody who is woken by jobs."""

    def __init__(self, url: str) -> None:
        self.woken, self.fired = threading.Semaphore(0), threading.Semaphore(0)
        self.listening = Listening(url, Host(self.woken.release, self.fired.release))

    def hears(self) -> bool:
        return self.woken.acquire(timeout=PATIENCE)


@pytest.fixture
def ear(valkey: Valkey) -> Iterator[Ear]:
    """An ear that listens, and has been told so."""
    ear = Ear(valkey.url)
    ear.listening.start()
    until(lambda: ear.listening.mode is QueueMode.RQ)
    assert ear.hears()
    yield ear
    ear.listening.stop()


def test_a_job_is_one_reference_in_json(redis: Redis) -> None:
    queue = queues.queue(redis)

    queues.announce(queue, [REFERENCE])

    [job_id] = queue.job_ids
    written: Hash = redis.hgetall(f"rq:job:{job_id}")
    assert json.loads(zlib.decompress(written[b"data"])) == [queues.ENTRY, None, [REFERENCE], {}]
    assert redis.ttl(f"rq:job:{job_id}") > 0


def test_a_call_wakes_the_hands_and_leaves_nothing_behind(redis: Redis, ear: Ear) -> None:
    queues.announce(queues.queue(redis), [REFERENCE])

    assert ear.hears()
    assert not ear.fired.acquire(blocking=False)
    until(lambda: not redis.keys("rq:job:*"))


@pytest.mark.parametrize("reference", ["tick", "timer:5f0c3a52-7d7e-4b21-9a39-0d1f6c1f2b10"])
def test_a_tick_also_fires_what_is_due(redis: Redis, ear: Ear, reference: str) -> None:
    queues.announce(queues.queue(redis), [reference])

    assert ear.fired.acquire(timeout=PATIENCE)
    assert ear.hears()


def stranger(*args: object) -> None:
    """Stand for whatever a stranger would have us run."""
    strangers_calls.append(args)


def _hash(data: object, **fields: str) -> Hash:
    packed = zlib.compress(json.dumps(data).encode())
    return {"data": packed, "created_at": "2026-03-02T09:00:00.000000Z", **fields}


def _plant(redis: Redis, job: Hash) -> None:
    redis.hset("rq:job:planted", mapping=job)
    redis.rpush("rq:queue:rapport", "planted")


def _all_taken(redis: Redis, ear: Ear) -> bool:
    """Tell whether a good job behind the others is heard, so that those are seen to."""
    queues.announce(queues.queue(redis), ["tick"])
    return ear.fired.acquire(timeout=PATIENCE) and ear.hears()


@pytest.mark.parametrize(
    "planted",
    [
        _hash([STRANGER, None, [REFERENCE], {}]),
        _hash([queues.ENTRY, None, [REFERENCE], {"also": "this"}]),
        _hash([queues.ENTRY, "me", [REFERENCE], {}]),
        _hash([queues.ENTRY, None, ["call:me"], {}]),
        _hash([queues.ENTRY, None, [REFERENCE, "and me"], {}]),
        _hash("no job at all"),
        _hash([queues.ENTRY, None, [REFERENCE], {}], created_at="yesterday"),
        _hash([queues.ENTRY, None, [REFERENCE], {}], status="dancing"),
        {"data": b"\x80\x04not even json"},
    ],
    ids=["function", "kwargs", "instance", "reference", "args", "shape", "date", "status", "bytes"],
)
def test_what_is_not_ours_is_passed_over(redis: Redis, ear: Ear, planted: Hash) -> None:
    _plant(redis, planted)

    assert _all_taken(redis, ear)
    assert not ear.woken.acquire(blocking=False)
    assert not strangers_calls


def test_a_pickle_is_not_opened(redis: Redis, ear: Ear) -> None:
    Queue(queues.QUEUE, connection=redis).enqueue(STRANGER)

    assert _all_taken(redis, ear)
    assert not strangers_calls


def test_a_job_of_ours_brings_no_callback_along(redis: Redis, ear: Ear) -> None:
    _plant(redis, _hash([queues.ENTRY, None, [REFERENCE], {}], success_callback_name=STRANGER))

    assert ear.hears()
    assert _all_taken(redis, ear)
    assert not strangers_calls


def test_a_job_that_breaks_costs_that_job_only(redis: Redis, valkey: Valkey) -> None:
    heard = threading.Semaphore(0)

    def break_first() -> None:
        heard.release()
        raise ValueError("broken")

    listening = Listening(valkey.url, Host(lambda: None, break_first))
    listening.start()
    until(lambda: listening.mode is QueueMode.RQ)
    queues.announce(queues.queue(redis), ["tick", "tick"])

    assert heard.acquire(timeout=PATIENCE)
    assert heard.acquire(timeout=PATIENCE)
    assert listening.mode is QueueMode.RQ
    listening.stop()
