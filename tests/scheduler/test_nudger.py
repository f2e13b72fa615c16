"""A running worker nudges, and a worker whom nobody asked makes no key."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

from runtime.models import PushSubscription
from runtime.push import keys
from runtime.settings import Settings
from scheduler.integrations.push import Pusher
from scheduler.nudger import Nudger
from tests.fakes import FakePush
from tests.house import House
from tests.runtime.push.subscribers import Reached
from tests.scheduler.conftest import Start
from tests.scheduler.patience import until


@pytest.fixture
def reached(house: House) -> Iterator[Reached]:
    with FakePush() as service:
        yield Reached(house, service)


def test_a_running_worker_tells_a_browser(reached: Reached, start_worker: Start) -> None:
    browser = reached.subscribed()
    with reached.house.tx() as tx:
        tx.execute(update(PushSubscription).values(test_at=tx.now))
    start_worker(pusher=reached.pusher)
    until(lambda: browser.shown)

    assert [each["kind"] for each in browser.shown] == ["TEST"]
    until(lambda: reached.row.told_at)


def test_a_worker_with_nobody_to_nudge_makes_no_key(house: House, start_worker: Start) -> None:
    worker = start_worker()
    assert worker._nudger.once() == 0

    assert not (house.settings.rapport_data_dir / keys.FILE).exists()


def test_without_a_key_nobody_is_told_and_the_worker_says_why_once(
    reached: Reached, tmp_path: Path
) -> None:
    reached.subscribed()
    with reached.house.tx() as tx:
        tx.execute(update(PushSubscription).values(test_at=tx.now))
    (tmp_path / "file").write_text("")
    nudger = Nudger(reached.house.db, Pusher(Settings(rapport_data_dir=tmp_path / "file")))

    with capture_logs() as lines:
        assert (nudger.once(), nudger.once()) == (0, 0)

    [line] = lines
    assert "VAPID_PRIVATE_KEY" in line["error"]
    assert reached.row.test_at is not None


def test_a_service_that_hangs_does_not_keep_the_browsers_of_another_waiting(
    reached: Reached,
) -> None:
    with FakePush() as hangs:
        hangs.fail_next(*["silent"] * 20)
        for n in range(20):
            reached.subscribed(reached.a_person(f"Bo {n}"), hangs.browser())
        last = reached.subscribed()
        with reached.house.tx() as tx:
            tx.execute(update(PushSubscription).values(test_at=tx.now))
        Nudger(reached.house.db, reached.pusher).once()

        assert last.shown
        assert len(hangs.requests) < 8, "those that hang already, and no more"
        waiting = [row.last_error for row in reached.house.all(PushSubscription) if row.last_error]
        assert sum(said.startswith("PUSH_RESTING") for said in waiting) > 12
