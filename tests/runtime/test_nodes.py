"""Nodes: who is alive says so, and who is not is soon missed."""

import sqlalchemy as sa

from runtime import nodes
from runtime.db import Database
from runtime.models import Node, NodeKind, QueueMode
from runtime.nodes import Heartbeat


def test_a_process_is_shown_with_its_way_of_getting_work(db: Database) -> None:
    way = [QueueMode.RQ]
    worker = Heartbeat(db, NodeKind.WORKER, lambda: way[0])
    before = nodes.alive(db)[NodeKind.WORKER]

    worker.beat()
    assert sorted(map(str, nodes.alive(db)[NodeKind.WORKER])) == sorted(map(str, [*before, "RQ"]))
    way[0] = QueueMode.LOCAL
    worker.beat()
    assert nodes.alive(db)[NodeKind.WORKER].count(QueueMode.LOCAL) == 1

    _age(db, worker, "6 seconds")
    assert nodes.alive(db)[NodeKind.WORKER] == before


def test_a_process_that_ends_well_takes_its_row_along(db: Database) -> None:
    clock = Heartbeat(db, NodeKind.CLOCK)
    clock.start()
    clock.stop()

    with db.house() as connection:
        left = connection.scalar(
            sa.select(sa.func.count()).select_from(Node).where(Node.id == clock._row["id"])
        )
    assert left == 0


def test_the_long_dead_are_forgotten(db: Database) -> None:
    dead, born = Heartbeat(db, NodeKind.API), Heartbeat(db, NodeKind.API)
    dead.beat()
    _age(db, dead, "2 hours")

    born.beat()

    with db.house() as connection:
        ids = set(connection.scalars(sa.select(Node.id)))
    assert dead._row["id"] not in ids
    assert born._row["id"] in ids
    _age(db, born, "6 seconds")


def _age(db: Database, node: Heartbeat, by: str) -> None:
    with db.house() as connection:
        connection.execute(
            sa.text("UPDATE nodes SET seen_at = seen_at - CAST(:by AS interval) WHERE id = :id"),
            {"by": by, "id": node._row["id"]},
        )
