"""Agent: what the author of a member of the team writes.

A class with a ``kind`` and methods marked with the message they handle.  It has
no state of its own: rows are its memory, and a ``Turn`` is all it sees.
"""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from runtime.errors import Reject
from runtime.messages import Said
from runtime.models import AgentKind

Method = TypeVar("Method", bound=Callable[..., None])


def handles(*kinds: type[Said]) -> Callable[[Method], Method]:
    """Mark a method as the one that handles messages of these types."""

    def mark(method: Method) -> Method:
        method.__dict__["handles"] = kinds
        return method

    return mark


class Agent:
    """A member of the team.  One instance serves all workspaces and threads."""

    kind: ClassVar[AgentKind]
    _handlers: ClassVar[dict[type[Said], str]]

    def __init_subclass__(cls) -> None:
        cls._handlers = {
            said: name for name in dir(cls) for said in getattr(getattr(cls, name), "handles", ())
        }

    def handler(self, said: Said) -> Callable[[Any, Any], None]:
        """Return the method for a message, or raise Reject if this agent has none."""
        name = self._handlers.get(type(said))
        if name is None:
            raise Reject(f"{self.kind.value} does not handle {said.type}.", code="UNHANDLED")
        method: Callable[[Any, Any], None] = getattr(self, name)
        return method
