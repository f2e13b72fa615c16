"""Hand: a worker's thread that runs only while the world gives it the floor.

It may be left standing at any point between two transactions, while time passes and
others do what they do, and then go on as if nothing had been, or die there.  One
thread runs at a time, so that everything happens in an order that the seed decides.
"""

import threading
from collections.abc import Callable
from datetime import datetime

from scheduler.performing import Claimed


class PowerCut(BaseException):
    """A process ends where it stands; nothing in it gets to say a word."""


class Hand:
    """One call being performed."""

    def __init__(self, claimed: Claimed, work: Callable[[], None], now: datetime) -> None:
        self.claimed = claimed
        self._work = work
        self._floor, self._given_back = threading.Semaphore(0), threading.Semaphore(0)
        self._dies = False
        self._trouble: BaseException | None = None
        self.stands_at, self.since, self.wakes_at = "its start", now, now
        self.over = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def go(self) -> None:
        """Let it run to its next stop or its end; raises what the world must hear of."""
        self._floor.release()
        self._given_back.acquire()
        if self._trouble is not None:
            raise self._trouble

    def die(self) -> None:
        """Have it end where it stands."""
        self._dies = True
        self.go()

    def stop(self, where: str, wakes_at: datetime) -> None:
        """Give the floor back until some time; called by the hand itself."""
        self.stands_at, self.wakes_at = where, wakes_at
        self._given_back.release()
        self._floor.acquire()
        if self._dies:
            raise PowerCut

    def _run(self) -> None:
        self._floor.acquire()
        try:
            if not self._dies:
                _current.hand = self
                self._work()
        except PowerCut:
            pass
        except BaseException as trouble:  # noqa: BLE001 - raised again where the world stands
            self._trouble = trouble
        self.over = True
        self._given_back.release()


class _Current(threading.local):
    hand: Hand | None = None


_current = _Current()


def current() -> Hand | None:
    """Return the hand whose thread this is; None in the world's own."""
    return _current.hand
