"""House: the whole product below one data directory, from the lock to the last drained child.

``up`` opens it, keeps it and closes it.  Everything that is waited for ends early when the
stop event is set, so that Ctrl-C is answered at any moment.
"""

import os
import threading
import time
from collections.abc import Callable

from runtime.migrate import migrate
from runtime.operator import located
from runtime.operator.database import answering
from runtime.operator.lock import DataDirLock
from runtime.operator.parts import DRAINS_WITHIN, Keeper, Wing, end
from runtime.operator.probe import answers
from runtime.operator.servers import Postgres, Valkey, machine
from runtime.process import PARENT_FD
from runtime.settings import Settings, SettingsError

WINGS = {
    "api": ["graphql_api"],
    "agents": ["agents"],
    "worker": ["scheduler", "worker"],
    "clock": ["scheduler", "clock"],
}


class House:
    """The product's servers and processes.  ``open`` and ``close`` are called once each."""

    def __init__(
        self, given: Settings, host: str, port: int, say: Callable[[str], None] = print
    ) -> None:
        self.data_dir = given.rapport_data_dir.absolute()
        self.address = f"http://{_reachable(host)}:{port}"
        self.settings = given
        self._host, self._port, self._say = host, port, say
        self._lock = DataDirLock(self.data_dir)
        self._servers: list[Postgres | Valkey] = []
        self._wings: list[Wing] = []
        self._reading, self._writing = os.pipe()

    def lock(self) -> None:
        """Take the data directory and make sure of the port, or raise SettingsError."""
        self._lock.take()
        until = time.monotonic() + (DRAINS_WITHIN if self._lock.unclean else 0)
        while not machine.is_free(self._port, self._host):
            if time.monotonic() >= until:
                raise SettingsError(
                    f"PORT: {self._port} is in use by another program; --port chooses another"
                )
            time.sleep(0.1)
        self._lock.tell(address=self.address, ready=False)

    def start_servers(self) -> None:
        """Start PostgreSQL and Valkey where no URL is given, and bring the schema up to date."""
        if not self.settings.database_url and not self.settings.database_owner_url:
            self._serve(Postgres(self.data_dir))
        if not self.settings.redis_url:
            self._serve(Valkey(self.data_dir))
        self._migrate()
        self.settings = located.locate(self.settings)

    def start_wings(self) -> None:
        """Start api, agents, worker and clock, all at once."""
        env = self._environment()
        where = ["--host", self._host, "--port", str(self._port)]
        for name, command in WINGS.items():
            wing = Wing(name, command + (where if name == "api" else []), env)
            self._wings.append(wing)
            wing.start()
        self._keeper = Keeper([*self._servers, *self._wings], self._say)

    def await_ready(self, stop: threading.Event) -> bool:
        """Keep everything alive until the API can serve; False when told to stop first."""
        while not stop.wait(0.05):
            self._keeper.look()
            if answers(self.address, "/readyz"):
                self._lock.tell(address=self.address, ready=True)
                return True
        return False

    def keep(self, stop: threading.Event) -> None:
        """Keep everything alive until told to stop."""
        while not stop.wait(0.2):
            self._keeper.look()

    def close(self) -> None:
        """Drain the wings, stop the servers, give back the directory."""
        if self._wings:
            self._say("Ending: what is in hand is finished first.")
        end(self._wings)
        for server in reversed(self._servers):
            server.stop()
        os.close(self._writing)
        os.close(self._reading)
        self._lock.release()

    def _serve(self, server: Postgres | Valkey) -> None:
        self._servers.append(server)
        server.start()

    def _migrate(self) -> None:
        """Migrate with the owner's role where we have it; else leave it to who has it."""
        given = self.settings
        if given.database_owner_url:
            derived = given.database_url is None
            password = located.app_password(self.data_dir) if derived else None
            with answering("DATABASE_OWNER_URL"):
                migrate(given.database_owner_url, password)
        for server in self._servers:
            if isinstance(server, Postgres):
                migrate(server.owner_url, server.app_password)

    def _environment(self) -> dict[str, str]:
        """Return what the wings see: never the owner's URL, always the pipe that says we live."""
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_OWNER_URL"}
        ours = {
            "DATABASE_URL": self.settings.database_url,
            "REDIS_URL": self.settings.redis_url,
            "RAPPORT_DATA_DIR": str(self.data_dir),
            "PUBLIC_URL": self.settings.public_url or self.address,
            PARENT_FD: str(self._reading),
        }
        return kept | {name: value for name, value in ours.items() if value}


def _reachable(host: str) -> str:
    """Return the name under which a browser on this machine reaches a server bound to ``host``."""
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - read, not bound
    return f"[{name}]" if ":" in name else name
