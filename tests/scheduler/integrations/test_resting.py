"""Who hangs is left alone for a while, and called again as soon as they answer."""

from datetime import timedelta

from runtime.clock import FakeClock
from scheduler.integrations.resting import PATIENCE, SECONDS, Resting


def test_who_hangs_several_times_running_rests_and_others_do_not(fake_clock: FakeClock) -> None:
    resting = Resting()
    for _ in range(PATIENCE):
        assert resting.left("a") == 0
        resting.hung("a")

    assert resting.left("a") == SECONDS
    assert resting.left("b") == 0


def test_an_answer_between_is_an_end_of_it(fake_clock: FakeClock) -> None:
    resting = Resting()
    for _ in range(PATIENCE - 1):
        resting.hung("a")
    resting.answered("a")
    resting.hung("a")

    assert resting.left("a") == 0


def test_after_a_rest_one_more_that_hangs_is_enough(fake_clock: FakeClock) -> None:
    resting = Resting()
    for _ in range(PATIENCE):
        resting.hung("a")
    fake_clock.now += timedelta(seconds=SECONDS)
    assert resting.left("a") == 0
    resting.hung("a")

    assert resting.left("a") == SECONDS
