"""The door opens, is patient within bounds, and closes without dropping anything."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from graphql_api import ids, limits
from graphql_api.app import create_app
from runtime.db import UnsafeRoleError
from runtime.operator.servers import Postgres
from runtime.settings import Settings
from tests.graphql_api.door import PATIENCE, Caller, Door, Socket
from tests.graphql_api.test_subscriptions import EVENTS, newest
from tests.house import House


@pytest.fixture
def process(postgres: Postgres, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The door as ``python -m graphql_api``, and where it listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {"DATABASE_URL": postgres.app_url, "RAPPORT_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "graphql_api", "--port", str(port)]
    started = subprocess.Popen(command, env=os.environ | environment, stderr=subprocess.PIPE)  # noqa: S603 - our own program
    answers(port)
    yield started, port
    if started.poll() is None:
        started.kill()
    started.communicate(timeout=PATIENCE)


def answers(port: int) -> None:
    moment = threading.Event()
    for _ in range(int(PATIENCE / 0.05)):
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            moment.wait(0.05)
    raise AssertionError("the door does not open")


def test_a_door_that_is_told_to_stop_ends_its_streams_and_goes(
    process: tuple[subprocess.Popen[bytes], int], viewer: Caller
) -> None:
    started, port = process
    there = Door.__new__(Door)
    there.port, there.url = port, f"http://127.0.0.1:{port}"
    there.http = httpx.Client(base_url=there.url, timeout=PATIENCE)
    caller = Caller(there, viewer.token)
    headers = caller.headers | {"accept": "text/event-stream"}
    body = {"query": "subscription { events { id } }"}
    with (
        caller.socket() as talk,
        there.http.stream("POST", "/graphql", json=body, headers=headers) as stream,
    ):
        talk.subscribe(EVENTS, after=newest(caller))
        talk.subscribe("{ viewer { role } }")
        assert talk.next()["viewer"]
        assert talk.receive()["type"] == "complete"
        started.send_signal(signal.SIGTERM)
        assert "event: complete" in "".join(stream.iter_text())
        assert talk.closed() == 1012
    assert started.wait(PATIENCE) == 0
    there.http.close()
    assert started.stderr is not None
    log = started.stderr.read().decode()
    assert "Traceback" not in log
    assert viewer.token not in log


def test_a_missing_address_is_one_line_and_status_2(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "RAPPORT_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "graphql_api"]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)  # noqa: S603 - our own program
    assert done.returncode == 2
    [line] = done.stderr.decode().splitlines()
    assert line.startswith("DATABASE_URL: ")


@pytest.mark.parametrize("port", ["eighty", "0", "70000"])
def test_a_malformed_port_is_named(port: str, tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "RAPPORT_DATA_DIR": str(tmp_path), "PORT": port}
    command = [sys.executable, "-m", "graphql_api"]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)  # noqa: S603 - our own program
    assert done.returncode == 2
    assert "PORT: must be a number" in done.stderr.decode()


def test_a_socket_that_says_nothing_is_closed(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "INIT_SECONDS", 0.05)
    door = Door(Settings(database_url=postgres.app_url, rapport_data_dir=tmp_path))
    door.open()
    try:
        with Caller(door, "").door_socket() as raw:
            assert Socket(raw).closed() == 4408
    finally:
        door.close()


def test_a_reader_that_pauses_reads_everything_in_the_end(viewer: Caller, house: House) -> None:
    cursor = newest(viewer)
    start = ids.number(cursor, "Event") or 0
    with viewer.socket() as talk:
        talk.subscribe(EVENTS.replace("id type", "id data"), after=cursor)
        for _ in range(20):
            with house.tx() as tx:
                for _ in range(20):
                    tx.record("test.happened", "Large.", actor="test", text="x" * 40_000)
        seen = [ids.number(talk.next()["events"]["id"], "Event") for _ in range(400)]
    assert seen == list(range(start + 1, start + 401))


def test_the_door_does_not_open_for_a_login_that_could_pass_by_the_walls(
    postgres: Postgres, tmp_path: Path
) -> None:
    app = create_app(Settings(database_url=postgres.owner_url, rapport_data_dir=tmp_path))
    with pytest.raises(UnsafeRoleError):
        app.state.services.db.refuse_unsafe_role()
    app.state.services.db.close()


def test_the_bell_is_off_without_a_secret(postgres: Postgres, tmp_path: Path) -> None:
    door = Door(Settings(database_url=postgres.app_url, rapport_data_dir=tmp_path))
    door.open()
    try:
        for secret in ("Bearer", "Bearer None"):
            headers = {"authorization": secret}
            answer = httpx.post(f"{door.url}/api/cron/execute-followups", headers=headers)
            assert answer.status_code == 404
    finally:
        door.close()


def test_a_database_that_is_away_is_said_to_be(tmp_path: Path) -> None:
    nowhere = "postgresql://rapport_app:x@127.0.0.1:1/rapport"
    app = create_app(Settings(database_url=nowhere, rapport_data_dir=tmp_path))

    async def ask(path: str) -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
            return await client.get(path, headers={"authorization": "Bearer rpt_x"})

    refused = asyncio.run(ask("/graphql?query={__typename}"))
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
    ready = asyncio.run(ask("/readyz"))
    assert (ready.status_code, ready.json()["missing"]) == (503, "database")
    assert asyncio.run(ask("/healthz")).status_code == 200
    assert "rapport_database_up 0.0" in asyncio.run(ask("/metrics")).text
    app.state.services.threads.shutdown()
