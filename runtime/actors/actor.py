"""Actor: a Pykka actor that plays one agent while there is something to do.

Its inbox holds at most one hint: "look into your mailbox".  Whatever it loses,
the mailbox keeps.  It dies of what is no message's fault; the supervisor sees to that.
"""

import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType

import pykka

Key = tuple[uuid.UUID, uuid.UUID]
"""Workspace and agent."""


@dataclass(slots=True)
class Vitals:
    """What actor and supervisor know of each other; plain flags, safe from both threads."""

    hinted: threading.Event = field(default_factory=threading.Event)
    draining: threading.Event = field(default_factory=threading.Event)
    busy: bool = False
    beat: float = field(default_factory=time.monotonic)

    @property
    def idle(self) -> bool:
        """Whether nothing is being done and nothing is waiting to be."""
        return not self.busy and not self.hinted.is_set()


class AgentActor(pykka.ThreadingActor):
    """Takes turns until the mailbox is empty, then waits for the next hint.

    ``take_turn`` returns whether there may be more.  ``died`` is told, on this
    actor's thread, what ended it.
    """

    use_daemon_thread = True

    def __init__(
        self,
        key: Key,
        vitals: Vitals,
        take_turn: Callable[[Key], bool],
        died: Callable[[Key, BaseException | None], None],
    ) -> None:
        super().__init__()
        self._key = key
        self._take_turn = take_turn
        self._died = died
        self._vitals = vitals

    def on_receive(self, message: object) -> None:  # noqa: ARG002 - every message is the same hint
        """Look into the mailbox until it is empty."""
        vitals = self._vitals
        vitals.busy = True
        vitals.hinted.clear()
        try:
            vitals.beat = time.monotonic()
            while not vitals.draining.is_set() and self._take_turn(self._key):
                vitals.beat = time.monotonic()
        finally:
            vitals.busy = False
            vitals.beat = time.monotonic()

    def on_failure(
        self,
        exception_type: type[BaseException] | None,  # noqa: ARG002 - Pykka's signature
        exception_value: BaseException | None,
        traceback: TracebackType | None,  # noqa: ARG002 - as above
    ) -> None:
        """Tell the supervisor."""
        self._died(self._key, exception_value)
