"""The window: never earlier than the wait, and only when the reader's settings allow."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime import durations
from runtime.crm.team import FollowUpSettings
from runtime.mail.window import due_at, next_slot

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
ZONES = [
    *("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"),
    *("America/Santiago", "Africa/Cairo", "Africa/Casablanca", "Pacific/Apia", "Asia/Beirut"),
]


def set_to(**settings: object) -> FollowUpSettings:
    return FollowUpSettings.model_validate(settings)


def at(text: str, zone: ZoneInfo = BERLIN, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("sent", "wait", "due"),
    [
        ("2026-03-02 10:15:30", "P1D", "2026-03-03 10:15:30"),
        ("2026-03-06 10:00", "P1D", "2026-03-09 10:00"),  # Friday to Monday
        ("2026-03-04 10:00", "P3D", "2026-03-09 10:00"),  # Wednesday: Thu, Fri, Mon
        ("2026-03-07 10:00", "P1D", "2026-03-09 10:00"),  # sent on a Saturday
        ("2026-03-06 20:00", "P1DT6H", "2026-03-10 02:00"),
        ("2026-03-06 23:59:58", "PT5S", "2026-03-07 00:00:03"),  # seconds know no weekend
    ],
)
def test_days_are_business_days_where_set(sent: str, wait: str, due: str) -> None:
    settings = set_to(businessDaysOnly=True)

    assert due_at(at(sent), wait, settings, BERLIN) == at(due)


def test_without_business_days_a_day_is_a_day() -> None:
    settings = set_to(businessDaysOnly=False)

    assert due_at(at("2026-03-06 10:00"), "P1D", settings, BERLIN) == at("2026-03-07 10:00")


@pytest.mark.parametrize(
    ("sent", "zone", "due"),
    [
        ("2026-03-28 02:30", BERLIN, "2026-03-29 03:00"),  # the hour that is left out
        ("2026-03-28 09:00", BERLIN, "2026-03-29 09:00"),  # 23 hours later, the same on the wall
        ("2026-10-24 02:30", BERLIN, "2026-10-25 02:30"),  # of two, the first
        ("2026-03-07 02:30", NEW_YORK, "2026-03-08 03:00"),
        ("2026-09-05 00:30", ZoneInfo("America/Santiago"), "2026-09-06 01:00"),
    ],
)
def test_clocks_that_are_moved_keep_the_time_on_the_wall(
    sent: str, zone: ZoneInfo, due: str
) -> None:
    settings = set_to(businessDaysOnly=False)

    assert due_at(at(sent, zone), "P1D", settings, zone) == at(due, zone)


@pytest.mark.parametrize(
    ("moment", "slot"),
    [
        ("2026-03-03 08:59:59", "2026-03-03 09:00"),
        ("2026-03-03 09:00", "2026-03-03 09:00"),
        ("2026-03-03 16:59:59", "2026-03-03 16:59:59"),
        ("2026-03-03 17:00", "2026-03-04 09:00"),
        ("2026-03-06 17:00", "2026-03-09 09:00"),
        ("2026-03-07 12:00", "2026-03-09 12:00"),  # the time on the wall is kept
    ],
)
def test_the_window_opens_on_its_first_minute_and_is_closed_on_its_last(
    moment: str, slot: str
) -> None:
    settings = set_to(windowStart="09:00", windowEnd="17:00")

    assert next_slot(at(moment), settings, BERLIN, by_day=True) == at(slot)


def test_a_window_that_the_clocks_leave_out_opens_the_next_day() -> None:
    settings = set_to(windowStart="02:10", windowEnd="02:50", businessDaysOnly=False)

    slot = next_slot(at("2026-03-29 01:00"), settings, BERLIN, by_day=True)

    assert slot == at("2026-03-30 02:10")


def test_in_the_hour_that_comes_twice_nothing_is_due_in_the_past() -> None:
    """02:30 is there for the second time; the first 02:45 is over."""
    settings = set_to(windowStart="02:45", windowEnd="17:00", businessDaysOnly=False)
    moment = at("2026-10-25 02:30", fold=1)

    slot = next_slot(moment, settings, BERLIN, by_day=True)

    assert slot == at("2026-10-25 02:45", fold=1)


moments = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis puts the zone in
zones = st.sampled_from(ZONES).map(ZoneInfo)
minutes = st.integers(0, 24 * 60 - 2)


@st.composite
def windows(draw: st.DrawFn) -> FollowUpSettings:
    start = draw(minutes)
    end = draw(st.integers(start + 1, 24 * 60 - 1))
    return set_to(
        businessDaysOnly=draw(st.booleans()),
        windowStart=f"{start // 60:02}:{start % 60:02}",
        windowEnd=f"{end // 60:02}:{end % 60:02}",
    )


def inside(moment: datetime, settings: FollowUpSettings, zone: ZoneInfo) -> bool:
    wall = moment.astimezone(zone).time()
    opens = time.fromisoformat(settings.window_start or "00:00")
    return opens <= wall < time.fromisoformat(settings.window_end or "23:59:59.999999")


@given(moments, windows(), zones, st.booleans())
def test_a_slot_is_inside_the_window_and_never_before_its_moment(
    moment: datetime, settings: FollowUpSettings, zone: ZoneInfo, by_day: bool
) -> None:
    slot = next_slot(moment, settings, zone, by_day=by_day)

    assert slot >= moment
    assert inside(slot, settings, zone)
    if by_day and settings.business_days_only:
        assert slot.astimezone(zone).weekday() < 5
    assert next_slot(slot, settings, zone, by_day=by_day) == slot


@given(moments, windows(), zones, st.integers(1, 86_399))
def test_a_short_wait_is_never_cut_shorter(
    sent: datetime, settings: FollowUpSettings, zone: ZoneInfo, seconds: int
) -> None:
    wait = durations.text(timedelta(seconds=seconds))

    due = due_at(sent, wait, settings, zone)

    assert due >= sent + timedelta(seconds=seconds)
    assert inside(due, settings, zone)


@given(moments, st.integers(1, 60), zones)
def test_without_a_window_a_short_wait_is_exact(
    sent: datetime, seconds: int, zone: ZoneInfo
) -> None:
    due = due_at(sent, f"PT{seconds}S", set_to(), zone)

    assert due == sent + timedelta(seconds=seconds)


@given(moments, windows(), zones, st.integers(1, 30))
def test_a_wait_of_days_has_at_least_so_many_midnights_in_it(
    sent: datetime, settings: FollowUpSettings, zone: ZoneInfo, days: int
) -> None:
    due = due_at(sent, f"P{days}D", settings, zone)

    passed = due.astimezone(zone).date() - sent.astimezone(zone).date()
    assert passed >= timedelta(days=days)
    assert inside(due, settings, zone)
    if settings.business_days_only:
        assert due.astimezone(zone).weekday() < 5
