"""Resting: who did not answer several times running is left alone for a while.

Each call that hangs holds a hand until its deadline; with few hands, one service that hangs
would keep everybody else's calls waiting for minutes.
"""

import threading
from collections import defaultdict

from runtime import clock

PATIENCE = 3
"""Calls running without an answer, before a rest."""
SECONDS = 30.0
"""How long a rest is; the first call after it that is not answered begins another."""


class Resting:
    """Remembers who answers.  Safe to use from many threads at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._unanswered: defaultdict[str, int] = defaultdict(int)
        self._until: dict[str, float] = {}

    def left(self, name: str) -> float:
        """Return for how many seconds somebody is to be left alone; 0 if they may be called."""
        with self._lock:
            return max(0.0, self._until.get(name, 0.0) - clock.now().timestamp())

    def answered(self, name: str) -> None:
        """Note that somebody answered, whatever they said."""
        with self._lock:
            self._unanswered.pop(name, None)
            self._until.pop(name, None)

    def hung(self, name: str) -> None:
        """Note that somebody was called in vain."""
        with self._lock:
            self._unanswered[name] += 1
            if self._unanswered[name] >= PATIENCE:
                self._until[name] = clock.now().timestamp() + SECONDS
