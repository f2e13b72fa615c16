"""One account's pace: learnt from answers, kept by everybody, and nobody kept waiting for long."""

import pytest

from runtime.clock import FakeClock
from runtime.errors import Retry
from scheduler.integrations.limiter import LONGEST, Limiter

FULL = {"RateLimit-Limit": "2", "RateLimit-Remaining": "0", "RateLimit-Reset": "1"}


def turns(limiter: Limiter, count: int) -> list[float]:
    """Return when so many who come at once have their turn, those sent away included."""
    found = []
    for _ in range(count):
        try:
            found.append(limiter.turn())
        except Retry as trouble:
            found.append(trouble.after or 0.0)
    return [round(turn, 3) for turn in found]


def test_without_a_word_from_the_provider_nobody_waits(fake_clock: FakeClock) -> None:
    assert turns(Limiter(), 50) == [0.0] * 50


def test_a_window_that_is_used_up_spaces_those_who_come_after(fake_clock: FakeClock) -> None:
    limiter = Limiter()
    limiter.learn(200, FULL)

    assert turns(limiter, 5) == [1.0, 1.5, 2.0, 2.5, 3.0]


def test_fifty_at_once_are_spread_at_the_pace_and_most_are_sent_away(
    fake_clock: FakeClock,
) -> None:
    limiter = Limiter()
    limiter.learn(429, {"retry-after": "1", "ratelimit-limit": "2", "ratelimit-reset": "1"})

    found = turns(limiter, 50)

    assert len(set(found)) == 50
    assert max(found) == pytest.approx(1 + 50 * 0.5, abs=1)


def test_who_comes_back_in_time_has_a_turn_at_once(fake_clock: FakeClock) -> None:
    limiter = Limiter()
    limiter.learn(200, FULL)
    turns(limiter, 20)

    fake_clock.advance(60)

    assert limiter.turn() == 0.0


@pytest.mark.parametrize(
    "headers",
    [
        {"ratelimit-remaining": "7", "ratelimit-reset": "1"},
        {"ratelimit-remaining": "soon", "ratelimit-reset": "x"},
        {},
        {"ratelimit-remaining": "0", "ratelimit-reset": str(LONGEST + 1)},
    ],
)
def test_what_says_nothing_of_a_limit_slows_nobody_down(
    fake_clock: FakeClock, headers: dict[str, str]
) -> None:
    limiter = Limiter()
    limiter.learn(200, headers)

    assert turns(limiter, 3) == [0.0] * 3


def test_a_day_named_by_a_429_is_no_pace(fake_clock: FakeClock) -> None:
    limiter = Limiter()
    limiter.learn(429, {"retry-after": "86400"})

    assert limiter.turn() == 0.0
