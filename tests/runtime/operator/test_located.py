"""The other commands find what ``up`` started."""

from pathlib import Path

import pytest

from runtime.operator import located
from runtime.operator.servers import Postgres, Valkey
from runtime.settings import SettingsError


@pytest.fixture(autouse=True)
def _bare(bare_environment: None) -> None:
    """Nothing is set but what a test sets."""


def test_servers_that_run_below_the_data_directory_are_found(served: Path) -> None:
    found = located.load(rapport_data_dir=served)
    assert found.database_url == Postgres(served).app_url
    assert found.redis_url == Valkey(served).url


def test_what_the_environment_says_wins(served: Path) -> None:
    found = located.load(rapport_data_dir=served, database_url="postgresql://me@db/mine")
    assert found.database_url == "postgresql://me@db/mine"
    assert found.database_owner_url is None


def test_without_any_database_the_message_names_variable_and_way_out(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"DATABASE_URL: .*rapport up"):
        located.load(rapport_data_dir=tmp_path)


def test_a_data_directory_that_is_none_is_told_by_the_variable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match=r"RAPPORT_DATA_DIR: .* cannot be read"):
        located.load(rapport_data_dir=tmp_path / "file")


def test_the_applications_login_is_derived_from_the_owners_and_stays_the_same(
    tmp_path: Path,
) -> None:
    owner = "postgresql://boss:pass%40word@db.example:6432/crm?sslmode=require"
    located.app_password(tmp_path)
    first = located.load(rapport_data_dir=tmp_path, database_owner_url=owner).database_url
    second = located.load(rapport_data_dir=tmp_path, database_owner_url=owner).database_url
    assert first == second
    assert first
    assert first.startswith("postgresql://rapport_app:")
    assert first.endswith("@db.example:6432/crm?sslmode=require")
    assert "pass" not in first
    assert (tmp_path / "app.json").stat().st_mode & 0o077 == 0
