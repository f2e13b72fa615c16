"""Jobs: what RQ runs.  One entry, and it only wakes.

The job says that there is something to do, the rows say what: so a job may come
twice, late, or for what is done already, and a lost one is found by polling.
"""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Host:
    """Whose RQ thread this is: how to wake its hands, and how to fire due timers."""

    wake: Callable[[], None]
    fire: Callable[[], object]


host: ContextVar[Host] = ContextVar("host")


def run(reference: str) -> None:
    """Have this worker look for due calls; fire due timers unless it is about a call.

    On RQ's thread.  The best call there is is taken, not the one named: so the
    urgent goes first, and no job waits for a call that somebody else has.
    """
    here = host.get()
    here.wake()
    if not reference.startswith("call:"):
        here.fire()
