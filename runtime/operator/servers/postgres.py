"""Postgres: a PostgreSQL 18 of our own below a data directory.

It is started once and found again: a server that outlived a killed ``up`` is adopted, with
its port and passwords.  The role ``rapport_owner`` may create roles and owns the database
``rapport``; it is no superuser, as in any decent deployment.
"""

import contextlib
import secrets
import signal
import subprocess
import time
from pathlib import Path

import psutil
import psycopg

from runtime.operator.servers import cluster, machine, notes
from runtime.operator.servers.machine import ServerError

_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "300",
    "log_min_messages": "warning",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
_HASTY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
_STARTS_WITHIN = 60.0
_TRIES = 3
_FAST_THEN_AT_ONCE = [(signal.SIGINT, 20.0), (signal.SIGQUIT, 10.0)]


class Postgres:
    """One PostgreSQL server and its note in ``data_dir/postgres.json``.

    ``durable=False`` gives up safety against a power cut, for tests.
    """

    name = "PostgreSQL"

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self._folder = data_dir.absolute() / "postgres"
        self._note_path = data_dir.absolute() / "postgres.json"
        self._log = data_dir.absolute() / "postgres.log"
        self._durable = durable
        self._note = notes.read(self._note_path)
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def admin_url(self) -> str:
        """The superuser's URL; nothing of the product uses it."""
        return self._url("postgres", "admin_password", "postgres")

    @property
    def owner_url(self) -> str:
        """The URL of the role that owns the database and may create roles."""
        return self._url("rapport_owner", "owner_password", "rapport")

    @property
    def app_url(self) -> str:
        """The application's URL, once the migrations created its login with app_password."""
        return self._url("rapport_app", "app_password", "rapport")

    @property
    def app_password(self) -> str:
        """The password kept for the application's login."""
        return str(self._note["app_password"])

    @property
    def pid(self) -> int | None:
        """The server's process id, None when it is not running."""
        found = self._process()
        return found.pid if found else None

    def alive(self) -> bool:
        """Say whether the server runs."""
        return self.pid is not None

    def start(self) -> None:
        """Return when the server answers, ours from before or a new one."""
        if not self._note:
            names = ("admin_password", "owner_password", "app_password")
            self._remember(**{name: secrets.token_hex(16) for name in names})
        if not (self._folder / "PG_VERSION").exists():
            cluster.make(
                self._folder, self._log, str(self._note["admin_password"]), sync=self._durable
            )
        self._start_or_adopt()
        if not self._note.get("prepared"):
            cluster.prepare(self.admin_url, str(self._note["owner_password"]))
            self._remember(prepared=True)

    def stop(self) -> None:
        """End the server, its transactions rolled back; nothing happens when it is not running."""
        if found := self._process():
            machine.end(found, _FAST_THEN_AT_ONCE)
        machine.reap(self._child)

    def _start_or_adopt(self) -> None:
        """Try a few times: a port may be lost to another, a killed server's helpers linger."""
        for left in reversed(range(_TRIES)):
            if self._process() is None:
                self._child = self._launch()
            elif self._has_died():
                self._child = None
            if self._answers():
                return
            time.sleep(0.5 if left else 0)
        raise ServerError(f"PostgreSQL does not start: see {self._log}")

    def _url(self, role: str, password: str, database: str) -> str:
        port = self._note["port"]
        return f"postgresql://{role}:{self._note[password]}@127.0.0.1:{port}/{database}"

    def _remember(self, **facts: object) -> None:
        self._note |= facts
        notes.write(self._note_path, self._note)

    def _process(self) -> psutil.Process | None:
        """Return the server that holds our folder, by the file it keeps there itself."""
        try:
            lines = (self._folder / "postmaster.pid").read_text().splitlines()
            pid, port = int(lines[0]), int(lines[3])
        except (FileNotFoundError, ValueError, IndexError):
            return None
        found = machine.process(pid)
        try:
            ours = found is not None and str(self._folder) in found.cmdline()
        except psutil.Error:
            return None
        if ours and port != self._note.get("port"):
            self._remember(port=port)
        return found if ours else None

    def _launch(self) -> subprocess.Popen[bytes]:
        """Start the server in a session of its own: a terminal's Ctrl-C is not for it."""
        prefix, user = machine.unprivileged(self._folder)
        self._remember(port=(port := machine.same_port(self._note.get("port"))))
        settings = _SETTINGS if self._durable else _SETTINGS | _HASTY
        command = [cluster.program("postgres"), "-D", str(self._folder), "-p", str(port)]
        options = [f"--{name}={value}" for name, value in settings.items()]
        with self._log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - our own wheel's program
                [*prefix, *command, *options],
                user=user, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def _answers(self) -> bool:
        """Wait for the server's first answer; False when it died or takes too long."""
        until = time.monotonic() + _STARTS_WITHIN
        while time.monotonic() < until and not self._has_died():
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(self.admin_url, connect_timeout=5).close()
                return True
            time.sleep(0.02)
        return False

    def _has_died(self) -> bool:
        return self._child is not None and self._child.poll() is not None
