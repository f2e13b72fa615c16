"""One ``up`` to a data directory, and the second is told where the first is."""

from pathlib import Path

import pytest

from runtime.operator.lock import DataDirLock, running
from runtime.settings import SettingsError


def test_a_second_one_is_told_the_first_ones_address(tmp_path: Path) -> None:
    first = DataDirLock(tmp_path)
    first.take()
    first.tell(address="http://127.0.0.1:8123", ready=True)
    with pytest.raises(SettingsError, match=r"running at http://127\.0\.0\.1:8123"):
        DataDirLock(tmp_path).take()
    first.release()


def test_after_a_clean_end_nothing_is_left_to_find(tmp_path: Path) -> None:
    first = DataDirLock(tmp_path)
    first.take()
    first.tell(address="http://127.0.0.1:8123")
    first.release()
    assert running(tmp_path) == {}
    second = DataDirLock(tmp_path)
    second.take()
    assert not second.unclean
    second.release()


def test_a_note_without_its_lock_is_that_of_a_killed_one(tmp_path: Path) -> None:
    (tmp_path / "up.json").write_text('{"address": "http://127.0.0.1:8123"}')
    lock = DataDirLock(tmp_path)
    lock.take()
    assert lock.unclean
    lock.release()


def test_a_place_where_no_directory_can_be_is_told_by_the_variable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match=r"RAPPORT_DATA_DIR: .*file cannot be used"):
        DataDirLock(tmp_path / "file").take()


def test_a_directory_that_does_not_exist_is_made(tmp_path: Path) -> None:
    lock = DataDirLock(tmp_path / "new" / "dir")
    lock.take()
    lock.release()
