"""Outbox: a call belongs to whoever holds its newest fence, and to nobody else."""

import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from runtime import outbox
from runtime.models import AgentKind, Call, CallKind, CallStatus, Priority, Task
from scheduler import performing
from tests.house import House

LEASE = timedelta(seconds=15)


def plan(house: House, task: Task, times: int = 1) -> list[uuid.UUID]:
    with house.tx() as tx:
        calls = [
            outbox.plan(tx, CallKind.WRITE, agent=AgentKind.OUTREACH, task=task)
            for _ in range(times)
        ]
        tx.flush()
        return [call.id for call in calls]


def claim(house: House, ids: Sequence[uuid.UUID]) -> Sequence[Call]:
    with house.tx() as tx:
        return outbox.claim(tx, ids, LEASE)


def test_a_claimed_call_is_nobody_elses_until_its_lease_ends(house: House) -> None:
    ids = plan(house, house.a_task())

    [mine] = claim(house, ids)
    assert claim(house, ids) == []
    house.clock.advance(15.001)
    [theirs] = claim(house, ids)

    assert (mine.fence, theirs.fence) == (1, 2)
    assert theirs.attempts == 2


def test_a_worker_that_wakes_after_its_lease_changes_nothing(house: House) -> None:
    task = house.a_task()
    house.take_turns()
    [late] = performing.claim(house.hands, house.workspace_id, [c.id for c in house.all(Call)])
    house.clock.advance(60)
    house.settle()
    settled = house.fresh(task), house.draft(task), house.events()

    performing.perform(house.hands, late)
    house.settle()

    [call] = house.all(Call)
    assert (call.status, call.fence) == (CallStatus.DONE, 2)
    assert (house.fresh(task).updated_at, house.draft(task).version) == (
        settled[0].updated_at,
        settled[1].version,
    )
    assert house.events() == settled[2]


def test_with_an_old_fence_the_call_is_not_ours(house: House) -> None:
    ids = plan(house, house.a_task())
    claim(house, ids)
    house.clock.advance(60)
    claim(house, ids)

    with house.tx() as tx:
        assert outbox.held(tx, ids[0], 1) is None
        assert outbox.held(tx, ids[0], 2) is not None


def test_a_heartbeat_keeps_a_call_that_is_still_held_and_no_other(house: House) -> None:
    kept, lost = plan(house, house.a_task(), 2)
    claim(house, [kept, lost])
    house.clock.advance(10)
    with house.tx() as tx:
        outbox.extend(tx, [(kept, 1), (lost, 0)], LEASE)

    house.clock.advance(10)

    assert [call.id for call in claim(house, [kept, lost])] == [lost]


def test_of_many_workers_one_gets_each_call(house: House) -> None:
    ids = plan(house, house.a_task(), 30)

    with ThreadPoolExecutor(6) as workers:
        claimed = [
            call.id
            for calls in workers.map(lambda _: claim(house, ids), range(6))
            for call in calls
        ]

    assert sorted(claimed) == sorted(ids)


def test_a_call_that_is_no_longer_wanted_is_never_made(house: House) -> None:
    ids = plan(house, house.a_task(), 2)
    claim(house, ids[:1])
    with house.tx() as tx:
        task_id = house.all(Task)[0].id
        outbox.void(tx, outbox.open_calls(tx, task_id))

    house.clock.advance(60)
    with house.tx() as tx:
        assert outbox.held(tx, ids[0], 1) is None
    assert claim(house, ids) == []


def test_a_call_that_was_put_back_waits_and_a_try_that_was_none_is_not_counted(
    house: House,
) -> None:
    ids = plan(house, house.a_task())
    for count, attempts in ((True, 1), (False, 1)):
        claim(house, ids)
        with house.tx() as tx:
            fence = house.fresh(house.all(Call)[0]).fence
            call = outbox.held(tx, ids[0], fence)
            assert call
            outbox.put_back(tx, call, tx.now + timedelta(hours=1), count=count)
        assert claim(house, ids) == []
        assert house.all(Call)[0].attempts == attempts
        house.clock.advance(hours=1)


def test_the_urgent_calls_are_due_first_then_the_old(house: House) -> None:
    wanted = []
    for priority in (Priority.LOW, Priority.NORMAL, Priority.URGENT):
        wanted += plan(house, house.a_task(priority=priority))
    house.clock.advance(1)
    wanted += plan(house, house.a_task(priority=Priority.NORMAL))

    with house.db.dispatch() as connection:
        due = outbox.due(connection, house.clock.now, 10_000)

    low, normal, urgent, newer = wanted
    assert [id_ for _, id_ in due if id_ in wanted] == [urgent, normal, newer, low]


def test_a_silent_workers_call_is_due_again(house: House) -> None:
    [id_] = plan(house, house.a_task())
    claim(house, [id_])

    house.clock.advance(16)

    with house.db.dispatch() as connection:
        assert id_ in {each for _, each in outbox.due(connection, house.clock.now, 10_000)}


def test_a_call_that_silences_every_worker_is_given_up(house: House) -> None:
    """Else it would take down one worker after the other for ever."""
    house.outreach_settings(maxAttempts=3)
    task = house.a_task()
    house.take_turns()
    ids = [call.id for call in house.all(Call)]
    for _ in range(3 + outbox.MOST_SILENCES):
        assert len(performing.claim(house.hands, house.workspace_id, ids)) == 1
        house.clock.advance(60)

    house.settle()

    [call] = house.all(Call)
    assert call.status is CallStatus.FAILED
    assert house.fresh(task).status == "FAILED"
    assert house.fresh(task).error_code == "WORKER_LOST"
