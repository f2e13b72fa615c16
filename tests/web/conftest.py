"""A door with the dashboard behind it, and a browser to look at it with."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from runtime.db import Database
from runtime.notifier import Sender
from runtime.operator.servers import Postgres
from runtime.settings import Settings
from tests.graphql_api.door import Door
from tests.house import House
from tests.web import chromium
from tests.web.screen import PATIENCE, Screen
from tests.web.wire import Wire, wire

Open = Callable[..., Screen]


@pytest.fixture(scope="session")
def db(postgres: Postgres) -> Iterator[Database]:
    """The database, which also hints at what is new, as it does in the product's processes."""
    database = Database(postgres.app_url, connections=20, hints=Sender(postgres.app_url))
    yield database
    database.close()


@pytest.fixture(scope="session")
def door(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """A running server."""
    folder: Path = tmp_path_factory.mktemp("door")
    opened = Door(Settings(database_url=postgres.app_url, rapport_data_dir=folder))
    opened.open()
    yield opened
    opened.close()


@pytest.fixture
def line(door: Door) -> Iterator[Wire]:
    """A network that can be cut."""
    with wire(door.port) as laid:
        yield laid


# Not for the session: while it is there no test of this process could run an event loop.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser; each test has windows of its own in it."""
    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(**chromium.options())
        yield launched
        launched.close()


@pytest.fixture
def open_screen(browser: Browser, door: Door) -> Iterator[Open]:
    """Open windows, which must end without an error in their console."""
    opened: list[Screen] = []

    def open_(url: str = door.url, **context: Any) -> Screen:
        opened.append(Screen(browser, url, **context))
        return opened[-1]

    yield open_
    for each in opened:
        each.close()


@pytest.fixture
def screen(request: pytest.FixtureRequest, open_screen: Open, house: House) -> Screen:
    """A window in which the house's owner is signed in; it shows what the mark ``shows`` says."""
    opened = open_screen()
    shows = request.node.get_closest_marker("shows")
    opened.sign_in(house, at=shows and shows.args[0])
    return opened
