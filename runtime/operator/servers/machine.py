"""Machine: ports, process ids and users, as far as a server of our own needs them.

A process is known by its id together with its time of birth, because ids are used again.
"""

import os
import pwd
import shutil
import signal
import socket
from collections.abc import Sequence
from pathlib import Path

import psutil

_UNPRIVILEGED = "nobody"


class ServerError(RuntimeError):
    """A server of our own does not start; the text says where its log is."""


def free_port() -> int:
    """Return a port of 127.0.0.1 that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Say whether a server could listen there now; one that just stopped does not count."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError:
            return False
    return True


def process(pid: int | None, born: float | None = None) -> psutil.Process | None:
    """Return the living process of that id, unless it is a later one than ``born`` says."""
    if not pid:
        return None
    try:
        found = psutil.Process(pid)
        same = born is None or abs(found.create_time() - born) < 1
        alive = found.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return None
    return found if same and alive else None


def end(target: psutil.Process, signals: Sequence[tuple[signal.Signals, float]]) -> None:
    """Send each signal in turn and wait its seconds, until the process is gone."""
    for number, seconds in signals:
        try:
            target.send_signal(number)
            target.wait(seconds)
        except psutil.NoSuchProcess:
            return
        except psutil.TimeoutExpired:
            continue
        return


def unprivileged(folder: Path) -> tuple[list[str], str | None]:
    """Return how to start a server that refuses to run as root: a command prefix, a user.

    ``folder`` is handed to that user.  The folders above it may be closed to everybody (a
    home of root's); rather than opening them, the server keeps the one capability to pass.
    """
    if os.geteuid() != 0:
        return [], None
    user = pwd.getpwnam(_UNPRIVILEGED)
    os.chown(folder, user.pw_uid, user.pw_gid)
    if not (setpriv := shutil.which("setpriv")):
        return [], _UNPRIVILEGED
    to = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--no-new-privs"]
    return [setpriv, *to, "--inh-caps=-all,+dac_override", "--ambient-caps=+dac_override"], None
