"""What dies is started again, with patience; what is told to end drains."""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.operator import parts
from runtime.operator.parts import Keeper, Wing
from runtime.process import PARENT_FD

STUBBORN = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('up', flush=True)\n"
WAIT = "import signal\nsignal.pause()\n"


@pytest.fixture
def env(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An environment whose modules come from the test's folder, with a living parent."""
    reading, writing = os.pipe()
    yield os.environ | {"PYTHONPATH": str(tmp_path), PARENT_FD: str(reading)}
    os.close(reading)
    os.close(writing)


def wing(tmp_path: Path, env: dict[str, str], source: str) -> Wing:
    (tmp_path / "a_wing.py").write_text(source)
    return Wing("a wing", ["a_wing"], env)


def keep_until(keeper: Keeper, done: list[str], count: int) -> None:
    until = time.monotonic() + 20
    while len(done) < count:
        assert time.monotonic() < until
        keeper.look()
        time.sleep(0.01)


def test_a_wing_that_dies_is_started_again(tmp_path: Path, env: dict[str, str]) -> None:
    told: list[str] = []
    one = wing(tmp_path, env, WAIT)
    one.start()
    keeper = Keeper([one], told.append)
    keeper.look()
    first = one.pid
    assert one.alive()
    one.tell_to_end()
    keep_until(keeper, told, 1)
    until = time.monotonic() + 10
    while not one.alive():
        assert time.monotonic() < until
        keeper.look()
    assert one.pid != first
    assert told == ["a wing ended; it is started again in 0.5 s."]
    parts.end([one])
    assert not one.alive()


def test_one_that_keeps_dying_young_is_started_less_and_less_often(
    tmp_path: Path, env: dict[str, str]
) -> None:
    told: list[str] = []
    one = wing(tmp_path, env, "raise SystemExit(1)")
    one.start()
    keep_until(Keeper([one], told.append), told, 3)
    assert [line.rpartition(" in ")[2] for line in told] == ["0.5 s.", "1 s.", "2 s."]


def test_one_that_does_not_drain_in_time_is_killed(
    tmp_path: Path, env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "DRAINS_WITHIN", 0.2)
    ready = tmp_path / "ready"
    one = wing(tmp_path, env, f"{STUBBORN}open({str(ready)!r}, 'w')\nwhile True: signal.pause()")
    one.start()
    until = time.monotonic() + 10
    while not ready.exists():
        assert time.monotonic() < until
        time.sleep(0.01)
    parts.end([one])
    assert not one.alive()


def test_a_wing_hears_no_ctrl_c_meant_for_up(tmp_path: Path, env: dict[str, str]) -> None:
    one = wing(tmp_path, env, WAIT)
    one.start()
    assert one.pid
    assert os.getsid(one.pid) == one.pid != os.getsid(0)
    parts.end([one])


def test_a_wing_runs_on_the_python_of_up(tmp_path: Path, env: dict[str, str]) -> None:
    seen = tmp_path / "python"
    one = wing(tmp_path, env, f"import sys\nopen({str(seen)!r}, 'w').write(sys.executable)")
    one.start()
    one.await_end(time.monotonic() + 10)
    assert seen.read_text() == sys.executable
