"""``make screenshots``: play the month, open each page, and take its pictures."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runtime import logs
from runtime.db import Database
from runtime.models import NodeKind, QueueMode
from runtime.nodes import Heartbeat
from runtime.notifier import Sender
from runtime.settings import Settings
from tests.graphql_api.door import Door
from tests.house import House
from tests.simulator import grounds
from tests.web.pictures import addresses, camera, world

FOLDER = Path(__file__).parents[3] / "docs/screenshots"


def main() -> None:
    """Take every picture anew."""
    began = time.perf_counter()
    logs.configure("console", "CRITICAL")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        grounds.own() as (db, folder),
        world.played(db, folder) as house,
        _machinery(db),
        _door(house) as door,
        camera.ready(folder) as browser,
    ):
        wide = camera.Camera(browser, door, house, camera.WIDE)
        wide.turn_notifications_on()
        for name, address in addresses.of(house).items():
            wide.shoot(address, FOLDER / name)
        wide.close()
        narrow = camera.Camera(browser, door, house, camera.NARROW)
        narrow.shoot("/", FOLDER / "today-narrow", ("light",))
        narrow.close()
    taken = len(list(FOLDER.glob("*.png")))
    sys.stdout.write(f"{taken} pictures in {time.perf_counter() - began:.0f} s\n")


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
