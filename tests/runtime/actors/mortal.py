"""``python -m tests.runtime.actors.mortal URL WORKSPACE AGENT``: turns in processes that may die.

Each turn is taken by a child of its own.  When one finds nothing left to do, the number
of those that were killed before it is printed.
"""

import os
import signal
import sys
import uuid

from runtime import clock
from runtime.actors import turns
from runtime.actors.turn import Turn
from runtime.clock import FakeClock
from runtime.db import Database
from tests.runtime.actors.players import KIND, Player


def die(_turn: Turn) -> None:
    """Die as by a power cut."""
    os.kill(os.getpid(), signal.SIGKILL)


def live(url: str, workspace: str, agent: str) -> None:
    """Take turns until there is nothing to do."""
    clock.use(FakeClock())
    db = Database(url, connections=1)
    player = Player({"kill": die})
    while turns.take(db, {KIND: player}, uuid.UUID(workspace), uuid.UUID(agent)):
        pass


def main() -> None:
    """Start the next child when one was killed."""
    deaths = 0
    while True:
        child = os.fork()
        if not child:
            live(*sys.argv[1:])
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            break
        deaths += 1
    print(deaths, flush=True)  # noqa: T201 - the parent waits for it
    sys.exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
