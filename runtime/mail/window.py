"""Window: when a follow-up may go out, in the reader's own time zone.

A wait of whole days or more counts days on the reader's calendar (business days
where set) and keeps the wall-clock time; a shorter one is elapsed time to the
second.  Either then moves into the daily window, if there is one.

A window may last across midnight (22:00 to 06:00).  Its night belongs to the day on which
it opens: Friday's night ends on Saturday morning, and there is none that opens on Saturday.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from runtime import durations
from runtime.crm.calendars import WEEKENDS_ONLY, Calendar
from runtime.crm.team import FollowUpSettings

_DAY = timedelta(days=1)
_MARGIN = 5
"""Minutes at a window's end that no step is drawn into: its text takes a while to be written."""
PARTS = 65536
"""A step's place in its window is drawn in such parts of it."""


@dataclass(frozen=True, slots=True)
class Due:
    """When a step is due (UTC), and the days in between that did not count, with the reason."""

    at: datetime
    skipped: tuple[tuple[date, str], ...] = ()


def wait_before(step: int, settings: FollowUpSettings) -> str:
    """Return how long a step (1-based) waits for an answer to the mail before it."""
    waits = settings.waits or ["P7D"]
    return waits[min(step, len(waits)) - 1]


def counts_days(wait: str) -> bool:
    """Tell whether a wait is one of days; a shorter one knows no calendar."""
    return durations.parse(wait) >= _DAY


def opens_at(
    moment: datetime,
    step: int,
    due: datetime,
    settings: FollowUpSettings,
    zone: ZoneInfo,
    *,
    calendar: Calendar = WEEKENDS_ONLY,
    chosen: bool = False,
) -> datetime:
    """Return the first time from ``moment`` on that a step which was ``due`` may leave.

    On a day that is no business day only if its wait is one of hours, or a person has
    ``chosen`` such a day for it.
    """
    by_day = counts_days(wait_before(step, settings))
    if chosen and not calendar.is_open(_hours(settings).opened_on(due.astimezone(zone))):
        by_day = False
    return next_slot(moment, settings, zone, calendar, by_day=by_day)


def due_at(
    sent_at: datetime,
    wait: str,
    settings: FollowUpSettings,
    zone: ZoneInfo,
    calendar: Calendar = WEEKENDS_ONLY,
    *,
    drawn: int | None = None,
) -> datetime:
    """Return when the next mail is due (UTC), counted from the one really sent before it.

    ``drawn``: its place in the window, in PARTS of it, where there is one and the wait is one
    of whole days; without it the wall-clock time is kept.
    """
    return planned(sent_at, wait, settings, zone, calendar, drawn=drawn).at


def planned(
    sent_at: datetime,
    wait: str,
    settings: FollowUpSettings,
    zone: ZoneInfo,
    calendar: Calendar = WEEKENDS_ONLY,
    *,
    drawn: int | None = None,
) -> Due:
    """Return the same as ``due_at``, and which days were skipped."""
    length = durations.parse(wait)
    if length < _DAY:
        return Due(next_slot(sent_at + length, settings, zone, by_day=False))
    local, hours = sent_at.astimezone(zone), _hours(settings)
    begun = hours.opened_on(local)
    add = calendar.add if settings.business_days_only else _add_days
    day = add(begun, length.days)
    if drawn is not None and settings.window_start is not None and not length.seconds:
        wall = hours.drawn(day, drawn)
    else:
        kept = local.replace(tzinfo=None, fold=0) + (day - begun)
        wall = kept + timedelta(seconds=length.seconds)
    at = next_slot(instant(wall, zone), settings, zone, calendar, by_day=True)
    last = hours.opened_on(at.astimezone(zone))
    skipped = calendar.skipped(begun, last) if settings.business_days_only else []
    return Due(at, tuple(skipped))


def next_slot(
    moment: datetime,
    settings: FollowUpSettings,
    zone: ZoneInfo,
    calendar: Calendar = WEEKENDS_ONLY,
    *,
    by_day: bool,
) -> datetime:
    """Return the first time from ``moment`` on that the settings allow.

    ``by_day``: whether only business days count, as they do not for waits of seconds or hours.
    """
    local, hours = moment.astimezone(zone), _hours(settings)
    day, wall = hours.place(local)
    if by_day and settings.business_days_only:
        day = calendar.from_day(day)
    target = hours.on(day, wall)
    if target == local.replace(tzinfo=None, fold=0):
        return moment.astimezone(UTC)
    slot = instant(target, zone)
    if slot < moment:
        # In the hour that comes twice: the first such time is over, the second is meant.
        slot = target.replace(tzinfo=zone, fold=1).astimezone(UTC)
    # Once more, as clocks put forward may have carried it past the window's end.
    return next_slot(slot, settings, zone, calendar, by_day=by_day)


def drawn_slot(
    moment: datetime,
    drawn: int | None,
    allowed: Callable[[datetime], datetime],
    *,
    settings: FollowUpSettings,
    zone: ZoneInfo,
) -> datetime:
    """Return ``moment`` if it is allowed, else the step's own place in the next window."""
    opens = allowed(moment)
    if opens == moment or drawn is None or settings.window_start is None:
        return opens
    day, _ = _hours(settings).place(opens.astimezone(zone))
    place = instant(_hours(settings).drawn(day, drawn), zone)
    return allowed(max(opens, place))


@dataclass(frozen=True, slots=True)
class _Hours:
    """The hours of a day's window; one that closes before it opens lasts across midnight."""

    opens: time
    closes: time

    @property
    def _by_night(self) -> bool:
        return self.closes < self.opens

    def place(self, local: datetime) -> tuple[date, time]:
        """Return the day that a moment's window opens on, or the next one, and the time in it."""
        day, wall = local.date(), local.time()
        if self._by_night:
            if wall < self.closes:
                return day - _DAY, wall
            return day, max(wall, self.opens)
        if wall >= self.closes:
            return day + _DAY, self.opens
        return day, max(wall, self.opens)

    def opened_on(self, local: datetime) -> date:
        """Return the day that a moment belongs to: the one before, in the late half of a night."""
        early = self._by_night and local.time() < self.closes
        return local.date() - _DAY if early else local.date()

    def on(self, day: date, wall: time) -> datetime:
        """Return a time in the window that opens on a day."""
        after_midnight = self._by_night and wall < self.closes
        return datetime.combine(day + _DAY if after_midnight else day, wall)

    def drawn(self, day: date, part: int) -> datetime:
        """Return the minute that a part (of PARTS) of a day's window begins with."""
        opens = datetime.combine(day, self.opens)
        closes = datetime.combine(day + _DAY if self._by_night else day, self.closes)
        minutes = int((closes - opens).total_seconds()) // 60
        return opens + timedelta(minutes=part * max(1, minutes - _MARGIN) // PARTS)


def _hours(settings: FollowUpSettings) -> _Hours:
    if settings.window_start is None or settings.window_end is None:
        return _Hours(time.min, time.max)
    return _Hours(
        time.fromisoformat(settings.window_start), time.fromisoformat(settings.window_end)
    )


def _add_days(day: date, count: int) -> date:
    return day + count * _DAY


def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant of a wall-clock time: of two the first, of none the next that exists."""
    wall = wall.replace(tzinfo=None, fold=0)
    while True:
        instant = wall.replace(tzinfo=zone).astimezone(UTC)
        if instant.astimezone(zone).replace(tzinfo=None, fold=0) == wall:
            return instant
        # Clocks were put forward over this time.  Gaps begin and end at whole minutes.
        wall = wall.replace(second=0, microsecond=0) + timedelta(minutes=1)
