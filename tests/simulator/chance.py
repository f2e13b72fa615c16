"""Chance: every decision of a run, drawn from its seed.

Each part of the world draws from a stream of its own, so that a new rule in one
part leaves the others' luck as it was.
"""

import random
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """One stream of luck."""

    def __init__(self, seed: int, stream: str) -> None:
        self._drawn = random.Random(f"{seed}/{stream}")

    def happens(self, share: float) -> bool:
        """Say yes in this share of cases."""
        return self._drawn.random() < share

    def between(self, low: int, high: int) -> int:
        """Return a whole number, both ends included."""
        return self._drawn.randint(low, high)

    def share(self) -> float:
        """Return a number from 0 to 1."""
        return self._drawn.random()

    def pick(self, among: Sequence[T]) -> T:
        """Return one of these."""
        return self._drawn.choice(among)

    def weighed(self, weights: Mapping[T, float]) -> T:
        """Return one of the keys, the heavier the more often."""
        return self._drawn.choices(list(weights), list(weights.values()))[0]

    def some(self, among: Sequence[T], most: int) -> list[T]:
        """Return up to ``most`` of these, in their order."""
        chosen = set(self._drawn.sample(range(len(among)), min(most, len(among))))
        return [each for number, each in enumerate(among) if number in chosen]

    def after(self, shortest: timedelta, longest: timedelta) -> timedelta:
        """Return a length of time, in whole seconds."""
        low, high = int(shortest.total_seconds()), int(longest.total_seconds())
        return timedelta(seconds=self.between(low, high))


class Jitter:
    """What stands in for the product's own luck: within one step, all draws are alike.

    So it does not matter in which order the database gave the rows that it is drawn for.
    """

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._share = 0.5

    def next_step(self) -> None:
        """Draw anew."""
        self._share = self._chance.share()

    def uniform(self, low: float, high: float) -> float:
        """Return what ``random.uniform`` would."""
        return low + (high - low) * self._share
