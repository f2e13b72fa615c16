"""One set of servers for the operator's tests, and the command as a person would type it."""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from runtime.__main__ import main
from runtime.migrate import migrate
from runtime.operator.servers import Postgres, Valkey
from runtime.settings import Settings


@dataclass(frozen=True)
class Answer:
    """What a command said, and its exit status."""

    status: int
    out: str
    err: str


Rapport = Callable[..., Answer]


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data directory with servers running and a migrated database."""
    data_dir = tmp_path_factory.mktemp("served")
    postgres, valkey = Postgres(data_dir, durable=False), Valkey(data_dir)
    postgres.start()
    valkey.start()
    migrate(postgres.owner_url, postgres.app_password)
    yield data_dir
    valkey.stop()
    postgres.stop()


@pytest.fixture
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the product's is set, whatever this machine has."""
    for name in [*Settings.model_fields, "port", "host"]:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def rapport(
    bare_environment: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Rapport:
    """Run ``rapport`` with these arguments; RAPPORT_DATA_DIR is the first one."""

    def run(data_dir: Path, *arguments: str, **variables: str) -> Answer:
        for name, value in {"RAPPORT_DATA_DIR": str(data_dir), **variables}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["rapport", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        status = ended.value.code
        return Answer(status if isinstance(status, int) else 0, said.out, said.err)

    return run


@pytest.fixture
def a_name(request: pytest.FixtureRequest) -> str:
    """A workspace's name that no other test uses."""
    name = f"{request.node.name[:80]} {os.getpid()}"
    return str(name)
