"""The command line answers what people can put right with one line and the right status."""

from pathlib import Path

import pytest

from tests.runtime.operator.conftest import Rapport

COMMANDS = ["up", "api", "agents", "worker", "clock", "migrate", "workspace", "token", "login",
            "import", "demo", "doctor"]  # fmt: skip


def test_help_names_every_command(tmp_path: Path, rapport: Rapport) -> None:
    answer = rapport(tmp_path, "--help")
    assert answer.status == 0
    assert [name for name in COMMANDS if f" {name} " not in answer.out] == []


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DATABASE_URL", "mysql://root:secret@localhost/x"),
        ("REDIS_URL", "localhost:6379"),
        ("LOG_FORMAT", "xml"),
        ("WORKER_CALLS", "many"),
    ],
)
def test_a_malformed_variable_is_one_line_that_names_it(
    tmp_path: Path, rapport: Rapport, variable: str, value: str
) -> None:
    answer = rapport(tmp_path, "up", **{variable: value})
    assert answer.status == 2
    assert answer.err.startswith(f"{variable}: ")
    assert answer.err.count("\n") == 1
    assert "secret" not in answer.err


@pytest.mark.parametrize(
    "command",
    [["login"], ["workspace", "create", "A"], ["migrate"]],
    ids=["login", "workspace", "migrate"],
)
def test_a_command_without_a_database_says_what_to_set(
    tmp_path: Path, rapport: Rapport, command: list[str]
) -> None:
    answer = rapport(tmp_path, *command)
    assert answer.status == 2
    assert answer.err.startswith("DATABASE_")
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize(
    ("command", "variable"), [("login", "DATABASE_URL"), ("migrate", "DATABASE_OWNER_URL")]
)
def test_a_database_that_does_not_answer_is_one_line(
    tmp_path: Path, rapport: Rapport, command: str, variable: str
) -> None:
    url = "postgresql://rapport_app:secret@127.0.0.1:9/rapport"
    answer = rapport(tmp_path, command, **{variable: url})
    assert answer.status == 1
    assert answer.err.startswith(f"{variable}: the database does not answer")
    assert answer.err.count("\n") == 1
    assert "secret" not in answer.err


def test_a_port_in_use_is_one_line(tmp_path: Path, served: Path, rapport: Rapport) -> None:
    port = (served / "valkey.json").read_text().partition('"port": ')[2].partition(",")[0]
    answer = rapport(tmp_path, "up", "--port", port)
    assert answer.status == 2
    assert answer.err.startswith(f"PORT: {port} is in use")
