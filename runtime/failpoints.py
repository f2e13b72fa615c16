"""Failpoints: named places where a test may have this process killed, as by a power cut.

``RAPPORT_FAILPOINT=name:file`` kills at the first passing of ``name`` for which
``file`` does not exist yet, and makes it: once, however often the process is
started again.  Without the variable a failpoint is one comparison.  This is no
setting of a deployment, which is why it is read here and not in ``settings``.
"""

import os
import signal

_NAME, _, _FILE = os.environ.get("RAPPORT_FAILPOINT", "").partition(":")


def pass_by(name: str) -> None:
    """Go on, or die here."""
    if name == _NAME and _first_time():
        os.kill(os.getpid(), signal.SIGKILL)


def _first_time() -> bool:
    try:
        os.close(os.open(_FILE, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True
