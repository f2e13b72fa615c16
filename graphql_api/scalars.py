"""Scalars: time, spans of time, and JSON, as they look on the wire.

``DateTime`` is aware and UTC inside the house; a time without an offset is refused,
for nobody knows which moment it means.  ``Duration`` arrives as the text the caller
wrote: a malformed one is an expected refusal that names its field, so the runtime
reads it, not the scalar.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any, NewType

import strawberry
from graphql import GraphQLError, ValueNode, value_from_ast_untyped
from strawberry.types.scalar import ScalarDefinition

Duration = NewType("Duration", str)
JSON = NewType("JSON", object)


def read_time(value: Any) -> dt.datetime:
    """Return the moment that a text names, in UTC; GraphQLError if it names none."""
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


def _in_place(read: Callable[[Any], Any]) -> Callable[..., Any]:
    """Return the reader of what is written in the query itself; its refusal says where."""

    def read_node(node: ValueNode, variables: dict[str, Any] | None = None) -> Any:
        try:
            return read(value_from_ast_untyped(node, variables))
        except GraphQLError as error:
            raise GraphQLError(error.message, node) from None

    return read_node


SCALARS: dict[object, ScalarDefinition] = {
    dt.datetime: strawberry.scalar(
        name="DateTime",
        description="A moment, ISO 8601 with its offset; always UTC in answers.",
        serialize=_write_time,
        parse_value=read_time,
        parse_literal=_in_place(read_time),
    ),
    Duration: strawberry.scalar(
        name="Duration",
        description="A span of time, ISO 8601: PT30S, PT2H, P3D. No years or months.",
        serialize=str,
        parse_value=_read_text,
        parse_literal=_in_place(_read_text),
    ),
    JSON: strawberry.scalar(
        name="JSON",
        description="Any JSON value.",
        serialize=lambda value: value,
        parse_value=lambda value: value,
    ),
}
