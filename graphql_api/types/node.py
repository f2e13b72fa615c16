"""Node: what has an id of its own, and how its row becomes its type.

Each type says which table's rows it shows.  A resolver that has a row asks
``present`` for the type, and need not import the file of a type that imports its own.
"""

from collections.abc import Callable
from typing import Any, Self, TypeVar, dataclass_transform

import strawberry
from strawberry import ID

from graphql_api.sdl import interface, output
from runtime.models import Base

T = TypeVar("T")

MODELS: dict[str, type[Base]] = {}
"""The table behind each type of node, by the type's name: what ``node(id)`` looks in."""
NODES: list[type] = []
"""All types of node; some are reached by no field but ``node``."""
_TYPES: dict[type[Base], Any] = {}


@interface
class Node:
    """Anything that can be fetched again by its id."""

    id: ID

    @classmethod
    def of(cls, row: Any) -> Self:
        """Return the type that shows a row."""
        raise NotImplementedError


@dataclass_transform(kw_only_default=True, field_specifiers=(strawberry.field,))
def node_of(model: type[Base]) -> Callable[[type[T]], type[T]]:
    """Make a class the type that shows a table's rows."""

    def decorate(cls: type[T]) -> type[T]:
        shown = output(cls)
        MODELS[cls.__name__] = model
        NODES.append(shown)
        _TYPES[model] = shown
        return shown

    return decorate


def present(row: Base | None) -> Any:
    """Return the type that shows this row; None for none."""
    return None if row is None else _TYPES[type(row)].of(row)
