"""Timers: a reminder comes once, when it is due, wherever it was moved meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from runtime import timers
from runtime.db import Transaction
from runtime.messages import PersonWrote
from runtime.models import AgentKind, Message, Timer
from tests.house import House

KIND = AgentKind.FOLLOW_UP


def remind(house: House, text: str, seconds: float, name: str = "it") -> None:
    with house.tx() as tx:
        due = tx.now + timedelta(seconds=seconds)
        timers.remind(tx, KIND, name, due, PersonWrote(text=text), task=None)


def fire(house: House) -> int:
    with house.tx() as tx:
        return len(timers.fire(tx))


def told(house: House) -> list[str]:
    return [message.body["text"] for message in house.all(Message)]


def test_a_timer_fires_when_it_is_due_and_then_is_gone(house: House) -> None:
    remind(house, "now", 2)

    assert fire(house) == 0
    house.clock.advance(2)
    assert fire(house) == 1
    assert fire(house) == 0
    assert told(house) == ["now"]
    assert house.all(Timer) == []


def test_a_moved_timer_fires_once_at_its_new_time(house: House) -> None:
    remind(house, "old", 2)
    remind(house, "new", 10)
    house.clock.advance(5)
    assert fire(house) == 0

    house.clock.advance(5)
    fire(house)

    assert told(house) == ["new"]


def test_setting_a_timer_that_has_fired_makes_another(house: House) -> None:
    for text in ("first", "second"):
        remind(house, text, 0)
        fire(house)

    assert told(house) == ["first", "second"]


def test_a_forgotten_timer_never_fires(house: House) -> None:
    remind(house, "it", 1)
    remind(house, "other", 1, name="other")
    with house.tx() as tx:
        timers.forget(tx, KIND, "it", "never was there")

    house.clock.advance(1)
    fire(house)

    assert told(house) == ["other"]


def test_many_who_fire_at_once_fire_each_timer_once(house: House) -> None:
    names = [f"{n:02}" for n in range(40)]
    for name in names:
        remind(house, name, 0, name=name)

    with ThreadPoolExecutor(4) as firers:
        fired = list(firers.map(lambda _: fire(house), range(8)))

    assert sum(fired) == 40
    assert sorted(told(house)) == names


def test_a_move_that_meets_the_firing_is_not_lost(house: House) -> None:
    """Whoever comes second finds the timer gone and sets a new one."""
    remind(house, "first", 0)
    with ThreadPoolExecutor(1) as other, house.tx() as tx:
        timers.fire(tx)
        tx.flush()
        moved = other.submit(remind, house, "second", 5)
        tx.finish()
        moved.result(10)
    house.clock.advance(5)
    fire(house)

    assert told(house) == ["first", "second"]


def test_the_same_firing_under_two_keys_is_one_message(house: House) -> None:
    """A clock that comes back to life fires what another has fired."""
    remind(house, "once", 0)
    [timer] = house.all(Timer)

    def twice(tx: Transaction) -> None:
        timers._post(tx, timer)
        timers._post(tx, timer)

    house.db.run(house.workspace_id, twice)

    assert told(house) == ["once"]


def test_the_clock_sees_due_timers_of_all_workspaces_soonest_first(
    house: House, other_house: House
) -> None:
    remind(house, "late", 20)
    remind(other_house, "soon", 10)
    remind(house, "beyond", 60, name="beyond")

    with house.db.dispatch() as connection:
        due = timers.due(connection, house.clock.now + timedelta(seconds=30), 10_000)

    ours = [w for w, _, _ in due if w in (house.workspace_id, other_house.workspace_id)]
    assert ours == [other_house.workspace_id, house.workspace_id]
