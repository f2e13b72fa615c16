"""One door for all tests of the API, and callers of a house."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from runtime.models import Role
from runtime.operator.servers import Postgres
from runtime.settings import Settings
from tests.fakes import webhooks
from tests.graphql_api.door import Caller, Door
from tests.house import House

CRON_SECRET = "ring-ring"


@pytest.fixture(scope="session")
def door(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """A running server."""
    folder: Path = tmp_path_factory.mktemp("door")
    settings = Settings(
        database_url=postgres.app_url,
        rapport_data_dir=folder,
        cron_secret=SecretStr(CRON_SECRET),
        resend_webhook_secret=SecretStr(f"{webhooks.SECRET}, {webhooks.OTHER_SECRET}"),
    )
    opened = Door(settings)
    opened.open()
    yield opened
    opened.close()


@pytest.fixture
def owner(door: Door, house: House) -> Caller:
    """An owner of the house."""
    return door.caller(house)


@pytest.fixture
def member(door: Door, house: House) -> Caller:
    """A member of the house."""
    return door.caller(house, Role.MEMBER)


@pytest.fixture
def viewer(door: Door, house: House) -> Caller:
    """A viewer of the house."""
    return door.caller(house, Role.VIEWER)


@pytest.fixture
def stranger(door: Door, other_house: House) -> Caller:
    """An owner of another house."""
    return door.caller(other_house)
