"""Times and spans of time mean one thing each."""

import datetime as dt

import pytest
from graphql import GraphQLError
from hypothesis import given
from hypothesis import strategies as st

from graphql_api.errors import user_error
from graphql_api.scalars import SCALARS, duration, iso_duration
from runtime.errors import Refused

TIME = SCALARS[dt.datetime]


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("PT30S", dt.timedelta(seconds=30)),
        ("PT2S", dt.timedelta(seconds=2)),
        ("PT0.5S", dt.timedelta(seconds=0.5)),
        ("P3D", dt.timedelta(days=3)),
        ("P1W", dt.timedelta(weeks=1)),
        ("P1DT2H3M4S", dt.timedelta(days=1, hours=2, minutes=3, seconds=4)),
        ("PT0S", dt.timedelta(0)),
    ],
)
def test_a_duration_is_read_as_written(text: str, span: dt.timedelta) -> None:
    assert duration(text, "waits") == span


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "3 days", "P1Y", "P1M", "-P1D", "PT1.5H", "P3d", "PT٣S", "P1D " + "0" * 99],
)
def test_a_malformed_duration_is_refused_by_name(text: str) -> None:
    with pytest.raises(Refused) as refused:
        duration(text, "follow_up.waits.1")
    error = user_error(refused.value)
    assert error.code == "MALFORMED"
    assert error.path == ["input", "followUp", "waits", "1"]


@pytest.mark.parametrize("text", ["P366D", "P99999999999999999999D", "PT99999999999999999999999H"])
def test_a_duration_of_more_than_a_year_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="at most P365D"):
        duration(text, "waits")


@given(st.timedeltas(min_value=dt.timedelta(0), max_value=dt.timedelta(days=365)))
def test_a_duration_comes_back_as_it_went_out(span: dt.timedelta) -> None:
    assert duration(iso_duration(span), "waits") == span


def test_a_time_is_utc_inside_whatever_its_offset() -> None:
    assert TIME.parse_value is not None
    assert TIME.parse_value("2026-03-02T10:00:00+01:00") == dt.datetime(
        2026, 3, 2, 9, tzinfo=dt.UTC
    )
    assert TIME.serialize is not None
    assert TIME.serialize(dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)) == "2026-03-02T09:00:00Z"


@pytest.mark.parametrize(
    "value",
    [
        "2026-03-02T09:00:00",
        "2026-03-02",
        "tomorrow",
        1772442000,
        None,
        "0001-01-01T00:00:00+23:00",
    ],
)
def test_a_time_that_names_no_moment_is_refused(value: object) -> None:
    assert TIME.parse_value is not None
    with pytest.raises(GraphQLError):
        TIME.parse_value(value)
