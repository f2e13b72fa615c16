"""Servers of our own start, are found again, and end."""

import os
import signal
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from runtime.operator.servers import Postgres, Valkey, machine


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory whose name has a space, closed to everybody else."""
    folder = tmp_path_factory.mktemp("a data dir")
    folder.chmod(0o700)
    return folder


@pytest.fixture
def postgres(data_dir: Path) -> Iterator[Postgres]:
    server = Postgres(data_dir, durable=False)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    server = Valkey(tmp_path / "a data dir")
    server.start()
    yield server
    server.stop()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_owner_may_create_roles_and_tables_and_is_no_superuser(postgres: Postgres) -> None:
    with psycopg.connect(postgres.owner_url) as connection:
        row = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles"
            " WHERE rolname = current_user"
        ).fetchone()
        connection.execute("CREATE TABLE mine (id int)")
        connection.execute("CREATE ROLE a_role_of_mine")
        connection.rollback()
    assert row == (False, False, True)


def test_a_wrong_password_does_not_open_the_database(postgres: Postgres) -> None:
    password = postgres.owner_url.split(":")[2].split("@")[0]
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(postgres.owner_url.replace(password, "guessed"))


def test_the_passwords_are_for_the_owner_of_the_directory_alone(
    postgres: Postgres, data_dir: Path
) -> None:
    assert mode(data_dir / "postgres.json") == 0o600
    assert mode(data_dir / "postgres") == 0o700
    assert not list(data_dir.glob("*.password"))


def test_a_running_server_is_adopted(postgres: Postgres, data_dir: Path) -> None:
    second = Postgres(data_dir)
    second.start()
    assert second.pid == postgres.pid
    assert second.owner_url == postgres.owner_url


def test_data_outlives_a_crash_of_the_server(data_dir: Path) -> None:
    server = Postgres(data_dir)
    server.start()
    with psycopg.connect(server.owner_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    assert server.pid
    os.kill(server.pid, signal.SIGKILL)
    server.stop()
    after = Postgres(data_dir)
    after.start()
    try:
        with psycopg.connect(after.owner_url) as connection:
            assert connection.execute("TABLE kept").fetchone() == (42,)
    finally:
        after.stop()
    assert after.pid is None


def test_a_server_whose_port_was_taken_meanwhile_finds_another(data_dir: Path) -> None:
    server = Postgres(data_dir, durable=False)
    server.start()
    server.stop()
    port = server.owner_url.rpartition(":")[2].partition("/")[0]
    with socket.create_server(("127.0.0.1", int(port))):
        server.start()
        try:
            assert f":{port}/" not in server.owner_url
            psycopg.connect(server.owner_url).close()
        finally:
            server.stop()


def test_a_server_that_lost_its_port_to_another_tries_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = machine.free_port
    with socket.create_server(("127.0.0.1", 0)) as quicker:
        lost = quicker.getsockname()[1]
        found = iter([lost])
        monkeypatch.setattr(machine, "free_port", lambda: next(found, None) or find())
        server = Valkey(tmp_path)
        server.start()
    assert not server.url.endswith(f":{lost}/0")
    with redis.Redis.from_url(server.url) as client:
        assert client.ping()
    server.stop()


def test_stopping_a_server_that_does_not_run_does_nothing(tmp_path: Path) -> None:
    Postgres(tmp_path).stop()
    Valkey(tmp_path).stop()


def test_a_stale_valkey_is_replaced_under_the_same_address(valkey: Valkey, tmp_path: Path) -> None:
    second = Valkey(tmp_path / "a data dir")
    second.start()
    assert valkey.pid is None
    assert second.url == valkey.url
    assert redis.Redis.from_url(valkey.url).ping()
    second.stop()


def test_a_killed_valkey_starts_again_under_the_same_address(valkey: Valkey) -> None:
    before = valkey.url
    valkey.kill()
    assert not valkey.alive()
    valkey.start()
    assert valkey.url == before
    assert redis.Redis.from_url(before).ping()


def test_valkey_wants_its_password_and_never_evicts_a_job(valkey: Valkey, tmp_path: Path) -> None:
    client = redis.Redis.from_url(valkey.url)
    assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    assert mode(tmp_path / "a data dir" / "valkey.json") == 0o600
    stranger = redis.Redis.from_url("redis://" + valkey.url.partition("@")[2])
    with pytest.raises(redis.AuthenticationError):
        stranger.ping()


def test_a_process_id_used_again_is_not_taken_for_the_server(valkey: Valkey) -> None:
    assert machine.process(valkey.pid, born=1.0) is None
    assert machine.process(valkey.pid) is not None
