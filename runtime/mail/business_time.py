"""Business time: how long of a wait is left, with the days that do not count left out.

A business day counts whole, from midnight to midnight where the reader lives.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from runtime.crm.calendars import Calendar
from runtime.mail.window import instant

_DAY = timedelta(days=1)


def between(start: datetime, end: datetime, zone: ZoneInfo, calendar: Calendar) -> timedelta:
    """Return the business time from one moment to a later one; none if it is not later."""
    total = timedelta()
    for opens, closes in _open_spans(start, zone, calendar):
        if opens >= end:
            break
        total += min(closes, end) - opens
    return total


def after(start: datetime, length: timedelta, zone: ZoneInfo, calendar: Calendar) -> datetime:
    """Return the moment at which so much business time has passed since ``start``."""
    left = length
    for opens, closes in _open_spans(start, zone, calendar):
        if left < closes - opens:
            return opens + left
        left -= closes - opens
    raise AssertionError("the days never end")


def days_late(due: datetime, now: datetime, zone: ZoneInfo, calendar: Calendar) -> int:
    """Return how many whole business days a time is past."""
    return between(due, now, zone, calendar) // _DAY


def _open_spans(
    start: datetime, zone: ZoneInfo, calendar: Calendar
) -> Iterator[tuple[datetime, datetime]]:
    day = start.astimezone(zone).date()
    moment = start.astimezone(UTC)
    while True:
        midnight = instant(datetime.combine(day + _DAY, time.min), zone)
        if calendar.is_open(day):
            yield moment, midnight
        day, moment = day + _DAY, midnight
