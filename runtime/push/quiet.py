"""Quiet hours: a daily stretch of somebody's wall clock in which nothing is told."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from runtime.errors import Refused

_WALL = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, slots=True)
class Quiet:
    """From ``start`` to ``end`` in ``zone``, across midnight if it must; empty without both."""

    start: time | None
    end: time | None
    zone: ZoneInfo

    @classmethod
    def of(cls, start: str | None, end: str | None, zone: str) -> Self:
        """Return the quiet hours that a row holds."""
        return cls(_time(start), _time(end), ZoneInfo(zone))

    def until(self, moment: datetime) -> datetime:
        """Return when one may speak again (UTC): the moment itself, or the end of its quiet."""
        if self.start is None or self.end is None:
            return moment
        local = moment.astimezone(self.zone)
        wall = local.time()
        across = self.start > self.end
        if across and wall >= self.start:
            return self._end(moment, local, days=1)
        if wall < self.end and (across or wall >= self.start):
            return self._end(moment, local, days=0)
        return moment

    def _end(self, moment: datetime, local: datetime, *, days: int) -> datetime:
        day = local.date() + timedelta(days=days)
        wall = datetime.combine(day, self.end or time(), tzinfo=self.zone)
        end = wall.astimezone(UTC)
        # An hour that a clock shows twice: whoever is in the second waits for its end.
        return end if end > moment else wall.replace(fold=1).astimezone(UTC)


def checked(start: str, end: str) -> tuple[str, str]:
    """Return both as a row holds them; Refused names the field at fault."""
    for field, value in (("quietHours.start", start), ("quietHours.end", end)):
        if not _WALL.fullmatch(value):
            raise Refused("Write a time of day such as 22:00.", code="MALFORMED", field=field)
    if start == end:
        raise Refused(
            "Quiet hours that end as they begin would be none or all day: "
            "to be told of nothing, take all kinds away.",
            code="EMPTY",
            field="quietHours.end",
        )
    return start, end


def _time(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None
