"""A hand runs only while it has the floor, and tells the world what broke it."""

import uuid
from collections.abc import Callable
from datetime import datetime

import pytest

from runtime.clock import FakeClock
from runtime.models import CallKind
from scheduler.performing import Claimed
from tests.simulator.diary import Broken
from tests.simulator.hand import Hand, current

NOW: datetime = FakeClock().now


def a_hand(work: Callable[[], None]) -> Hand:
    ids = [uuid.uuid4() for _ in range(4)]
    claimed = Claimed(ids[0], ids[1], 1, CallKind.WRITE, ids[2], ids[3])
    return Hand(claimed, work, NOW)


def stopping(said: list[str]) -> Callable[[], None]:
    """Return work that stops in its middle."""

    def work() -> None:
        said.append("begun")
        hand = current()
        assert hand is not None
        hand.stop("the middle", NOW)
        said.append("ended")

    return work


def test_a_hand_stands_where_it_stopped_until_it_may_go_on() -> None:
    said: list[str] = []
    hand = a_hand(stopping(said))

    assert said == []
    hand.go()
    assert (said, hand.over, hand.stands_at) == (["begun"], False, "the middle")
    hand.go()
    assert (said, hand.over) == (["begun", "ended"], True)
    assert current() is None


def test_a_hand_that_dies_does_nothing_more() -> None:
    said: list[str] = []
    hand = a_hand(stopping(said))

    hand.go()
    hand.die()

    assert (said, hand.over) == (["begun"], True)


def test_a_hand_that_never_began_may_die_too() -> None:
    said: list[str] = []
    hand = a_hand(stopping(said))

    hand.die()

    assert (said, hand.over) == ([], True)


def test_what_breaks_a_hand_is_raised_where_the_world_stands() -> None:
    def work() -> None:
        raise Broken("A promise.", "It was broken.")

    with pytest.raises(Broken, match="It was broken"):
        a_hand(work).go()
