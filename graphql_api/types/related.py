"""Related: fields that show the rows a row points at, or that hang on it.

Declared where the type lists its fields, loaded through the operation's loaders: a
page of a hundred asks once for all its contacts.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import strawberry

from graphql_api.context import Info
from graphql_api.loaders import Loaders, Relation
from graphql_api.types.node import present
from runtime.models import Base

Load = Callable[[Loaders, Any], Awaitable[Any]]


def pointed_at(model: type[Base], key: str, description: str) -> Any:
    """Declare the row whose key stands in the attribute ``key``; null where that is null."""

    async def load(loaders: Loaders, parent: Any) -> Any:
        return present(await loaders.row(model, getattr(parent, key)))

    return _field(load, description)


def newest_of(relation: Relation, description: str) -> Any:
    """Declare the last of the rows that hang on this one."""

    async def load(loaders: Loaders, parent: Any) -> Any:
        return present(await loaders.newest(relation, parent.key))

    return _field(load, description)


def all_of(relation: Relation, description: str) -> Any:
    """Declare all rows that hang on this one."""

    async def load(loaders: Loaders, parent: Any) -> Any:
        return [present(row) for row in await loaders.all(relation, parent.key)]

    return _field(load, description)


def _field(load: Load, description: str) -> Any:
    async def resolve(self: Any, info: Info) -> Any:
        return await load(info.context.loaders, self)

    # The type of the field is the one its class declares; Strawberry would read this one first.
    del resolve.__annotations__["return"]
    return strawberry.field(resolver=resolve, description=description)
