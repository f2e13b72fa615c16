"""Parts: what ``up`` keeps alive, and how it is kept.

A wing is a child process; a server of our own may be an adopted one.  Both can be started,
asked whether they live, and ended.  What dies is started again, later each time it dies young.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from runtime.operator.servers.machine import ServerError
from runtime.process import PARENT_FD

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
_GROWN_UP = 20.0
DRAINS_WITHIN = 25.0


class Part(Protocol):
    """Something that can die and be started again."""

    name: str

    def start(self) -> None:
        """Bring it to life; it is not alive now."""

    def alive(self) -> bool:
        """Say whether it lives."""


class Wing:
    """One wing as a child process, in a session of its own: a terminal's Ctrl-C is for ``up``."""

    def __init__(self, name: str, arguments: Iterable[str], env: Mapping[str, str]) -> None:
        self.name = name
        self._command = [sys.executable, "-m", *arguments]
        self._env = env
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process; it ends by itself when the pipe in its environment closes."""
        fd = int(self._env[PARENT_FD])
        self._process = subprocess.Popen(  # noqa: S603 - our own Python and wings
            self._command,
            env=self._env,
            pass_fds=[fd],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def alive(self) -> bool:
        """Say whether the process runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """The process id of the last start."""
        return self._process.pid if self._process else None

    def tell_to_end(self) -> None:
        """Ask the process to drain; returns at once."""
        if self._process and self.alive():
            self._process.terminate()

    def await_end(self, until: float) -> None:
        """Wait for the process until then (monotonic), and kill what is left of it."""
        if self._process is None:
            return
        try:
            self._process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


class Keeper:
    """Starts parts again that died, with a growing pause for those that die young."""

    def __init__(self, parts: Iterable[Part], say: Callable[[str], None]) -> None:
        self._say = say
        self._pauses: dict[Part, float] = dict.fromkeys(parts, _FIRST_PAUSE)
        self._started = dict.fromkeys(self._pauses, time.monotonic())
        self._due: dict[Part, float] = {}

    def look(self) -> None:
        """Look at each part once; call it several times a second."""
        now = time.monotonic()
        for part in self._pauses:
            if part in self._due:
                self._start_when_due(part, now)
            elif not part.alive():
                self._plan(part, now)

    def _plan(self, part: Part, now: float) -> None:
        if now - self._started[part] > _GROWN_UP:
            self._pauses[part] = _FIRST_PAUSE
        pause = self._pauses[part]
        self._due[part] = now + pause
        self._pauses[part] = min(2 * pause, _LONGEST_PAUSE)
        self._say(f"{part.name} ended; it is started again in {pause:g} s.")

    def _start_when_due(self, part: Part, now: float) -> None:
        if now >= self._due[part]:
            del self._due[part]
            self._started[part] = now
            # A start that fails is a death like any other: the next look plans the next one.
            with contextlib.suppress(ServerError, OSError):
                part.start()


def end(wings: Iterable[Wing]) -> None:
    """Let all wings drain at the same time; who takes too long is killed."""
    wings = list(wings)
    for wing in wings:
        wing.tell_to_end()
    until = time.monotonic() + DRAINS_WITHIN
    for wing in wings:
        wing.await_end(until)
