"""Limiter: one account's pace at its provider, kept by all threads of a process together.

It knows nothing until the provider's answers tell: a used-up window or a 429 makes
everybody wait for its end, and from then on turns come as far apart as the window allows.
Whose turn is far is sent away, to come back later, one after the other.
"""

import threading
from collections.abc import Mapping

from runtime import clock
from runtime.errors import Retry

PATIENCE = 3.0
"""Seconds that a thread waits here for its turn; beyond, the call is put back."""

LONGEST = 60.0
"""Seconds; a longer wait is a quota's, and not this room's business."""


UNTOLD_GAP = 0.5
"""Seconds between turns after a 429 that does not say how many a window allows."""


class Limiter:
    """Gives turns.  Safe to use from many threads at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._gap = 0.0
        self._next = self._back = 0.0

    def turn(self) -> float:
        """Take the next turn and return how many seconds it is off; Retry if that is too far."""
        now = clock.now().timestamp()
        with self._lock:
            at = min(max(now, self._next), now + LONGEST)
            if at - now > PATIENCE:
                self._back = max(self._back, at) + self._gap
                raise Retry(
                    "Mail is handed over as slowly as Resend takes it; this one waits its turn.",
                    code="MAIL_RATE_LIMITED",
                    after=min(self._back - now, 15 * LONGEST),
                )
            self._next = at + self._gap
        return at - now

    def learn(self, status: int, headers: Mapping[str, str]) -> None:
        """Take from an answer's headers how soon others may follow."""
        said = {name.lower(): value for name, value in headers.items()}
        reset = _number(said.get("ratelimit-reset"))
        limit = _number(said.get("ratelimit-limit"))
        wait = _number(said.get("retry-after")) if status == 429 else None
        if wait is None and (status == 429 or _number(said.get("ratelimit-remaining")) == 0):
            wait = reset
        if wait is None or wait > LONGEST:
            return
        now = clock.now().timestamp()
        with self._lock:
            self._next = max(self._next, now + wait)
            self._gap = reset / limit if reset and limit else UNTOLD_GAP


def _number(said: str | None) -> float | None:
    try:
        return max(0.0, float(said)) if said is not None else None
    except ValueError:
        return None
