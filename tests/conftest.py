"""What every test may ask for: a real PostgreSQL, a real Valkey, a workspace of its own.

The servers start once for the whole run, or once for each process of a run in several.
Tests do not clean up after themselves: each has its own workspace, and walls between
workspaces are the product's business.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runtime import clock
from runtime.clock import FakeClock
from runtime.db import Database
from runtime.migrate import migrate
from runtime.operator.servers import Postgres, Valkey
from tests.fakes import FakeResend
from tests.house import House
from tests.together import InParties


@pytest.hookimpl(optionalhook=True)  # for a run without xdist
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> InParties:
    """Say how tests are shared out among several processes."""
    return InParties(config, log)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A migrated database server."""
    server = Postgres(tmp_path_factory.mktemp("postgres"), durable=False)
    server.start()
    migrate(server.owner_url, server.app_password)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    """A Valkey server; who stops it starts it again."""
    server = Valkey(tmp_path_factory.mktemp("valkey"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def db(postgres: Postgres) -> Iterator[Database]:
    """The database as the application's login sees it."""
    database = Database(postgres.app_url, connections=20)
    yield database
    database.close()


@pytest.fixture
def fake_clock() -> Iterator[FakeClock]:
    """Time that stands until it is moved: a Monday morning."""
    fake = FakeClock()
    clock.use(fake)
    yield fake
    clock.use(None)


@pytest.fixture
def house(db: Database, fake_clock: FakeClock, tmp_path: Path) -> House:
    """A workspace with its team, sandbox mail and the template writer; ``settle`` plays it."""
    return House(db, fake_clock, tmp_path)


@pytest.fixture
def other_house(db: Database, fake_clock: FakeClock, tmp_path: Path) -> House:
    """A second workspace, which must never meet the first."""
    return House(db, fake_clock, tmp_path / "other")


@pytest.fixture
def held_house(db: Database, fake_clock: FakeClock, tmp_path: Path) -> House:
    """A house in which two mails were approved while real sending was off."""
    with FakeResend() as fake:
        house = House(
            db, fake_clock, tmp_path, resend_api_key="re_test_key_1", resend_api_url=fake.url
        )
        for task in [house.a_drafted_task() for _ in range(2)]:
            house.approve(task)
        house.settle()
    return house
