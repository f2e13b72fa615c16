"""Trail: what may be asked of the audit trail's export, and how an event is a line of it."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import orjson
import sqlalchemy as sa
from graphql import GraphQLError
from starlette.datastructures import QueryParams
from strawberry import ID

from graphql_api import ids, limits
from graphql_api.errors import BadInput
from graphql_api.filters import EventFilter
from graphql_api.scalars import read_time
from runtime.db import Transaction
from runtime.models import Event

_COLUMNS = ("id", "seq", "at", "type", "actor", "summary", "taskId", "agentId", "contactId", "data")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - spreadsheets take the wide ones too
_NO_END = 2**63 - 1
_ONCE = ("taskId", "agentId", "contactId", "since", "until", "actor", "search", "after")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events: by the filter, behind one number, up to another."""

    conditions: tuple[sa.ColumnElement[bool], ...]
    behind: int
    last: int

    def batch(self, tx: Transaction) -> Sequence[Event]:
        """Return the next events, the oldest first."""
        return tx.scalars(
            sa.select(Event)
            .where(
                Event.workspace_id == tx.workspace_id,
                Event.seq > self.behind,
                Event.seq <= self.last,
                *self.conditions,
            )
            .order_by(Event.seq)
            .limit(limits.EXPORT_BATCH)
        ).all()

    def rest(self, seq: int) -> "Wanted":
        """Return what is left after an event."""
        return replace(self, behind=seq)


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of file."""

    suffix: str
    media_type: str
    head: str
    lines: Callable[[Sequence[Event]], str]


def wanted(query: QueryParams) -> Wanted:
    """Return what the parameters ask for, under the names of ``EventFilter``, with no end yet.

    BadInput names one that is unknown, malformed or given twice: a misspelt filter must not
    export everything.  ``type`` may be repeated; ``after`` is an event's id.
    """
    for name in query:
        if name not in (*_ONCE, "type"):
            raise BadInput(f"There is no such parameter; known are type, {', '.join(_ONCE)}.", name)
        if name != "type" and len(query.getlist(name)) > 1:
            raise BadInput("Give this once.", name)
    asked = EventFilter(
        type=query.getlist("type") or None,
        task_id=_id(query, "taskId"),
        agent_id=_id(query, "agentId"),
        contact_id=_id(query, "contactId"),
        since=_time(query, "since"),
        until=_time(query, "until"),
        actor=query.get("actor"),
        search=query.get("search"),
    )
    if any("\0" in value for value in query.values()):
        raise BadInput("A text holds a NUL character.", "search")
    return Wanted(tuple(asked.conditions()), _number(query.get("after")), last=_NO_END)


def shown(event: Event) -> dict[str, Any]:
    """Return an event under the names that the API gives it; times are UTC."""
    return {
        "id": ids.encode("Event", event.seq),
        "seq": event.seq,
        "at": event.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "type": event.type,
        "actor": event.actor,
        "summary": event.summary,
        "taskId": ids.encode("Task", event.task_id) if event.task_id else None,
        "agentId": ids.encode("Agent", event.agent_id) if event.agent_id else None,
        "contactId": ids.encode("Contact", event.contact_id) if event.contact_id else None,
        "data": event.data,
    }


def cell(value: Any) -> str:
    """Return a value as a cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _csv(rows: Sequence[Event]) -> str:
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    for row in map(shown, rows):
        row["data"] = orjson.dumps(row["data"]).decode()
        writer.writerow([cell(row[column]) for column in _COLUMNS])
    return table.getvalue()


def _jsonl(rows: Sequence[Event]) -> str:
    return "".join(orjson.dumps(shown(row)).decode() + "\n" for row in rows)


FORMS = {
    "csv": Form("csv", "text/csv; charset=utf-8", ",".join(_COLUMNS) + "\r\n", _csv),
    "jsonl": Form("jsonl", "application/jsonl; charset=utf-8", "", _jsonl),
}


def _id(query: QueryParams, name: str) -> ID | None:
    return ID(query[name]) if name in query else None


def _time(query: QueryParams, name: str) -> datetime | None:
    if name not in query:
        return None
    try:
        # A plus sign that nobody escaped has become a blank by now.
        return read_time(query[name].replace(" ", "+"))
    except GraphQLError as error:
        raise BadInput(error.message, name) from None


def _number(cursor: str | None) -> int:
    if cursor is None:
        return 0
    found = ids.number(cursor, "Event")
    if found is None:
        raise BadInput("This is no id of an event.", "after")
    return found
