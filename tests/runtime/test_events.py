"""Events: a reader with a cursor misses none and sees none twice, whoever commits when."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from runtime import events
from runtime.db import Transaction
from runtime.events import CursorExpired
from tests.house import House


def test_events_are_numbered_without_gaps_in_the_order_of_their_commits(house: House) -> None:
    with house.tx() as tx:
        start = events.newest(tx)
        for n in range(3):
            tx.record("test.happened", f"{n}", actor="test", number=n)

    with house.tx() as tx:
        found = events.after(tx, start)
    assert [(e.seq - start, e.summary, e.data) for e in found] == [
        (1, "0", {"number": 0}),
        (2, "1", {"number": 1}),
        (3, "2", {"number": 2}),
    ]


def broken(tx: Transaction) -> None:
    """Record something, and fail just before the commit would be through."""
    tx.record("test.happened", "never", actor="test")
    sa.event.listen(tx, "before_commit", fail)


def fail(_tx: object) -> None:
    raise KeyError("the commit")


def test_what_is_rolled_back_leaves_no_number_behind(house: House) -> None:
    with house.tx() as tx:
        start = events.newest(tx)
    with pytest.raises(KeyError):
        house.db.run(house.workspace_id, broken)
    with house.tx() as tx:
        tx.record("test.happened", "yes", actor="test")

    with house.tx() as tx:
        assert [(e.seq, e.summary) for e in events.after(tx, start)] == [(start + 1, "yes")]


def test_a_commit_that_is_late_cannot_slip_under_a_cursor(house: House) -> None:
    """The one that began first and commits last gets the last number."""
    with house.tx() as tx:
        cursor = events.newest(tx)
    with house.tx() as early:
        early.record("test.happened", "began first", actor="test")
        early.flush()
        with house.tx() as late:
            late.record("test.happened", "committed first", actor="test")
        with house.tx() as reader:
            seen = [e.summary for e in events.after(reader, cursor)]
            cursor = events.newest(reader)

    with house.tx() as reader:
        rest = [e.summary for e in events.after(reader, cursor)]
    assert (seen, rest) == (["committed first"], ["began first"])


def test_while_a_numbered_commit_is_held_open_nobody_else_gets_a_number(house: House) -> None:
    """The counter's lock lasts until the commit, so that numbers appear in order."""
    numbered, go_on = threading.Event(), threading.Event()

    def held_open(_connection: object) -> None:
        numbered.set()
        assert go_on.wait(10)

    def first() -> None:
        with house.tx() as tx:
            tx.record("test.happened", "first", actor="test")
            sa.event.listen(tx, "before_commit", held_open)

    def second() -> None:
        with house.tx() as tx:
            tx.record("test.happened", "second", actor="test")

    with house.tx() as tx:
        cursor = events.newest(tx)
    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(first)
        assert numbered.wait(10)
        quick = pool.submit(second)
        threading.Event().wait(0.1)
        with house.tx() as reader:
            assert events.after(reader, cursor) == []
        go_on.set()
        slow.result(10)
        quick.result(10)

    with house.tx() as reader:
        assert [e.summary for e in events.after(reader, cursor)] == ["first", "second"]


def test_a_reader_beside_many_writers_misses_none_and_sees_none_twice(house: House) -> None:
    with house.tx() as tx:
        cursor = start = events.newest(tx)
    writers, each = 6, 25
    seen: list[int] = []
    over = threading.Event()

    def write(writer: int) -> None:
        for n in range(each):
            with house.tx() as tx:
                tx.record("test.happened", f"{writer}/{n}", actor="test")
                tx.record("test.happened", f"{writer}/{n} again", actor="test")

    def read() -> None:
        nonlocal cursor
        while True:
            last = over.is_set()
            with house.tx() as tx:
                found = events.after(tx, cursor, limit=7)
            seen.extend(event.seq for event in found)
            cursor = seen[-1] if seen else cursor
            if last and not found:
                return

    with ThreadPoolExecutor(writers + 1) as pool:
        reader = pool.submit(read)
        list(pool.map(write, range(writers)))
        over.set()
        reader.result(30)

    assert seen == list(range(start + 1, start + 2 * writers * each + 1))


def test_a_cursor_older_than_what_is_kept_is_told_so(house: House) -> None:
    with house.tx() as tx:
        tx.execute(sa.text("UPDATE event_counters SET pruned_to = 1"))

    with house.tx() as tx, pytest.raises(CursorExpired) as expired:
        events.after(tx, 0)
    assert expired.value.reason_code == "CURSOR_EXPIRED"
    assert expired.value.field == "after"
    with house.tx() as tx:
        assert [e.seq for e in events.after(tx, 1)] == list(range(2, events.newest(tx) + 1))


def test_an_event_keeps_its_task_and_the_tasks_people(house: House) -> None:
    task = house.a_task()

    with house.tx() as tx:
        [*_, event] = events.after(tx, 0)
    assert (event.type, event.task_id) == ("task.assigned", task.id)
    assert (event.agent_id, event.contact_id) == (task.agent_id, task.contact_id)
