"""``make screenshots``: play the month, open each page, and take its pictures."""

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser

from runtime import logs
from runtime.db import Database
from runtime.models import NodeKind, QueueMode
from runtime.nodes import Heartbeat
from tests.graphql_api.door import Door
from tests.house import House
from tests.simulator import grounds
from tests.web.pictures import addresses, camera, world
from tests.web.pictures.addresses import FOLDER


def main() -> None:
    """Take every picture anew."""
    began = time.perf_counter()
    parser = argparse.ArgumentParser(prog="make screenshots", description=__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where they go")
    parser.add_argument("--png", action="store_true", help="for viewers that know no WebP")
    asked = parser.parse_args()
    logs.configure("console", "CRITICAL")
    asked.folder.mkdir(parents=True, exist_ok=True)
    with _house_and_door() as (house, door), camera.ready() as browser:
        _take(browser, door, house, asked.folder, "png" if asked.png else "webp")
    sys.stdout.write(f"{asked.folder}: taken in {time.perf_counter() - began:.0f} s\n")


def _take(browser: Browser, door: Door, house: House, folder: Path, kind: str) -> None:
    wide = camera.Camera(browser, door, house, camera.WIDE, kind)
    wide.turn_notifications_on()
    for name, address in addresses.of(house).items():
        wide.shoot(address, folder / name)
    wide.close()
    narrow = camera.Camera(browser, door, house, camera.NARROW, kind)
    narrow.shoot("/", folder / addresses.NARROW, ("light",))
    narrow.close()


@contextmanager
def _house_and_door() -> Iterator[tuple[House, Door]]:
    with (
        grounds.own() as (db, folder),
        world.played(db, folder) as house,
        _machinery(db),
        _door(house) as door,
    ):
        yield house, door


@contextmanager
def _machinery(db: Database) -> Iterator[None]:
    """Have worker and clock say that they are alive."""
    parts = [Heartbeat(db, NodeKind.WORKER, lambda: QueueMode.RQ), Heartbeat(db, NodeKind.CLOCK)]
    for part in parts:
        part.start()
    try:
        yield
    finally:
        for part in parts:
            part.stop()


@contextmanager
def _door(house: House) -> Iterator[Door]:
    url = house.db.engine.url.render_as_string(hide_password=False)
    settings = house.settings.model_copy(update={"database_url": url})
    door = Door(settings)
    door.open()
    try:
        yield door
    finally:
        door.close()


if __name__ == "__main__":
    main()
