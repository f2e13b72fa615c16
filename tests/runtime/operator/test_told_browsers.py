"""Browsers that people asked to be told in: the doctor says whether they can be."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from runtime.operator.doctor import notifications
from runtime.operator.doctor.notifications import Browser
from runtime.operator.servers import Postgres
from runtime.push import keys
from runtime.settings import Settings
from tests.fakes import FakePush
from tests.house import House
from tests.runtime.push.subscribers import Reached


def test_each_browser_is_looked_at_and_none_is_named(house: House) -> None:
    with FakePush() as service:
        reached = Reached(house, service)
        reached.subscribed()
        with house.tx() as tx:
            found = notifications._browsers(tx)
        assert found == [Browser(reached.service.signer, in_trouble=False)]
        seen = Settings(database_url=house.db.url, rapport_data_dir=house.settings.rapport_data_dir)
        [finding] = notifications.examine(seen)  # of all houses there are
        assert "browser" in finding.detail
        service.fail_next("400")
        house.a_drafted_task()
        reached.wait(minutes=2)
        with house.tx() as tx:
            assert notifications._browsers(tx)[0].in_trouble


@pytest.mark.parametrize(
    ("browsers", "verdict", "words"),
    [
        ([], "ok", "nobody has asked for any"),
        ([("mine", False)], "ok", "one browser"),
        ([("mine", True), ("mine", False)], "warning", "1 of 2 browsers in trouble"),
        ([("other", True), ("mine", False)], "warning", "1 of 2 browsers know another key"),
    ],
)
def test_it_is_a_warning_with_what_to_do(
    tmp_path: Path, browsers: list[tuple[str, bool]], verdict: str, words: str
) -> None:
    settings = Settings(rapport_data_dir=tmp_path)
    known = {"mine": keys.public(settings), "other": "x"}

    finding = notifications._finding(settings, [Browser(known[key], bad) for key, bad in browsers])

    assert finding.verdict == verdict
    assert words in finding.detail
    assert bool(finding.remedy) is (verdict == "warning")


def test_without_the_key_nobody_can_be_told_and_none_is_made_by_looking(tmp_path: Path) -> None:
    settings = Settings(rapport_data_dir=tmp_path)

    finding = notifications._finding(settings, [Browser("x", in_trouble=False)])

    assert finding.verdict == "fault"
    assert "VAPID_PRIVATE_KEY" in finding.remedy
    assert list(tmp_path.iterdir()) == []


def test_a_login_that_is_unsafe_is_no_crash(postgres: Postgres) -> None:
    real = Settings(database_url=postgres.owner_url, resend_api_key=SecretStr("re_x"))

    assert [finding.verdict for finding in notifications.examine(real)] == ["warning"]
    assert list(notifications.examine(Settings(database_url=None))) == []
