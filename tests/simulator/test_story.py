"""A run can be told again: the same seed is the same story, to the second and the word."""

from pathlib import Path

from runtime.clock import FakeClock
from runtime.db import Database
from tests.simulator import world
from tests.simulator.diary import SHOWN, Broken, Diary
from tests.simulator.world import Outcome


def test_the_same_seed_tells_the_same_story_and_another_seed_another(
    ground: Database, tmp_path: Path
) -> None:
    once, again, other = (world.run(ground, seed, tmp_path) for seed in (1, 1, 2))

    assert list(map(str, once.diary.lines)) == list(map(str, again.diary.lines))
    assert (once.mails, once.diary.faults) == (again.mails, again.diary.faults)
    assert list(map(str, once.diary.lines)) != list(map(str, other.diary.lines))


def test_a_broken_promise_is_told_with_its_readers_story_and_how_to_see_it_again() -> None:
    diary = Diary(FakeClock())
    diary.note("Ada: stop all mail")
    diary.note("MAIL to T1", "R1")
    diary.note("MAIL to T2", "R2")
    broken = Broken("A text is accepted once.", "Mails [1, 2] are one text.", "R1")

    told = str(Outcome(7, broken, diary, mails=2, seconds=1.0))

    assert told.splitlines() == [
        "seed 7: A text is accepted once. Mails [1, 2] are one text.",
        "Mon 02 Mar 09:00:00       Ada: stop all mail",
        "Mon 02 Mar 09:00:00  R1   MAIL to T1",
        "again: make simulate SEED=7",
    ]


def test_of_a_long_story_only_the_end_is_told() -> None:
    diary = Diary(FakeClock())
    for number in range(SHOWN + 5):
        diary.note(f"line {number}")

    told = diary.told().splitlines()

    assert told[0] == "… 5 lines before"
    assert told[-1].endswith(f"line {SHOWN + 4}")
    assert len(told) == SHOWN + 1
