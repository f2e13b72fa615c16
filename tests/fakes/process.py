"""How a fake becomes a process: it says ``ready <url>`` once it listens, and ends on SIGTERM."""

import signal
import threading

from tests.fakes.server import FakeServer


def run(fake: FakeServer, faults: str = "") -> None:
    """Serve until SIGTERM or Ctrl-C; ``faults`` is the script, separated by commas."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    fake.fail_next(*(fault for fault in faults.split(",") if fault.strip()))
    with fake:
        print(f"ready {fake.url}", flush=True)  # noqa: T201 - the parent waits for this line
        stop.wait()
