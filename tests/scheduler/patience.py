"""Waiting for what other threads and processes do, no longer than it may take."""

import time
from collections.abc import Callable

PATIENCE = 20.0
"""Seconds: how long a busy machine may take for what usually is there at once."""


def until(fulfilled: Callable[[], object], within: float = PATIENCE) -> None:
    """Return as soon as it is so; fail when it is not so in time."""
    end = time.monotonic() + within
    while not fulfilled():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.01)
