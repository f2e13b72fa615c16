"""Stream: how long after its commit an event arrives at a subscriber."""

import json
import time
from pathlib import Path

from websockets.sync.client import connect

from runtime.db import Database
from runtime.notifier import Sender
from tests.journeys.fleet import Fleet, until

PAUSE_SECONDS = 0.01
_EVENTS = "subscription { events { type data } }"


def latencies(folder: Path, count: int) -> list[float]:
    """Return the seconds from the end of each commit to its event's arrival, sorted."""
    fleet = Fleet(folder, LOG_LEVEL="WARNING")
    db = Database(fleet.postgres.app_url, hints=Sender(fleet.postgres.app_url))
    try:
        fleet.start("api")
        until("the API answers", lambda: fleet.ask("{ system { cursor } }"))
        address = f"ws://127.0.0.1:{fleet.port}/graphql"
        with connect(address, subprotocols=["graphql-transport-ws"], proxy=None) as socket:  # type: ignore[list-item]
            socket.send(
                json.dumps(
                    {"type": "connection_init", "payload": {"authorization": fleet.authorization}}
                )
            )
            socket.recv(timeout=10)
            socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": _EVENTS}}))
            time.sleep(1)
            return sorted(_once(db, fleet, socket, number) for number in range(count))
    finally:
        db.close()
        fleet.close()


def _once(db: Database, fleet: Fleet, socket: object, number: int) -> float:
    time.sleep(PAUSE_SECONDS)
    with db.transaction(fleet.workspace_id) as tx:
        tx.record("bench.marked", "A mark.", actor="bench", number=number)
    committed = time.perf_counter()
    message = json.loads(socket.recv(timeout=10))  # type: ignore[attr-defined]
    arrived = time.perf_counter()
    assert message["payload"]["data"]["events"]["data"]["number"] == number
    return arrived - committed
