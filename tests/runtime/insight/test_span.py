"""Days are the workspace's, whatever its clocks do."""

import uuid
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from runtime.errors import Refused
from runtime.insight import counting
from runtime.insight.span import Span
from tests.house import House
from tests.runtime.insight.planted import Mail, plant, span


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def of(since: str, until: str, zone: str = "UTC") -> Span:
    return Span(uuid.uuid4(), moment(since), moment(until), ZoneInfo(zone))


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", "2026-03-28", 24),
        ("Europe/Berlin", "2026-03-29", 23),
        ("Europe/Berlin", "2026-10-25", 25),
        ("Asia/Kathmandu", "2026-03-29", 24),
        # Clocks go on at midnight: the day begins at one.
        ("Africa/Cairo", "2026-04-24", 23),
        # They went back at midnight: the day before had its last hour twice.
        ("America/Sao_Paulo", "2018-02-17", 25),
        # A day that there was not.
        ("Pacific/Apia", "2011-12-30", 0),
    ],
)
def test_a_day_is_as_long_as_it_was_there(zone: str, day: str, hours: int) -> None:
    whole = of("2011-01-01T00:00Z", "2011-01-02T00:00Z", zone)
    begin = date.fromisoformat(day)
    length = whole.begins(begin + timedelta(days=1)) - whole.begins(begin)
    assert length == timedelta(hours=hours)


def test_mails_on_either_side_of_a_short_and_a_long_nights_midnight(house: House) -> None:
    times = (
        *("2026-03-28T22:59:59Z", "2026-03-28T23:00:00Z", "2026-03-29T21:59:59Z"),
        *("2026-03-29T22:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T22:59:59Z"),
        "2026-10-25T23:00:00Z",
    )
    plant(house, [Mail(moment(at), task=n) for n, at in enumerate(times)])
    whole = span(house, moment(times[0]), moment("2026-10-26T00:00Z"), "Europe/Berlin")
    with house.tx() as tx:
        sums = counting.count(tx, whole)
    days = {day: s.counts.sent for (day, agent), s in sums.items() if day and agent is None}
    assert days == {
        date(2026, 3, 28): 1,
        date(2026, 3, 29): 2,
        date(2026, 3, 30): 1,
        date(2026, 10, 25): 2,
        date(2026, 10, 26): 1,
    }
    for day, sent in days.items():
        with house.tx() as tx:
            assert counting.mails(tx, whole.on(day)) == sent


def test_a_span_touches_each_of_its_days_once() -> None:
    whole = of("2026-03-01T12:00Z", "2026-03-04T00:00Z")
    assert [day.day for day in whole.days()] == [1, 2, 3]
    assert of("2026-03-01T12:00Z", "2026-03-01T12:00Z").days() == []
    assert whole.on(date(2026, 3, 1)).since == whole.since
    outside = whole.on(date(2026, 3, 9))
    assert outside.since == outside.until


@pytest.mark.parametrize(
    ("since", "until", "field"),
    [
        ("2026-03-02T00:00Z", "2026-03-01T00:00Z", "from"),
        ("2026-03-01T00:00Z", "2027-03-02T00:00:01Z", "to"),
        ("0001-01-01T00:00Z", "0001-01-02T00:00Z", "from"),
        ("9999-12-20T00:00Z", "9999-12-31T23:00Z", "to"),
    ],
)
def test_what_is_no_span_or_too_long_is_refused_by_name(since: str, until: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        of(since, until)
    assert refused.value.field == field


def test_a_year_of_days_may_have_an_hour_more() -> None:
    assert (
        len(of("2026-10-25T00:00+02:00", "2027-10-26T00:00+02:00", "Europe/Berlin").days()) == 366
    )
    long = of("2027-03-28T00:00+01:00", "2028-03-28T00:00+02:00", "Europe/Berlin")
    assert len(long.days()) == 366
