"""The worker: as many calls as it has hands, none lost, none made twice."""

import os
import signal
import threading
import uuid
from datetime import timedelta
from typing import Any

import psutil
import psycopg
import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from runtime import nodes
from runtime.models import Call, CallStatus, DeliveryStatus, NodeKind, QueueMode, Task, TaskStatus
from runtime.operator.servers import Postgres, Valkey
from scheduler import integrations, performing, queues
from scheduler.worker import _POLL_SECONDS
from tests.fakes import FakeResend
from tests.house import House
from tests.scheduler.conftest import HeldWriter, Start, a_process
from tests.scheduler.patience import PATIENCE, until
from tests.scheduler.stories import call, done, plan_calls, plan_mail


def test_a_planned_call_is_made_at_once_without_redis(house: House, start_worker: Start) -> None:
    worker = start_worker()

    ids = plan_calls(house)

    until(lambda: done(house, ids))
    assert worker.mode is QueueMode.LOCAL


def test_a_planned_call_is_made_at_once_by_way_of_rq(
    house: House,
    start_worker: Start,
    start_clock: Start,
    valkey: Valkey,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(_POLL_SECONDS, QueueMode.RQ, 60.0)
    worker = start_worker(redis=valkey)
    until(lambda: worker.mode is QueueMode.RQ)
    start_clock(valkey)

    ids = plan_calls(house)

    until(lambda: done(house, ids))  # without the worker's own poll


def test_never_more_calls_in_flight_than_hands(
    house: House, start_worker: Start, held_writer: HeldWriter
) -> None:
    start_worker(writer=held_writer, worker_calls=3)

    ids = plan_calls(house, 8)

    until(lambda: held_writer.thinking == 3)
    held_writer.go_on.set()
    until(lambda: done(house, ids))
    assert held_writer.most == 3
    assert held_writer.asked == 8


def test_two_workers_share_the_calls_and_make_each_once(
    house: House, start_worker: Start, held_writer: HeldWriter
) -> None:
    held_writer.go_on.set()
    for _ in range(2):
        start_worker(writer=held_writer, worker_calls=4)

    ids = plan_calls(house, 30)

    until(lambda: done(house, ids))
    assert held_writer.asked == 30


def test_work_goes_on_when_redis_goes_and_comes(
    house: House, start_worker: Start, start_clock: Start, valkey: Valkey
) -> None:
    worker = start_worker(redis=valkey)
    start_clock(valkey)
    until(lambda: worker.mode is QueueMode.RQ)

    valkey.kill()
    until(lambda: worker.mode is QueueMode.LOCAL)
    ids = plan_calls(house, 3)
    until(lambda: done(house, ids))
    until(lambda: nodes.alive(house.db)[NodeKind.WORKER] == [QueueMode.LOCAL])

    valkey.start()
    until(lambda: worker.mode is QueueMode.RQ)
    ids = plan_calls(house, 3)
    until(lambda: done(house, ids))


def test_a_redis_that_says_nothing_is_no_redis(
    house: House, start_worker: Start, valkey: Valkey
) -> None:
    worker = start_worker(redis=valkey)
    until(lambda: worker.mode is QueueMode.RQ)
    server = psutil.Process(valkey.pid)

    server.suspend()
    try:
        until(lambda: worker.mode is QueueMode.LOCAL, within=8)  # RQ would wait for ten seconds
        ids = plan_calls(house)
        until(lambda: done(house, ids))
    finally:
        server.resume()

    until(lambda: worker.mode is QueueMode.RQ)


def test_a_redis_that_forgets_everything_loses_nothing(
    house: House, start_worker: Start, start_clock: Start, valkey: Valkey, held_writer: HeldWriter
) -> None:
    worker = start_worker(redis=valkey, writer=held_writer, worker_calls=2)
    start_clock(valkey)
    until(lambda: worker.mode is QueueMode.RQ)
    ids = plan_calls(house, 20)
    until(lambda: held_writer.thinking == 2)

    held_writer.go_on.set()
    with queues.connect(valkey.url) as connection:
        while not done(house, ids):
            connection.flushall()

    assert held_writer.asked == 20


@pytest.mark.parametrize("moment", ["call.claimed", "call.admitted", "call.answered"])
def test_a_worker_killed_in_the_middle_of_a_mail_costs_time_and_no_second_mail(
    house: House, start_worker: Start, environment: dict[str, str], moment: str
) -> None:
    task = plan_mail(house)
    killed = house.settings.rapport_data_dir / "killed"
    with a_process("worker", environment | {"RAPPORT_FAILPOINT": f"{moment}:{killed}"}) as doomed:
        assert doomed.wait(PATIENCE) == -signal.SIGKILL

    start_worker(lease_seconds=1)

    until(lambda: [sent.status for sent in house.sent(task)] == [DeliveryStatus.SENT])
    [send] = house.all(Call, Call.task_id == task.id, Call.draft_id.is_not(None))
    assert (send.status, send.attempts) == (CallStatus.DONE, 2)
    assert len(house.mails()) == 1


@pytest.mark.parametrize("moment", ["call.claimed", "call.answered"])
def test_a_worker_killed_while_it_looks_a_mail_up_leaves_that_to_another(
    house: House, start_worker: Start, environment: dict[str, str], moment: str
) -> None:
    with FakeResend() as resend:
        real = {
            "resend_api_key": "re_test_key",
            "resend_api_url": resend.url,
            "allow_email_sending": True,
        }
        house.settings = house.settings.model_copy(
            update=real | {"resend_api_key": SecretStr("re_test_key")}
        )
        house.mailer = integrations.mailer(house.settings)
        house.outreach_settings(maxAttempts=1)
        task = plan_mail(house)
        resend.fail_next("drop")
        house.make_calls()
        killed = house.settings.rapport_data_dir / "killed"
        told = {name.upper(): str(value).lower() for name, value in real.items()}
        failing = environment | told | {"RAPPORT_FAILPOINT": f"{moment}:{killed}"}
        with a_process("worker", failing) as doomed:
            assert doomed.wait(20) == -signal.SIGKILL

        start_worker(lease_seconds=1, mailer=house.mailer, **real)

        until(lambda: [sent.status for sent in house.sent(task)] == [DeliveryStatus.SENT])
        assert house.sent(task)[0].provider_message_id == resend.accepted[0]["id"]
        assert len(resend.requests) == 1


def test_a_call_longer_than_its_lease_stays_with_its_living_worker(
    house: House, start_worker: Start, held_writer: HeldWriter
) -> None:
    start_worker(writer=held_writer, lease_seconds=2)
    start_worker(writer=held_writer, lease_seconds=2)
    [id_] = plan_calls(house)
    until(lambda: held_writer.thinking)
    first = call(house, id_).lease_until
    assert first

    until(lambda: (call(house, id_).lease_until or first) > first + timedelta(seconds=2.2))

    held_writer.go_on.set()
    until(lambda: done(house, [id_]))
    assert call(house, id_).attempts == held_writer.asked == 1


def test_a_worker_told_to_stop_ends_its_calls_and_takes_no_more(
    house: House, start_worker: Start, held_writer: HeldWriter
) -> None:
    worker = start_worker(writer=held_writer, worker_calls=1)
    ids = plan_calls(house, 2)
    until(lambda: held_writer.thinking == 1)

    stopping = threading.Thread(target=worker.stop)
    stopping.start()
    until(worker._feeder._stopping.is_set)
    held_writer.go_on.set()
    stopping.join(PATIENCE)

    assert not stopping.is_alive()
    states = [call(house, id_).status for id_ in ids]
    assert sorted(states) == [CallStatus.DONE, CallStatus.PLANNED]


def test_what_does_not_end_in_time_is_released_to_others(
    house: House, start_worker: Start, held_writer: HeldWriter
) -> None:
    worker = start_worker(writer=held_writer, lease_seconds=60)
    [id_] = plan_calls(house)
    until(lambda: held_writer.thinking)

    worker._feeder.stop(grace_seconds=0)
    start_worker(lease_seconds=60)

    until(lambda: done(house, [id_]))
    assert call(house, id_).fence == 2


def test_a_call_that_breaks_the_worker_is_tried_again_and_harms_no_other(
    house: House, start_worker: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, *good = plan_calls(house, 4)
    perform, broken = performing.perform, list[uuid.UUID]()

    def break_once(hands: Any, claimed: performing.Claimed) -> None:
        if claimed.id == bad and not broken:
            broken.append(claimed.id)
            raise ValueError("a bug")
        perform(hands, claimed)

    monkeypatch.setattr(performing, "perform", break_once)
    start_worker()

    until(lambda: done(house, [bad, *good]))
    assert call(house, bad).attempts == 2
    assert call(house, bad).error_code == "CALL_BROKE"


def test_a_call_that_always_breaks_the_worker_ends_on_a_persons_desk(
    house: House, start_worker: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_always(_hands: Any, _claimed: performing.Claimed) -> None:
        raise ValueError("a bug")

    monkeypatch.setattr(performing, "perform", break_always)
    start_worker()
    [id_] = plan_calls(house, max_attempts=2)

    until(lambda: call(house, id_).status is CallStatus.FAILED)

    house.take_turns()
    [task] = house.all(Task)
    assert task.status is TaskStatus.FAILED
    assert call(house, id_).attempts == 2


def test_a_call_that_killed_its_worker_at_each_try_is_not_made_again(
    house: House, start_worker: Start, held_writer: HeldWriter
) -> None:
    [id_] = plan_calls(house)
    with house.tx() as tx:
        tx.execute(
            sa.update(Call).values(
                status=CallStatus.STARTED, attempts=3, lease_until=tx.now - timedelta(seconds=1)
            )
        )

    start_worker(writer=held_writer)

    until(lambda: call(house, id_).status is CallStatus.FAILED)
    assert held_writer.asked == 0


def test_a_lost_database_connection_costs_time_only(
    house: House, start_worker: Start, postgres: Postgres
) -> None:
    start_worker()
    with psycopg.connect(postgres.admin_url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'rapport_app'"
        )

    ids = plan_calls(house, 3)

    until(lambda: done(house, ids))


def test_a_worker_and_a_clock_say_that_they_live_and_leave_when_told(
    house: House, environment: dict[str, str], valkey: Valkey
) -> None:
    with_redis = environment | {"REDIS_URL": valkey.url}
    with a_process("worker", with_redis) as worker, a_process("clock", with_redis) as clock:
        until(lambda: nodes.alive(house.db)[NodeKind.WORKER] == [QueueMode.RQ])
        until(lambda: nodes.alive(house.db)[NodeKind.CLOCK] == [None])

        for process in (worker, clock):
            os.kill(process.pid, signal.SIGTERM)

        assert (worker.wait(PATIENCE), clock.wait(PATIENCE)) == (0, 0)
    alive = nodes.alive(house.db)
    assert alive[NodeKind.WORKER] == alive[NodeKind.CLOCK] == []


@pytest.mark.parametrize(
    ("kind", "change", "words"),
    [
        ("cook", {}, "usage: python -m scheduler worker|clock"),
        ("worker", {"REDIS_URL": f"http://{uuid.uuid4()}"}, "REDIS_URL"),
    ],
)
def test_what_is_asked_for_wrongly_is_said_in_one_line(
    environment: dict[str, str], kind: str, change: dict[str, str], words: str
) -> None:
    with a_process(kind, environment | change) as process:
        _, said = process.communicate(timeout=PATIENCE)

    assert process.returncode == 2
    assert words in said.decode()
    assert said.count(b"\n") == 1
