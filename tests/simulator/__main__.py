"""``make simulate``: play one seed and tell its story, or many and count."""

import argparse
import gc
import random
import sys
from collections import Counter

from runtime import logs
from tests.simulator import grounds, world
from tests.simulator.world import Outcome

_FRESH = 1_000_000


def main() -> int:
    """Play what was asked for; 1 if a promise was broken."""
    parser = argparse.ArgumentParser(prog="make simulate", description=__doc__)
    parser.add_argument("--seed", type=int, help="play this seed and tell its whole story")
    parser.add_argument("--runs", type=int, default=100, help="how many seeds to play")
    parser.add_argument("--first", type=int, help="the first of them; without it, fresh ones")
    asked = parser.parse_args()
    logs.configure("console", "CRITICAL")
    with grounds.own() as (db, folder):
        gc.freeze()
        gc.set_threshold(100_000)  # a tenth of all time went into looking for garbage
        if asked.seed is not None:
            return _story(world.run(db, asked.seed, folder))
        first = random.randrange(_FRESH) if asked.first is None else asked.first
        tally = Tally()
        for seed in range(first, first + asked.runs):
            tally.add(world.run(db, seed, folder))
        return tally.summary(first)


def _story(outcome: Outcome) -> int:
    _say("\n".join(map(str, outcome.diary.lines)))
    _say(str(outcome) if outcome.broken is None else f"seed {outcome.seed}: {outcome.broken}")
    return int(outcome.broken is not None)


class Tally:
    """Counts runs, and says how far it has come."""

    def __init__(self) -> None:
        self._runs, self._mails, self._seconds = 0, 0, 0.0
        self._faults: Counter[str] = Counter()
        self._broken: list[Outcome] = []

    def add(self, outcome: Outcome) -> None:
        """Count a run; tell at once what broke."""
        self._runs, self._mails = self._runs + 1, self._mails + outcome.mails
        self._seconds += outcome.seconds
        self._faults += outcome.diary.faults
        if outcome.broken is not None:
            self._broken.append(outcome)
            _say(f"\n{outcome}\n")
        where = "\r" if sys.stderr.isatty() else "\n"
        if sys.stderr.isatty() or self._runs % 20 == 0:
            sys.stderr.write(f"{where}{self._line()} ")
            sys.stderr.flush()

    def summary(self, first: int) -> int:
        """Tell what all runs came to; 1 if a promise was broken."""
        _say(f"\nseeds {first} to {first + self._runs - 1}: {self._line()}")
        for fault, times in self._faults.most_common():
            _say(f"{times:>8}  {fault}")
        for sentence, times in Counter(
            each.broken.sentence for each in self._broken if each.broken
        ).most_common():
            _say(f"BROKEN {times} times: {sentence}")
        seeds = ", ".join(str(each.seed) for each in self._broken)
        _say(f"broken seeds: {seeds}" if seeds else "every promise was kept")
        return int(bool(self._broken))

    def _line(self) -> str:
        rate = self._runs / self._seconds if self._seconds else 0.0
        return (
            f"{self._runs} runs, {rate:.2f}/s, {self._mails} mails, "
            f"{self._faults.total()} faults, {len(self._broken)} broken"
        )


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
