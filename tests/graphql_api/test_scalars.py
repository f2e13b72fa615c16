"""A time means one moment; a span arrives as it was written."""

import datetime as dt

import pytest
from graphql import GraphQLError, parse_value

from graphql_api.scalars import SCALARS, Duration

TIME = SCALARS[dt.datetime]


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


@pytest.mark.parametrize(("type_", "literal"), [(dt.datetime, '"tomorrow"'), (Duration, "2")])
def test_a_refusal_of_what_stands_in_the_query_says_where(type_: object, literal: str) -> None:
    read = SCALARS[type_].parse_literal
    assert read is not None
    with pytest.raises(GraphQLError) as refused:
        read(parse_value(literal), None)
    assert refused.value.locations


def test_a_duration_reaches_the_house_as_written_malformed_or_not() -> None:
    parse = SCALARS[Duration].parse_value
    assert parse is not None
    assert parse("PT2S") == "PT2S"
    assert parse("soon") == "soon"
    with pytest.raises(GraphQLError):
        parse(2)
