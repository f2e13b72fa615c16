"""Process: how a long-lived process learns that it should end.

Both ways set the same event: a signal, and the death of the process that started this one,
even by SIGKILL.  Who holds the event lets work in hand finish and returns.
"""

import os
import signal
import threading
from types import FrameType

PARENT_FD = "RAPPORT_PARENT_FD"
"""The variable with the reading end of a pipe that only the parent holds open for writing."""

_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def stop_on_signals() -> threading.Event:
    """Return an event that SIGTERM, SIGINT or SIGHUP sets; a second one ends the process at once.

    A SIGHUP that was ignored from birth stays ignored (nohup); a SIGINT does not, because a
    shell's script ignores it for all it starts in the background.  Main thread only.
    """
    stop = threading.Event()

    def on_signal(number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            os._exit(128 + number)
        stop.set()

    for number in _SIGNALS:
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, on_signal)
    return stop


def watch_parent(stop: threading.Event) -> None:
    """Set ``stop`` when the process that started this one is gone; without one, do nothing.

    The kernel closes a dead process's pipes whatever it died of, so nothing has to be polled.
    """
    if (number := os.environ.get(PARENT_FD, "")).isdigit():
        fd = int(number)
        # Children of this process must not take the pipe for their own parent's.
        del os.environ[PARENT_FD]
        os.set_inheritable(fd, False)
        threading.Thread(target=_until_gone, args=(fd, stop), daemon=True, name="parent").start()


def _until_gone(fd: int, stop: threading.Event) -> None:
    with os.fdopen(fd, "rb", buffering=0) as pipe:
        pipe.read(1)
    stop.set()
