"""The command line answers what people can put right with one line and the right status."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMANDS = ["up", "api", "agents", "worker", "clock", "migrate", "workspace", "token", "login",
            "import", "demo", "doctor"]  # fmt: skip
OURS = ("DATABASE_", "REDIS_", "RESEND_", "GEMINI_", "ALLOW_", "CRON_", "LOG_", "RAPPORT_", "PORT",
        "HOST", "PUBLIC_", "EMAIL_")  # fmt: skip


def rapport(
    tmp_path: Path, *arguments: str, **variables: str
) -> "subprocess.CompletedProcess[str]":
    env = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "runtime", *arguments],
        env=env | {"RAPPORT_DATA_DIR": str(tmp_path)} | variables,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_help_names_every_command(tmp_path: Path) -> None:
    answer = rapport(tmp_path, "--help")
    assert answer.returncode == 0
    assert [name for name in COMMANDS if f" {name} " not in answer.stdout] == []


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DATABASE_URL", "mysql://root:secret@localhost/x"),
        ("REDIS_URL", "localhost:6379"),
        ("LOG_FORMAT", "xml"),
        ("ALLOW_EMAIL_SENDING", "perhaps"),
    ],
)
def test_a_malformed_variable_is_one_line_that_names_it(
    tmp_path: Path, variable: str, value: str
) -> None:
    answer = rapport(tmp_path, "up", **{variable: value})
    assert answer.returncode == 2
    assert answer.stderr.startswith(f"{variable}: ")
    assert answer.stderr.count("\n") == 1
    assert "secret" not in answer.stderr


def test_a_command_without_a_database_says_what_to_set(tmp_path: Path) -> None:
    for command in (["login"], ["workspace", "create", "Acme"], ["migrate"]):
        answer = rapport(tmp_path, *command)
        assert answer.returncode == 2
        assert answer.stderr.startswith("DATABASE_")
        assert answer.stderr.count("\n") == 1


def test_a_database_that_does_not_answer_is_one_line(tmp_path: Path) -> None:
    url = "postgresql://rapport_app:secret@127.0.0.1:9/rapport"
    answer = rapport(tmp_path, "login", DATABASE_URL=url)
    assert answer.returncode == 1
    assert answer.stderr.startswith("DATABASE_URL: ")
    assert answer.stderr.count("\n") == 1
    assert "secret" not in answer.stderr
