"""One pair of keys for a deployment, made once, and shown to nobody by halves."""

import threading
from pathlib import Path

import pytest
from py_vapid import Vapid02

from runtime.push import endpoints, keys
from runtime.settings import Settings, SettingsError, load
from tests.fakes.push import decoded

PRIVATE = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
PUBLIC = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"


def test_the_settings_key_counts_and_nothing_is_written(tmp_path: Path) -> None:
    settings = load(vapid_private_key=f" {PRIVATE}= ", rapport_data_dir=tmp_path)

    assert keys.private(settings) == PRIVATE
    assert keys.public(settings) == PUBLIC
    assert list(tmp_path.iterdir()) == []
    assert PRIVATE not in repr(settings)


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    settings = load(rapport_data_dir=tmp_path / "data")
    first = keys.public(settings)
    [file] = (tmp_path / "data").iterdir()

    assert keys.public(load(rapport_data_dir=tmp_path / "data")) == first
    assert file.stat().st_mode & 0o777 == 0o600
    assert load(vapid_private_key=file.read_text()).vapid_private_key


def test_processes_that_begin_together_come_to_one_key(tmp_path: Path) -> None:
    start, found = threading.Barrier(8), set()

    def ask() -> None:
        start.wait()
        found.add(keys.private(Settings(rapport_data_dir=tmp_path)))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 1
    assert [path.name for path in tmp_path.iterdir()] == [keys.FILE]


def test_a_file_that_is_no_key_is_said_to_be_none_and_not_shown(tmp_path: Path) -> None:
    (tmp_path / keys.FILE).write_text("secret nonsense")
    with pytest.raises(SettingsError, match=r"vapid\.key holds no key") as wrong:
        keys.private(Settings(rapport_data_dir=tmp_path))

    assert "nonsense" not in str(wrong.value)


def test_where_no_key_can_be_kept_the_way_out_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="set VAPID_PRIVATE_KEY"):
        keys.private(Settings(rapport_data_dir=tmp_path / "file"))


def test_the_signing_library_takes_it_for_the_same_pair() -> None:
    numbers = Vapid02.from_raw(PRIVATE.encode()).public_key.public_numbers()

    assert decoded(PUBLIC) == b"\x04" + numbers.x.to_bytes(32) + numbers.y.to_bytes(32)


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/a:b",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
        "https://eu.updates.push.services.mozilla.com:443/wpush/v2/gAAA",
        "https://web.push.apple.com/QG-x",
        "https://wns2-par02p.notify.windows.com/w/?token=BQY%2b",
        "https://push.house.test/1",
        "https://a.b.house.example/1",
    ],
)
def test_services_of_browsers_and_of_the_operator_are_called(endpoint: str) -> None:
    settings = load(push_hosts="Push.House.test, *.house.example")

    endpoints.check(settings)(endpoint)
