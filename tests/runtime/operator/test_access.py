"""Workspaces, tokens and the way into the dashboard, from the command line."""

import re
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.crm import tokens, workspaces
from runtime.db import Database
from runtime.models import Role
from runtime.operator import access, located
from runtime.operator.database import opened
from tests.runtime.operator.conftest import Rapport


@pytest.fixture
def database(served: Path, bare_environment: None) -> Iterator[Database]:
    with opened(located.load(rapport_data_dir=served)) as db:
        yield db


def test_a_workspace_is_made_once(served: Path, rapport: Rapport, a_name: str) -> None:
    assert rapport(served, "workspace", "create", a_name).status == 0
    again = rapport(served, "workspace", "create", a_name)
    assert again.status == 1
    assert again.err.startswith("There already is a workspace")


def test_a_token_is_printed_once_and_opens_its_workspace_with_its_role(
    served: Path, rapport: Rapport, database: Database, a_name: str
) -> None:
    rapport(served, "workspace", "create", a_name)
    answer = rapport(served, "token", "create", "--workspace", a_name, "--role", "viewer")
    viewer = tokens.viewer(database, answer.out.strip())
    assert viewer
    assert viewer.role is Role.VIEWER
    assert viewer.workspace_id == workspaces.find(database, a_name)


def test_a_token_bears_the_name_of_whom_it_is_for(
    served: Path, rapport: Rapport, database: Database, a_name: str
) -> None:
    rapport(served, "workspace", "create", a_name)
    create = ("token", "create", "--workspace", a_name, "--role", "member")
    named = tokens.viewer(database, rapport(served, *create, "--name", "Ada").out.strip())
    unnamed = tokens.viewer(database, rapport(served, *create).out.strip())
    assert named
    assert unnamed
    assert (named.name, unnamed.name) == ("Ada", "Operator")
    assert rapport(served, *create, "--name", " ").status == 1


def test_a_token_for_no_workspace_says_how_to_make_one(served: Path, rapport: Rapport) -> None:
    answer = rapport(served, "token", "create", "--workspace", "Nowhere", "--role", "owner")
    assert answer.status == 1
    assert "rapport workspace create" in answer.err


def test_login_prints_a_code_that_opens_the_door_once(
    served: Path, rapport: Rapport, database: Database, a_name: str
) -> None:
    rapport(served, "workspace", "create", a_name)
    answer = rapport(served, "login", "--workspace", a_name, PUBLIC_URL="https://rapport.example")
    found = re.fullmatch(r"Dashboard: https://rapport\.example/\?code=(\S+)\n", answer.out)
    assert found
    assert tokens.redeem(database, found[1])
    assert tokens.redeem(database, found[1]) is None


def test_with_several_workspaces_login_asks_which(
    served: Path, rapport: Rapport, a_name: str
) -> None:
    for number in (1, 2):
        rapport(served, "workspace", "create", f"{a_name} {number}")
    answer = rapport(served, "login")
    assert answer.status == 1
    assert "--workspace" in answer.err


def test_an_owners_token_that_is_there_and_valid_stays(database: Database, tmp_path: Path) -> None:
    workspace_id, path = access.first_workspace(database), tmp_path / "token"
    access.keep_owner_token(database, workspace_id, path)
    first = path.read_text()
    access.keep_owner_token(database, workspace_id, path)
    assert path.read_text() == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_owners_token_of_another_database_is_replaced(
    database: Database, tmp_path: Path
) -> None:
    workspace_id, path = access.first_workspace(database), tmp_path / "token"
    path.write_text("rpt_of-a-database-long-gone\n")
    access.keep_owner_token(database, workspace_id, path)
    viewer = tokens.viewer(database, path.read_text().strip())
    assert viewer
    assert viewer.role is Role.OWNER
    assert viewer.workspace_id == workspace_id
