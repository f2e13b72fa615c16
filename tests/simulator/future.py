"""Future: what will happen, and when; nothing in it knows the product."""

import heapq
import itertools
from collections.abc import Callable
from datetime import datetime, timedelta

from runtime.clock import FakeClock


class Future:
    """A list of deeds by their time; those of one time keep their order."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self._deeds: list[tuple[datetime, int, Callable[[], None]]] = []
        self._numbers = itertools.count()

    def add(self, delay: timedelta, deed: Callable[[], None]) -> None:
        """Have something happen after so long."""
        heapq.heappush(self._deeds, (self._clock.now + delay, next(self._numbers), deed))

    def happen(self) -> None:
        """Let everything happen whose time has come."""
        while self._deeds and self._deeds[0][0] <= self._clock.now:
            heapq.heappop(self._deeds)[2]()

    def next_moment(self) -> datetime | None:
        """Return when something happens next."""
        return self._deeds[0][0] if self._deeds else None
