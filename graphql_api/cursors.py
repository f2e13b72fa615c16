"""Cursors: where a page ends, by value and not by count.

A cursor holds the sort values of its row, so rows that come and go do not shift the
next page.  It is opaque, and only good for the list that made it.
"""

import base64
import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import orjson

from graphql_api.errors import BadInput

_LONGEST = 400
_READERS: dict[str, Callable[[str], Any]] = {
    "datetime": dt.datetime.fromisoformat,
    "UUID": UUID,
    "int": int,
    "str": str,
}


def encode(name: str, values: Sequence[dt.datetime | UUID | int | str]) -> str:
    """Return the cursor of a row in the list ``name``, from the values it is sorted by."""
    packed = orjson.dumps([name, *([type(value).__name__, str(value)] for value in values)])
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def decode(name: str, cursor: str, argument: str) -> list[Any]:
    """Return the sort values a cursor holds; BadInput names ``argument`` when it holds none."""
    try:
        made_by, *values = _unpack(cursor)
        read = [_READERS[kind](text) for kind, text in values]
    except (ValueError, TypeError, KeyError):
        made_by, read = None, []
    if made_by != name or not read:
        raise BadInput("This is not a cursor of this list.", argument)
    return read


def _unpack(cursor: str) -> Any:
    padded = cursor[:_LONGEST] + "=" * (-len(cursor) % 4)
    return orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
