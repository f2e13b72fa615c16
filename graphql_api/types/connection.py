"""Connections: lists that can grow, a page at a time."""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

import strawberry

from graphql_api.sdl import field, output

T = TypeVar("T")


@output
class PageInfo:
    """Where a page stands in its list."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@output
class Edge(Generic[T]):
    """An item and its place in the list."""

    cursor: str
    node: T


@output
class Connection(Generic[T]):
    """One page of a list."""

    edges: list[Edge[T]]
    page_info: PageInfo
    count: strawberry.Private[Callable[[], Awaitable[int]]]

    @field
    def nodes(self) -> list[T]:
        """List the items of the page, without their cursors."""
        return [edge.node for edge in self.edges]

    @field
    async def total_count(self) -> int:
        """Count the whole list; nobody counts it unless asked."""
        return await self.count()
