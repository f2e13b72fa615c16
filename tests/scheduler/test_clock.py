"""The clock: what is planned is told, what is due is fired, once, with Redis and without."""

import time
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from rq import Queue

from runtime import timers
from runtime.db import Transaction
from runtime.models import Timer
from runtime.operator.servers import Valkey
from scheduler import queues, relay, sweep
from scheduler.relay import Relay
from scheduler.timetable import HORIZON, Timetable, whole_second
from tests.house import House
from tests.scheduler.conftest import Start
from tests.scheduler.patience import until
from tests.scheduler.stories import plan_calls, reminders, set_timers, waiting

SCHEDULED = "rq:scheduler:scheduled_jobs"


@pytest.fixture
def queue(valkey: Valkey) -> Iterator[Queue]:
    with queues.connect(valkey.url) as connection:
        yield queues.queue(connection)


def _references(queue: Queue) -> list[str]:
    return [job.args[0] for job in queue.jobs]


# Calls.


def _handed_over(table: Timetable, queue: Queue) -> int:
    table.hand_over()
    return len(queue)


def test_each_due_call_is_told_once(house: House, queue: Queue) -> None:
    ids = plan_calls(house, 3)
    told = Relay(house.db, queue)

    assert (told.announce(), told.announce()) == (3, 0)
    assert sorted(_references(queue)) == sorted(f"call:{id_}" for id_ in ids)


def test_a_redis_that_forgot_is_told_again(
    house: House, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan_calls(house, 2)
    told = Relay(house.db, queue)
    told.announce()
    queue.connection.flushall()

    monkeypatch.setattr(relay, "AGAIN_SECONDS", 0.0)

    assert told.announce() == queue.count == 2


def test_a_queue_that_nobody_reads_does_not_grow_for_ever(
    house: House, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan_calls(house, 2)
    monkeypatch.setattr(relay, "AGAIN_SECONDS", 0.0)
    monkeypatch.setattr(relay, "_FULL", 2)

    for _ in range(3):
        Relay(house.db, queue).announce()

    assert queue.count == 2


# Timers.


@pytest.mark.parametrize(
    ("moment", "rounded"),
    [
        (datetime(2026, 3, 2, 9, 0, 0, 0, UTC), datetime(2026, 3, 2, 9, 0, 0, 0, UTC)),
        (datetime(2026, 3, 2, 9, 0, 0, 1, UTC), datetime(2026, 3, 2, 9, 0, 1, 0, UTC)),
        (datetime(2026, 3, 2, 9, 59, 59, 999_999, UTC), datetime(2026, 3, 2, 10, 0, 0, 0, UTC)),
        (
            datetime(2026, 3, 2, 4, 0, 0, 500_000, timezone(timedelta(hours=-5))),
            datetime(2026, 3, 2, 9, 0, 1, 0, UTC),
        ),
    ],
)
def test_a_job_is_never_before_its_timer(moment: datetime, rounded: datetime) -> None:
    assert whole_second(moment) == rounded
    assert whole_second(moment).tzinfo is UTC


@pytest.fixture(params=["UTC", "America/New_York", "Asia/Kathmandu"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A host that lives in some time zone."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield request.param
    time.tzset()


def test_each_timer_due_soon_has_its_job_wherever_the_host_stands(
    house: House, queue: Queue, zone: str
) -> None:
    set_timers(house, 30, HORIZON.total_seconds() + 60)
    [soon, _] = sorted(house.all(Timer), key=lambda timer: timer.due_at)
    at = int(whole_second(soon.due_at).timestamp())

    assert Timetable(house.db, queue).write() == 1

    scheduled = queue.connection.zrange(SCHEDULED, 0, -1, withscores=True)
    assert scheduled == [(f"timer-{soon.id}-{at}".encode(), at)]


def test_two_clocks_write_one_job_for_one_timer(house: House, queue: Queue) -> None:
    set_timers(house, 30, 40)

    written = [Timetable(house.db, queue).write() for _ in range(2)]

    assert written == [2, 0]
    assert queue.connection.zcard(SCHEDULED) == 2


def test_a_timer_that_was_moved_gets_another_job(house: House, queue: Queue) -> None:
    set_timers(house, 30)
    table = Timetable(house.db, queue)
    table.write()

    set_timers(house, 60)

    assert len({timer.id for timer in house.all(Timer)}) == 1
    assert table.write() == 1


def test_a_job_is_handed_over_when_its_time_has_come(house: House, queue: Queue) -> None:
    set_timers(house, 1.5, 60)
    table = Timetable(house.db, queue)
    table.write()
    table.hand_over()
    assert queue.count == 0

    until(lambda: _handed_over(table, queue))

    first = min(house.all(Timer), key=lambda timer: timer.due_at)
    assert _references(queue) == [f"timer:{first.id}"]
    assert house.db.now() >= first.due_at


def test_a_stranger_in_the_timetable_holds_nobody_up(house: House, queue: Queue) -> None:
    set_timers(house, 0.3)
    table = Timetable(house.db, queue)
    table.write()
    queue.connection.hset("rq:job:planted", mapping={"data": b'["os.getcwd", null, [], {}]'})
    queue.connection.zadd(SCHEDULED, {"planted": 0, "nowhere": 1})

    until(lambda: _handed_over(table, queue))

    assert queue.connection.zcard(SCHEDULED) == 0


def test_a_clock_leaves_the_timetable_to_the_one_that_has_it(house: House, queue: Queue) -> None:
    table, other = (Timetable(house.db, queue) for _ in range(2))
    queue.connection.zadd(SCHEDULED, {"nowhere": 0})
    assert other._scheduler.acquire_lock()

    table.hand_over()
    assert queue.connection.zcard(SCHEDULED) == 1

    other._scheduler.remove_lock()
    table.hand_over()
    assert queue.connection.zcard(SCHEDULED) == 0


def test_two_clocks_and_a_worker_fire_each_timer_once(
    house: House, start_clock: Start, start_worker: Start, valkey: Valkey
) -> None:
    for _ in range(2):
        start_clock(valkey)
    start_worker(redis=valkey)

    set_timers(house, *(number / 10 for number in range(20)))

    until(lambda: not waiting(house))
    assert reminders(house) == 20


def test_a_timer_is_fired_without_redis(house: House, start_clock: Start) -> None:
    start_clock()

    set_timers(house, 0.2)

    until(lambda: reminders(house) == 1)


def test_a_timer_is_fired_while_redis_is_away(
    house: House, start_clock: Start, valkey: Valkey
) -> None:
    start_clock(valkey)
    valkey.kill()

    set_timers(house, 0.2)

    until(lambda: reminders(house) == 1)


def test_a_second_tick_costs_nothing(house: House) -> None:
    set_timers(house, 0, 0, 60)

    assert (sweep.fire_due(house.db), sweep.fire_due(house.db)) == (2, 0)
    assert reminders(house) == 2
    assert waiting(house) == 1


def test_a_workspace_whose_timers_cannot_be_fired_keeps_none_of_the_others(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = House(house.db, house.clock, tmp_path)
    for each in (house, other):
        set_timers(each, -1)
    fire = timers.fire

    def break_here(tx: Transaction, ids: Sequence[uuid.UUID], *, limit: int) -> list[Timer]:
        if tx.workspace_id == house.workspace_id:
            raise ValueError("a bug")
        return fire(tx, ids, limit=limit)

    monkeypatch.setattr(timers, "fire", break_here)

    assert sweep.fire_due(house.db) == 1
    assert (waiting(house), waiting(other)) == (1, 0)
