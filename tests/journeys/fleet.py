"""Fleet: the product's real processes on servers of their own, kept alive and killed at will.

A process that dies is started again, as ``rapport up`` would, each time with the
next of its failpoints, until it has died at every one of them.
"""

import itertools
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import httpx

from runtime.crm import tokens, workspaces
from runtime.db import Database
from runtime.migrate import migrate
from runtime.models import Role
from runtime.operator.servers import Postgres, Valkey

T = TypeVar("T")

PATIENCE = 60.0
"""Seconds for anything to come about; nothing here takes a third of it."""

WINGS = {
    "api": ["graphql_api"],
    "agents": ["agents"],
    "worker": ["scheduler", "worker"],
    "clock": ["scheduler", "clock"],
}


class Process:
    """One wing, started again when it dies."""

    def __init__(
        self,
        name: str,
        arguments: Sequence[str],
        env: Mapping[str, str],
        folder: Path,
        failpoints: Sequence[str] = (),
    ) -> None:
        self._name, self._arguments, self._env, self._folder = name, arguments, env, folder
        self._failpoints = iter(failpoints)
        self._stop = threading.Event()
        self.deaths: list[int] = []
        self.log = folder / f"{name}-{os.urandom(3).hex()}.log"
        self._process = self._start()
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self._keeper.start()

    def kill(self) -> None:
        """Kill it as a power cut would."""
        self._process.send_signal(signal.SIGKILL)

    def stop(self) -> int:
        """Have it drain; return its exit status."""
        self._stop.set()
        self._process.terminate()
        status = self._process.wait(PATIENCE)
        self._keeper.join(PATIENCE)
        return status

    def _start(self) -> "subprocess.Popen[bytes]":
        env = dict(self._env)
        if failpoint := next(self._failpoints, None):
            env["RAPPORT_FAILPOINT"] = f"{failpoint}:{self._folder}/{failpoint}.reached"
        with self.log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - our own Python and wings
                [sys.executable, "-m", *self._arguments], env=env, stdout=log, stderr=log
            )

    def _keep(self) -> None:
        while True:
            status = self._process.wait()
            if self._stop.is_set():
                return
            self.deaths.append(status)
            self._process = self._start()


class Fleet:
    """Servers, processes and one workspace's owner."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.folder = folder
        self.postgres, self.valkey = Postgres(folder, durable=False), Valkey(folder)
        self.postgres.start()
        self.valkey.start()
        migrate(self.postgres.owner_url, self.postgres.app_password)
        self.db = Database(self.postgres.app_url)
        self.workspace_id = workspaces.create(self.db, "Chaos")
        with self.db.transaction(self.workspace_id) as tx:
            token = tokens.create(tx, name="Ada", role=Role.OWNER)
        self.authorization = f"Bearer {token}"
        self.port = _free_port()
        self._env = {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "DATABASE_URL": self.postgres.app_url,
            "REDIS_URL": self.valkey.url,
            "RAPPORT_DATA_DIR": str(folder),
            "LEASE_SECONDS": "2",
            "RETRY_BASE_SECONDS": "0.2",
            **variables,
        }
        self.processes: dict[str, Process] = {}
        self._http = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=10)
        self._keys = itertools.count(1)

    def start(self, name: str, *failpoints: str) -> Process:
        """Start one wing."""
        arguments = WINGS[name] + (["--port", str(self.port)] if name == "api" else [])
        process = Process(name, arguments, self._env, self.folder, failpoints)
        self.processes[name] = process
        return process

    def close(self) -> None:
        """Have everything drain, then stop the servers."""
        for process in self.processes.values():
            process.stop()
        self._http.close()
        self.db.close()
        self.valkey.stop()
        self.postgres.stop()

    def ask(self, query: str, **variables: Any) -> Any:
        """Return an answer's data; asks again while the API is being started again."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                response = self._http.post(
                    "/graphql",
                    json={"query": query, "variables": variables},
                    headers={"authorization": self.authorization},
                )
                answer = response.json()
                assert "errors" not in answer, answer
                return answer["data"]
            except httpx.TransportError:
                if time.monotonic() > deadline:
                    raise
                threading.Event().wait(0.1)

    def do(self, mutation: str, shown: str, **fields: Any) -> Any:
        """Carry out a mutation; return its payload, of which ``shown`` is selected."""
        type_ = f"{mutation[0].upper()}{mutation[1:]}Input"
        query = (
            f"mutation ($input: {type_}!) {{ {mutation}(input: $input)"
            f" {{ {shown} userErrors {{ code message path }} }} }}"
        )
        return self.ask(query, input=fields)[mutation]

    def new_key(self) -> str:
        """Return an idempotency key that was not used yet."""
        return f"key-{next(self._keys)}"


def until(what: str, look: Callable[[], T | None]) -> T:
    """Return what ``look`` finds once it finds something; fail naming ``what`` if it never does."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := look():
            return found
        threading.Event().wait(0.05)
    raise AssertionError(f"this never came about: {what}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
