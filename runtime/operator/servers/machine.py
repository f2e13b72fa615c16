"""Machine: ports, process ids and users, as far as a server of our own needs them.

A process is known by its id together with its time of birth, because ids are used again.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

_UNPRIVILEGED = "nobody"
_PORT_IS_LEFT_WITHIN = 1.0
_THREADS_END_WITHIN = 10.0


class ServerError(RuntimeError):
    """A server of our own does not start; the text says where its log is."""


def free_port() -> int:
    """Return a port of 127.0.0.1 that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def same_port(before: int | None) -> int:
    """Return the port of last time, which others may know, unless somebody else has it now.

    The threads of a killed server may hold it for a moment after its end is seen.
    """
    until = time.monotonic() + _PORT_IS_LEFT_WITHIN
    while before is not None and time.monotonic() < until:
        if is_free(before):
            return before
        time.sleep(0.02)
    return free_port()


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
    """Send each signal in turn and wait its seconds, until the process is gone.

    One that ended and that nobody has taken off the kernel's list yet is gone too.
    """
    born = target.create_time()
    for number, seconds in signals:
        with contextlib.suppress(psutil.NoSuchProcess):
            target.send_signal(number)
        until = time.monotonic() + seconds
        while process(target.pid, born) and time.monotonic() < until:
            time.sleep(0.01)
        if not process(target.pid, born):
            return


def reap(child: "subprocess.Popen[bytes] | None") -> None:
    """Take an ended child off the kernel's list.

    Its first thread may be gone before the others; only then are its ports free again.
    """
    if child is not None:
        try:
            child.wait(_THREADS_END_WITHIN)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


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
