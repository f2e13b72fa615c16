"""A CSV file comes in from the command line, each line accounted for."""

from pathlib import Path

import pytest

from tests.runtime.operator.conftest import Rapport

FILE = "email;name\nada@example.com;Ada\nnobody(at)example.com;Nobody\n;Nameless\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(FILE)
    return path


def test_each_line_is_created_updated_skipped_or_failed_with_its_reason(
    served: Path, rapport: Rapport, a_name: str, file: Path
) -> None:
    rapport(served, "workspace", "create", a_name)
    command = ("import", "contacts", str(file), "--workspace", a_name)
    first = rapport(served, *command).out.splitlines()
    assert first[0] == "1 created, 0 updated, 0 skipped, 2 failed"
    assert [line.partition(":")[0] for line in first[1:]] == ["line 3, email", "line 4, email"]
    assert rapport(served, *command).out.startswith("0 created, 0 updated, 1 skipped, 2 failed")
    file.write_text(FILE.replace("Ada\n", "Ada Lovelace\n"))
    updated = rapport(served, *command, "--on-duplicate", "update").out
    assert updated.startswith("0 created, 1 updated, 0 skipped, 2 failed")


def test_a_dry_run_keeps_nothing(served: Path, rapport: Rapport, a_name: str, file: Path) -> None:
    rapport(served, "workspace", "create", a_name)
    command = ("import", "contacts", str(file), "--workspace", a_name)
    for _ in range(2):
        answer = rapport(served, *command, "--dry-run")
        assert answer.out.startswith("1 created, 0 updated, 0 skipped, 2 failed (dry run")


def test_a_file_that_is_no_list_of_people_is_refused_in_one_line(
    served: Path, rapport: Rapport, a_name: str, file: Path
) -> None:
    rapport(served, "workspace", "create", a_name)
    file.write_text("colour,size\nred,10\n")
    answer = rapport(served, "import", "contacts", str(file), "--workspace", a_name)
    assert answer.status == 1
    assert answer.out == ""
    assert answer.err.count("\n") == 1


def test_a_file_that_is_not_there_is_named(served: Path, rapport: Rapport) -> None:
    answer = rapport(served, "import", "contacts", "missing.csv")
    assert answer.status == 2
    assert "missing.csv" in answer.err
