"""``rapport up``: everything starts, stays alive, and ends without a trace but its data."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest

from runtime.operator.lock import running
from runtime.operator.servers import Postgres, Valkey, machine
from runtime.settings import Settings
from tests.runtime.operator.conftest import Rapport

pytestmark = pytest.mark.timeout(300)

WINGS = ["agents", "graphql_api", "scheduler clock", "scheduler worker"]


def wait_until(true: Callable[[], object], what: str, seconds: float = 40) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, f"{what} did not happen within {seconds} s"
        time.sleep(0.05)


@dataclass
class Product:
    """A running ``rapport up``."""

    data_dir: Path
    port: int
    process: "subprocess.Popen[bytes]"

    @property
    def said(self) -> str:
        return (self.data_dir / "up.log").read_text()

    def ask(self, path: str, body: str | None = None) -> tuple[int, str]:
        token = (self.data_dir / "token").read_text().strip()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("POST" if body else "GET", path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def wings(self) -> dict[str, psutil.Process]:
        """Return the wings by what follows ``python -m`` on their command lines."""
        found = {}
        for child in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.Error):  # it may end while we look
                words = child.cmdline()
                if "-m" in words:
                    found[" ".join(words[words.index("-m") + 1 :]).partition(" --")[0]] = child
        return found

    def ready(self) -> bool:
        assert self.process.poll() is None, self.said
        return bool(running(self.data_dir).get("ready")) and "Dashboard: " in self.said


def start(data_dir: Path) -> Product:
    port = machine.free_port()
    ours = {name.upper() for name in Settings.model_fields}
    env = {name: value for name, value in os.environ.items() if name not in ours}
    command = [sys.executable, "-m", "runtime", "up", "--port", str(port)]
    with (data_dir / "up.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [*command, "--data-dir", str(data_dir)], env=env, stdout=log, stderr=log
        )
    product = Product(data_dir, port, process)
    wait_until(product.ready, "the start")
    return product


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """One product for the tests that leave it running."""
    product = start(tmp_path_factory.mktemp("product"))
    yield product
    product.process.terminate()
    assert product.process.wait(40) == 0


def test_it_prints_a_way_in_and_serves(product: Product) -> None:
    found = re.search(
        rf"^Dashboard: http://127\.0\.0\.1:{product.port}/\?code=\S+$", product.said, re.MULTILINE
    )
    assert found
    assert product.ask("/healthz")[0] == 200
    assert product.ask("/readyz")[0] == 200
    assert sorted(product.wings()) == WINGS


def test_the_token_beside_the_data_is_an_owners(product: Product) -> None:
    assert (product.data_dir / "token").stat().st_mode & 0o077 == 0
    status, body = product.ask("/graphql", json.dumps({"query": "{ viewer { role } }"}))
    assert status == 200
    assert json.loads(body)["data"]["viewer"]["role"] == "OWNER"


def test_a_second_one_is_told_where_the_first_is(product: Product, rapport: Rapport) -> None:
    answer = rapport(product.data_dir, "up", "--port", str(machine.free_port()))
    assert answer.status == 2
    assert f"http://127.0.0.1:{product.port}" in answer.err
    assert answer.err.count("\n") == 1


def test_the_other_commands_find_it_through_the_data_directory(
    product: Product, rapport: Rapport
) -> None:
    assert rapport(product.data_dir, "doctor").status == 0
    login = rapport(product.data_dir, "login")
    assert login.out.startswith(f"Dashboard: http://127.0.0.1:{product.port}/?code=")


def test_a_wing_that_is_killed_is_back_soon(product: Product) -> None:
    before = product.wings()["agents"]
    before.kill()

    def back() -> bool:
        now = product.wings().get("agents")
        return now is not None and now.pid != before.pid

    wait_until(back, "the restart of agents")


def test_the_servers_are_back_soon_when_they_are_killed(product: Product) -> None:
    for server in (Valkey(product.data_dir), Postgres(product.data_dir)):
        before = server.pid
        assert before
        os.kill(before, signal.SIGKILL)
        again = type(server)

        def back(kind: type[Postgres | Valkey] = again, old: int = before) -> bool:
            return kind(product.data_dir).pid not in (None, old)

        wait_until(back, f"the restart of {server.name}")
    wait_until(lambda: product.ask("/readyz")[0] == 200, "readiness after the restart")


def test_ctrl_c_ends_everything_and_keeps_the_data(tmp_path: Path) -> None:
    product = start(tmp_path)
    wings, postgres, valkey = product.wings(), Postgres(tmp_path), Valkey(tmp_path)
    token = (tmp_path / "token").read_text()
    product.process.send_signal(signal.SIGINT)
    assert product.process.wait(40) == 0
    assert not [name for name, wing in wings.items() if machine.process(wing.pid)]
    assert postgres.pid is None
    assert valkey.pid is None
    assert running(tmp_path) == {}
    assert (tmp_path / "token").read_text() == token


def test_after_a_sigkill_the_wings_drain_and_the_next_one_takes_over(tmp_path: Path) -> None:
    killed = start(tmp_path)
    wings, postgres, valkey = killed.wings(), Postgres(tmp_path).pid, Valkey(tmp_path).pid
    token = (tmp_path / "token").read_text()
    killed.process.kill()
    killed.process.wait(10)
    wait_until(lambda: not any(machine.process(w.pid) for w in wings.values()), "the drain")
    assert Postgres(tmp_path).pid == postgres
    following = start(tmp_path)
    try:
        assert Postgres(tmp_path).pid == postgres
        assert Valkey(tmp_path).pid not in (None, valkey)
        assert (tmp_path / "token").read_text() == token
        assert following.ask("/readyz")[0] == 200
    finally:
        following.process.terminate()
        assert following.process.wait(40) == 0
    assert Postgres(tmp_path).pid is None
