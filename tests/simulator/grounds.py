"""Grounds: where runs are played: a database server of their own, or the tests'."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runtime.db import Database
from runtime.migrate import migrate
from runtime.operator.servers import Postgres


def database(url: str) -> Database:
    """Return a database for runs: its connections are not asked before each use if they live."""
    db = Database(url, connections=8)
    db.engine.pool._pre_ping = False  # a tenth of all round trips
    return db


@contextmanager
def own() -> Iterator[tuple[Database, Path]]:
    """Give a server of one's own, and a folder; both are gone afterwards."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = Postgres(folder, durable=False)
        server.start()
        try:
            migrate(server.owner_url, server.app_password)
            db = database(server.app_url)
            yield db, folder
            db.close()
        finally:
            server.stop()
