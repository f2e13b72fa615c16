"""Window: when a follow-up may go out, in the reader's own time zone.

A wait of whole days or more counts days on the reader's calendar (business days
where set) and keeps the wall-clock time; a shorter one is elapsed time to the
second.  Either then moves into the daily window, if there is one.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from runtime import durations
from runtime.crm.team import FollowUpSettings

_SATURDAY = 5
_DAY = timedelta(days=1)


def wait_before(step: int, settings: FollowUpSettings) -> str:
    """Return how long a step (1-based) waits for an answer to the mail before it."""
    waits = settings.waits or ["P7D"]
    return waits[min(step, len(waits)) - 1]


def opens_at(
    moment: datetime, step: int, due: datetime, settings: FollowUpSettings, zone: ZoneInfo
) -> datetime:
    """Return the first time from ``moment`` on that a step which was ``due`` may leave.

    On a weekend only if its wait is one of hours, or a person moved it to a weekend.
    """
    by_day = durations.parse(wait_before(step, settings)) >= _DAY
    return next_slot(
        moment, settings, zone, by_day=by_day and due.astimezone(zone).weekday() < _SATURDAY
    )


def due_at(sent_at: datetime, wait: str, settings: FollowUpSettings, zone: ZoneInfo) -> datetime:
    """Return when the next mail is due (UTC), counted from the one really sent before it."""
    length = durations.parse(wait)
    if length < _DAY:
        return next_slot(sent_at + length, settings, zone, by_day=False)
    local = sent_at.astimezone(zone)
    day = _add_days(local.date(), length.days, business=settings.business_days_only)
    wall = datetime.combine(day, local.time()) + timedelta(seconds=length.seconds)
    return next_slot(_instant(wall, zone), settings, zone, by_day=True)


def next_slot(
    moment: datetime, settings: FollowUpSettings, zone: ZoneInfo, *, by_day: bool
) -> datetime:
    """Return the first time from ``moment`` on that the settings allow.

    ``by_day``: whether weekends count, which they do not for waits of seconds or hours.
    """
    local = moment.astimezone(zone)
    day, wall = local.date(), local.time()
    opens, closes = _hours(settings)
    if wall >= closes:
        day, wall = day + timedelta(days=1), opens
    if by_day and settings.business_days_only and day.weekday() >= _SATURDAY:
        day = _add_days(day, 1, business=True)
    wall = max(wall, opens)
    if (day, wall) == (local.date(), local.time()):
        return moment.astimezone(UTC)
    slot = _instant(datetime.combine(day, wall), zone)
    if slot < moment:
        # In the hour that comes twice: the first such time is over, the second is meant.
        slot = datetime.combine(day, wall, zone).replace(fold=1).astimezone(UTC)
    # Once more, as clocks put forward may have carried it past the window's end.
    return next_slot(slot, settings, zone, by_day=by_day)


def _hours(settings: FollowUpSettings) -> tuple[time, time]:
    if settings.window_start is None or settings.window_end is None:
        return time.min, time.max
    return time.fromisoformat(settings.window_start), time.fromisoformat(settings.window_end)


def _add_days(day: date, count: int, *, business: bool) -> date:
    while count > 0:
        day += timedelta(days=1)
        if not business or day.weekday() < _SATURDAY:
            count -= 1
    return day


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant of a wall-clock time: of two the first, of none the next that exists."""
    wall = wall.replace(tzinfo=None, fold=0)
    while True:
        instant = wall.replace(tzinfo=zone).astimezone(UTC)
        if instant.astimezone(zone).replace(tzinfo=None, fold=0) == wall:
            return instant
        # Clocks were put forward over this time.  Gaps begin and end at whole minutes.
        wall = wall.replace(second=0, microsecond=0) + timedelta(minutes=1)


def add_business_days(day: date, count: int) -> date:
    """Return the day that lies this many business days after another."""
    return _add_days(day, count, business=True)
