"""The decorators of our schema: a docstring is a description in the SDL.

So a promise is written once, and reader, schema file and client see the same words.
"""

import inspect
from collections.abc import Callable
from typing import Any, TypeVar, dataclass_transform

import strawberry

T = TypeVar("T")


@dataclass_transform(kw_only_default=True, field_specifiers=(strawberry.field,))
def output(cls: type[T]) -> type[T]:
    """Make a class an object type."""
    return strawberry.type(cls, description=inspect.getdoc(cls))


@dataclass_transform(kw_only_default=True, field_specifiers=(strawberry.field,))
def interface(cls: type[T]) -> type[T]:
    """Make a class an interface."""
    return strawberry.interface(cls, description=inspect.getdoc(cls))


@dataclass_transform(kw_only_default=True, field_specifiers=(strawberry.field,))
def entry(cls: type[T]) -> type[T]:
    """Make a class an input type."""
    return strawberry.input(cls, description=inspect.getdoc(cls))


def field(resolver: Callable[..., Any]) -> Any:
    """Make a method a field, with its docstring for a description."""
    return strawberry.field(resolver=resolver, description=inspect.getdoc(resolver))


def told(text: str, **rest: Any) -> Any:
    """Declare a field that is filled when its type is, with what it promises."""
    return strawberry.field(description=text, **rest)


def subscription(resolver: Callable[..., Any]) -> Any:
    """Make a method a subscription, with its docstring for a description."""
    return strawberry.subscription(resolver=resolver, description=inspect.getdoc(resolver))


def enum(cls: Any) -> Any:
    """Make an enumeration of the house one of the schema, under its own name and values."""
    return strawberry.enum(cls, description=inspect.getdoc(cls))
