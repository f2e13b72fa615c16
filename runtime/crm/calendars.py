"""Calendars: which days are business days where somebody lives, and why the others are not.

A country's weekend and public holidays come from the ``holidays`` library, which is
loaded at the first question about a country: it takes a quarter of a second.  Holidays
of single states or provinces are not among them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from runtime.errors import Refused

_SATURDAY = 5
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Closure:
    """Days on which the workspace itself is closed; both ends count."""

    first: date
    last: date
    name: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """The business days of one reader.  ``label`` says which calendar it is, and why this one."""

    country: str | None = None
    label: str = "no country known: weekends only"
    closures: tuple[Closure, ...] = field(default=())

    def why_closed(self, day: date) -> str | None:
        """Return why a day is no business day, or None if it is one."""
        for closure in self.closures:
            if closure.first <= day <= closure.last:
                return closure.name
        if self.country is not None:
            return _closed_days(self.country, day.year).get(day)
        return _weekday(day) if day.weekday() >= _SATURDAY else None

    def is_open(self, day: date) -> bool:
        """Tell whether a day is a business day."""
        return self.why_closed(day) is None

    def from_day(self, day: date) -> date:
        """Return the first business day from ``day`` on."""
        while not self.is_open(day):
            day += _DAY
        return day

    def add(self, day: date, count: int) -> date:
        """Return the business day that comes ``count`` business days after ``day``."""
        for _ in range(count):
            day = self.from_day(day + _DAY)
        return day

    def back(self, day: date, count: int) -> date:
        """Return the business day that comes ``count`` business days before ``day``."""
        for _ in range(count):
            day -= _DAY
            while not self.is_open(day):
                day -= _DAY
        return day

    def skipped(self, after: date, until: date) -> list[tuple[date, str]]:
        """Return the days between two that are no business days, each with its reason."""
        days = (after + _DAY * number for number in range(1, (until - after).days))
        return [(day, why) for day in days if (why := self.why_closed(day)) is not None]


WEEKENDS_ONLY = Calendar()


def is_weekend(reason: str) -> bool:
    """Tell whether a day is closed for being a weekend day, and for nothing else."""
    return reason in _WEEKDAYS


def country_code(text: str, *, field: str = "country") -> str:
    """Return a country's code (ISO 3166-1 alpha-2), or raise Refused if it has no calendar."""
    code = text.strip().upper()
    if code not in _countries():
        raise Refused(
            f"{text[:40]!r} is no country with a calendar: write two letters such as DE.",
            code="INVALID_COUNTRY",
            field=field,
        )
    return code


def has_calendar(country: str) -> bool:
    """Tell whether the holidays of a country are known."""
    return country in _countries()


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _weekday(day: date) -> str:
    return _WEEKDAYS[day.weekday()]


@cache
def _countries() -> frozenset[str]:
    import holidays  # noqa: PLC0415 - too slow to load where no country is set

    return frozenset(holidays.list_supported_countries(include_aliases=False))


@cache
def _closed_days(country: str, year: int) -> Mapping[date, str]:
    import holidays  # noqa: PLC0415 - as above

    known = holidays.country_holidays(country, years=year, language="en_US")
    days = (date(year, 1, 1) + _DAY * number for number in range(366))
    return {
        day: known.get(day) or _weekday(day)
        for day in days
        if day.year == year and not known.is_working_day(day)
    }
