"""A long-lived process ends when it is told to, or when its parent dies."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from runtime.process import PARENT_FD

CHILD = """
from runtime.process import stop_on_signals, watch_parent
stop = stop_on_signals()
watch_parent(stop)
print("ready", flush=True)
while not stop.wait(0.01): pass
print("draining", flush=True)
{after}
"""
STAY = "import signal\nwhile True: signal.pause()"
PARENT = """
import os, subprocess, sys
reading, writing = os.pipe()
env = os.environ | {{"RAPPORT_PARENT_FD": str(reading)}}
child = subprocess.Popen([sys.executable, "-c", sys.argv[1]], env=env, pass_fds=[reading])
child.wait()
"""


@contextmanager
def running(*argv: str) -> Iterator["subprocess.Popen[str]"]:
    env = {name: value for name, value in os.environ.items() if name != PARENT_FD}
    command = [sys.executable, "-c", *argv]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as process:  # noqa: S603 - our own Python
        try:
            yield process
        finally:
            process.kill()


def line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def test_a_signal_lets_the_process_drain_and_end_well() -> None:
    # Whoever runs the tests may have been born deaf to hang-ups, as under nohup.
    heard = "import signal\nsignal.signal(signal.SIGHUP, signal.SIG_DFL)\n"
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        with running(heard + CHILD.format(after="")) as process:
            assert line(process) == "ready"
            process.send_signal(number)
            assert line(process) == "draining"
            assert process.wait(10) == 0


def test_a_second_signal_ends_a_process_that_does_not_come_to_its_end() -> None:
    with running(CHILD.format(after=STAY)) as process:
        assert line(process) == "ready"
        process.send_signal(signal.SIGINT)
        assert line(process) == "draining"
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 128 + signal.SIGTERM


def test_a_process_in_the_background_of_a_script_still_ends_on_ctrl_c() -> None:
    background = "import os, signal, sys\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
    become = "os.execv(sys.executable, [sys.executable, '-c', sys.argv[1]])"
    with running(background + become, CHILD.format(after="")) as process:
        assert line(process) == "ready"
        process.send_signal(signal.SIGINT)
        assert line(process) == "draining"
        assert process.wait(10) == 0


def test_a_hang_up_that_was_ignored_from_birth_stays_ignored() -> None:
    nohup = "import os, signal, sys\nsignal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
    become = "os.execv(sys.executable, [sys.executable, '-c', sys.argv[1]])"
    with running(nohup + become, CHILD.format(after="")) as process:
        assert line(process) == "ready"
        process.send_signal(signal.SIGHUP)
        process.send_signal(signal.SIGTERM)
        assert line(process) == "draining"
        assert process.wait(10) == 0


def test_a_child_drains_when_its_parent_is_killed() -> None:
    with running(PARENT.format(), CHILD.format(after="")) as parent:
        assert line(parent) == "ready"
        parent.kill()
        assert line(parent) == "draining"


def test_a_process_without_a_parent_to_watch_just_goes_on() -> None:
    with running(CHILD.format(after="")) as process:
        assert line(process) == "ready"
        assert process.poll() is None
        process.terminate()
        assert process.wait(10) == 0
