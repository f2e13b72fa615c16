"""Real servers of this wing's own: its workers take whatever call is due, whoever planned it."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from runtime import clock as time_now
from runtime.clock import FakeClock
from runtime.db import Database
from runtime.migrate import migrate
from runtime.notifier import Listener, Sender
from runtime.operator.servers import Postgres, Valkey
from runtime.settings import Settings
from scheduler import queues
from scheduler.clock import Clock
from scheduler.performing import Hands
from scheduler.worker import Worker
from tests.house import House
from tests.scheduler.patience import until

Start = Callable[..., Any]


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    server = Postgres(tmp_path_factory.mktemp("scheduler-postgres"), durable=False)
    server.start()
    migrate(server.owner_url, server.app_password)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def own_valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    server = Valkey(tmp_path_factory.mktemp("scheduler-valkey"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def valkey(own_valkey: Valkey) -> Valkey:
    """An empty Valkey, running."""
    if not own_valkey.alive():
        own_valkey.start()
    with queues.connect(own_valkey.url) as connection:
        connection.flushall()
    return own_valkey


@pytest.fixture
def db(postgres: Postgres) -> Iterator[Database]:
    """An empty database."""
    with psycopg.connect(postgres.owner_url) as connection:
        connection.execute("TRUNCATE workspaces, nodes CASCADE")
    database = Database(postgres.app_url, connections=10, hints=Sender(postgres.app_url))
    yield database
    database.close()


@pytest.fixture
def house(db: Database, tmp_path: Path) -> House:
    """A workspace that lives in real time; by its own clock everything planned is due."""
    return House(db, FakeClock(time_now.now() + timedelta(hours=1)), tmp_path)


@pytest.fixture
def listener(postgres: Postgres) -> Iterator[Listener]:
    listener = Listener(postgres.app_url)
    listener.start()
    assert listener.listening.wait(10)
    yield listener
    listener.close()


@pytest.fixture
def on_leaving() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def start_worker(
    house: House, listener: Listener, postgres: Postgres, on_leaving: ExitStack
) -> Start:
    """Start a worker with any of the settings, and another writer or mailer if need be."""

    def start(
        *,
        redis: Valkey | None = None,
        writer: Any = None,
        mailer: Any = None,
        pusher: Any = None,
        **settings: Any,
    ) -> Worker:
        given = {"retry_base_seconds": 0.01, "redis_url": redis.url if redis else None} | settings
        made = Settings(
            database_url=postgres.app_url, rapport_data_dir=house.settings.rapport_data_dir, **given
        )
        hands = Hands(house.db, made, mailer or house.mailer, writer or house.writer, house.reader)
        worker = Worker(hands, listener, pusher)
        worker.start()
        on_leaving.callback(worker.stop)
        return worker

    return start


@pytest.fixture
def start_clock(house: House, listener: Listener, on_leaving: ExitStack) -> Start:
    def start(redis: Valkey | None = None) -> Clock:
        clock = Clock(house.db, redis.url if redis else None, listener)
        clock.start()
        on_leaving.callback(clock.stop)
        return clock

    return start


@pytest.fixture
def environment(postgres: Postgres, house: House) -> dict[str, str]:
    """What a process of this wing is started with."""
    ours = {name.upper() for name in Settings.model_fields}
    return {name: value for name, value in os.environ.items() if name not in ours} | {
        "DATABASE_URL": postgres.app_url,
        "RAPPORT_DATA_DIR": str(house.settings.rapport_data_dir),
        "LEASE_SECONDS": "1",
    }


@contextmanager
def a_process(kind: str, environment: Mapping[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(  # noqa: S603 - our own Python and wing
        [sys.executable, "-m", "scheduler", kind],
        env=dict(environment),
        stderr=subprocess.PIPE,
        process_group=0,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


class HeldWriter:
    """A writer who thinks until told to go on, and counts who waits for it."""

    name = "held"

    def __init__(self, house: House) -> None:
        self._writer = house.writer
        self._lock = threading.Lock()
        self.go_on = threading.Event()
        self.thinking, self.most, self.asked = 0, 0, 0

    def write(self, brief: Any) -> Any:
        with self._lock:
            self.asked += 1
            self.thinking += 1
            self.most = max(self.most, self.thinking)
        assert self.go_on.wait(30)
        with self._lock:
            self.thinking -= 1
        return self._writer.write(brief)


@pytest.fixture
def held_writer(house: House) -> Iterator[HeldWriter]:
    writer = HeldWriter(house)
    yield writer
    writer.go_on.set()
    until(lambda: writer.thinking == 0)
