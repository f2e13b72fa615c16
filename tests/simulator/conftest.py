"""What the simulator's tests play on: the tests' own server, without asking if it lives."""

from collections.abc import Iterator

import pytest

from runtime.db import Database
from runtime.operator.servers import Postgres
from tests.simulator import grounds


@pytest.fixture(scope="session")
def ground(postgres: Postgres) -> Iterator[Database]:
    db = grounds.database(postgres.app_url)
    yield db
    db.close()
