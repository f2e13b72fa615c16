"""Scalars: time, spans of time, and JSON, as they look on the wire.

``DateTime`` is aware and UTC inside the house; a time without an offset is refused,
for nobody knows which moment it means.  ``Duration`` arrives as the text the caller
wrote: a malformed one is an expected refusal that names its field, so the mutation
reads it (``duration``), not the scalar.
"""

import datetime as dt
import re
from typing import Any, NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from runtime.errors import Refused

Duration = NewType("Duration", str)
JSON = NewType("JSON", object)

_LONGEST = dt.timedelta(days=365)
_DURATION = re.compile(
    r"P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?",
    re.ASCII,
)


def duration(text: str, field: str) -> dt.timedelta:
    """Read an ISO 8601 duration such as PT30S or P3D; Refused names ``field``.

    Years and months are refused: how long they are depends on where they start.
    """
    found = _DURATION.fullmatch(text) if len(text) <= 40 else None
    parts = {k: float(v) for k, v in found.groupdict().items() if v} if found else {}
    if not parts:
        raise Refused(
            "Write a duration as ISO 8601, for example PT30S, PT2H or P3D.",
            code="MALFORMED",
            field=field,
        )
    if sum(_seconds(unit) * count for unit, count in parts.items()) > _LONGEST.total_seconds():
        raise Refused("A duration may be at most P365D.", code="TOO_LONG", field=field)
    return dt.timedelta(**parts)


def iso_duration(span: dt.timedelta) -> str:
    """Return the ISO 8601 text of a span, in the largest whole units: P3D, PT1H30M, PT2S."""
    minutes, seconds = divmod(span.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    exact = f"{seconds + span.microseconds / 1_000_000:.6f}".rstrip("0").rstrip(".")
    clock = (f"{hours}H" * bool(hours)) + (f"{minutes}M" * bool(minutes))
    clock += f"{exact}S" * (exact != "0")
    days = f"{span.days}D" * bool(span.days)
    return f"P{days}{'T' * bool(clock)}{clock}" if days or clock else "PT0S"


def _seconds(unit: str) -> float:
    return dt.timedelta(**{unit: 1}).total_seconds()


def _read_time(value: Any) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise GraphQLError("Write a time as ISO 8601, for example 2026-03-02T09:00:00Z.") from None
    if moment.utcoffset() is None:
        raise GraphQLError("A time needs its offset: end it with Z or +01:00.")
    try:
        return moment.astimezone(dt.UTC)
    except OverflowError:
        raise GraphQLError("This time is outside the calendar.") from None


def _write_time(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def _read_text(value: Any) -> Duration:
    if not isinstance(value, str):
        raise GraphQLError("A duration is a text, for example PT30S.")
    return Duration(value)


SCALARS: dict[object, ScalarDefinition] = {
    dt.datetime: strawberry.scalar(
        name="DateTime",
        description="A moment, ISO 8601 with its offset; always UTC in answers.",
        serialize=_write_time,
        parse_value=_read_time,
    ),
    Duration: strawberry.scalar(
        name="Duration",
        description="A span of time, ISO 8601: PT30S, PT2H, P3D. No years or months.",
        serialize=str,
        parse_value=_read_text,
    ),
    JSON: strawberry.scalar(
        name="JSON",
        description="Any JSON value.",
        serialize=lambda value: value,
        parse_value=lambda value: value,
    ),
}
