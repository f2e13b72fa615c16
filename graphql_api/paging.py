"""Paging: one page of a list, by keyset.

``Listing`` says what a list is: its table, its order, its name in cursors.  ``page``
reads one page of it in one statement, whatever page of however long a list it is; the
count of the whole is a second one, made only when somebody asks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from graphql_api import cursors, ids, limits
from graphql_api.context import Info
from graphql_api.errors import BadInput
from graphql_api.types.connection import Connection, Edge, PageInfo
from graphql_api.types.node import present
from runtime.db import Transaction
from runtime.models import Base


@dataclass(frozen=True)
class Listing:
    """A list: which rows, in which order; the last column of the order is unique."""

    name: str
    model: type[Base]
    order: tuple[InstrumentedAttribute[Any], ...]
    newest_first: bool = False
    ids_of: str | None = None
    """The type whose ids are the cursors, where a row's number is both."""


@dataclass(frozen=True)
class Paging:
    """What a caller wants of a list, as the arguments say it."""

    first: int | None
    after: str | None
    last: int | None
    before: str | None

    @property
    def backward(self) -> bool:
        """Say whether the page is counted from the end."""
        return self.last is not None

    @property
    def size(self) -> int:
        """Return the page's size; BadInput names the argument at fault."""
        if self.first is not None and self.last is not None:
            raise BadInput("Ask for the first or for the last, not for both.", "first")
        name, size = ("last", self.last) if self.backward else ("first", self.first)
        if size is None:
            return limits.PAGE
        if not 1 <= size <= limits.PAGE_MAX:
            raise BadInput(f"Ask for 1 to {limits.PAGE_MAX} at once.", name)
        return size


async def page(
    info: Info, listing: Listing, paging: Paging, *conditions: sa.ColumnElement[bool]
) -> Connection[Any]:
    """Return one page of a list."""
    query = _query(listing, paging, conditions)
    rows: Sequence[Any] = await info.context.read(lambda tx: tx.scalars(query).all())
    more, rows = len(rows) > paging.size, rows[: paging.size]
    shown = rows[::-1] if paging.backward else rows
    edges = [Edge(cursor=_cursor(listing, row), node=present(row)) for row in shown]
    behind, ahead = paging.after is not None, paging.before is not None
    info_ = PageInfo(
        has_next_page=ahead if paging.backward else more,
        has_previous_page=more if paging.backward else behind,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )

    def count(tx: Transaction) -> int:
        counted = sa.select(sa.func.count()).select_from(listing.model).where(*conditions)
        return tx.execute(counted).scalar_one()

    return Connection(edges=edges, page_info=info_, count=lambda: info.context.read(count))


def _query(
    listing: Listing, paging: Paging, conditions: Sequence[sa.ColumnElement[bool]]
) -> sa.Select[Any]:
    query = sa.select(listing.model).where(*conditions).limit(paging.size + 1)
    if paging.after is not None:
        query = query.where(_beyond(listing, paging.after, "after", not listing.newest_first))
    if paging.before is not None:
        query = query.where(_beyond(listing, paging.before, "before", listing.newest_first))
    falling = listing.newest_first != paging.backward
    return query.order_by(*(c.desc() if falling else c.asc() for c in listing.order))


def _beyond(listing: Listing, cursor: str, argument: str, greater: bool) -> sa.ColumnElement[bool]:
    values = _values(listing, cursor, argument)
    if len(values) != len(listing.order):
        raise BadInput("This is not a cursor of this list.", argument)
    columns = sa.tuple_(*listing.order)
    bounds = sa.tuple_(*(sa.literal(v, c.type) for v, c in zip(values, listing.order, strict=True)))
    return columns > bounds if greater else columns < bounds


def _values(listing: Listing, cursor: str, argument: str) -> list[Any]:
    if listing.ids_of is None:
        return cursors.decode(listing.name, cursor, argument)
    number = ids.number(cursor, listing.ids_of)
    return [] if number is None else [number]


def _cursor(listing: Listing, row: Any) -> str:
    values = [getattr(row, column.key) for column in listing.order]
    if listing.ids_of is None:
        return cursors.encode(listing.name, values)
    return ids.encode(listing.ids_of, *values)
