"""Failpoints: named places where a test may have this process killed, as by a power cut.

``RAPPORT_FAILPOINT=name:file`` kills at the first passing of ``name`` for which
``file`` does not exist yet, and makes it: once, however often the process is
started again.  Without the variable a failpoint is one comparison.  This is no
setting of a deployment, which is why it is read here and not in ``settings``.

A test that plays the processes in its own listens instead (``listen``), and does
at a failpoint what it likes: wait there, look around, or raise.
"""

import os
import signal
from collections.abc import Callable

_NAME, _, _FILE = os.environ.get("RAPPORT_FAILPOINT", "").partition(":")

_listener: Callable[[str], None] | None = None


def listen(listener: Callable[[str], None] | None) -> None:
    """Have ``listener`` told of each failpoint passed in this process; None ends it.  For tests."""
    global _listener  # noqa: PLW0603 - one process has one set of failpoints
    _listener = listener


def pass_by(name: str) -> None:
    """Go on, or die here."""
    if name == _NAME and _first_time():
        os.kill(os.getpid(), signal.SIGKILL)
    if _listener:
        _listener(name)


def _first_time() -> bool:
    try:
        os.close(os.open(_FILE, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True
