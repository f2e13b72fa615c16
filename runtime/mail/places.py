"""Places: moments for many mails to leave at, so far apart and so many a day, each given once."""

import math
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from runtime.mail.window import instant

Allowed = Callable[[datetime], datetime]
"""Gives the first moment that a mail may leave at, from one on."""

MORNING = time(9)
"""When the mails that a day had no room for begin to leave on the next, in the workspace's zone."""

_DAY = timedelta(days=1)


def next_morning(moment: datetime, zone: ZoneInfo, *, days: int = 1) -> datetime:
    """Return the morning so many days after a moment's day (UTC)."""
    day = moment.astimezone(zone).date() + days * _DAY
    return instant(datetime.combine(day, MORNING), zone)


class Places:
    """Moments a ``gap`` apart from ``start`` on, of a day as many as ``room`` says.

    ``_next`` leads from a taken place towards a free one and is shortened as it is walked,
    so that ten thousand mails are as quick to place as ten, one by one; ``_later`` does so
    for days that are full.
    """

    def __init__(
        self, start: datetime, gap: timedelta, room: Callable[[date], int], zone: ZoneInfo
    ) -> None:
        self._start, self._gap, self._room, self._zone = start, gap, room, zone
        self._next: dict[int, int] = {}
        self._later: dict[date, date] = {}
        self._taken: dict[date, int] = {}

    def take(self, allowed: Allowed) -> datetime:
        """Return the first free moment that is allowed; ``allowed`` gives the next such one."""
        moment = self._start
        while True:
            number = self._free(math.ceil((allowed(moment) - self._start) / self._gap))
            moment = self._start + number * self._gap
            today = moment.astimezone(self._zone).date()
            if (day := self._with_room(today)) != today:
                moment = instant(datetime.combine(day, MORNING), self._zone)
            elif allowed(moment) == moment:
                self._next[number] = number + 1
                self._fill(day)
                return moment

    def _fill(self, day: date) -> None:
        self._taken[day] = self._taken.get(day, 0) + 1
        if self._taken[day] >= self._room(day):
            self._later[day] = day + _DAY

    def _with_room(self, day: date) -> date:
        passed = []
        while True:
            if day not in self._later and self._room(day) <= 0:
                self._later[day] = day + _DAY
            if day not in self._later:
                break
            passed.append(day)
            day = self._later[day]
        self._later |= dict.fromkeys(passed, day)
        return day

    def _free(self, number: int) -> int:
        passed = []
        while number in self._next:
            passed.append(number)
            number = self._next[number]
        self._next |= dict.fromkeys(passed, number)
        return number


def any_time(moment: datetime) -> datetime:
    """Allow every moment."""
    return moment.astimezone(UTC)
