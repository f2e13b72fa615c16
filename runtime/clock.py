"""Clock: what time it is.  Nobody else asks.

Due times are compared with the database's clock, so that nodes whose clocks
differ agree: every transaction reads it once, as it begins (``Transaction.now``).
A test puts a ``FakeClock`` in its place, and then time stands until it is moved.
"""

from datetime import UTC, datetime, timedelta


class FakeClock:
    """A clock that a test moves by hand."""

    def __init__(self, start: datetime | None = None) -> None:
        self.now = start or datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def advance(self, seconds: float = 0, **kwargs: float) -> None:
        """Move on by seconds, or by any other ``timedelta`` unit (days=2)."""
        self.now += timedelta(seconds=seconds, **kwargs)


_fake: FakeClock | None = None


def use(fake: FakeClock | None) -> None:
    """Let this process live by ``fake``, or by real time again with None.  For tests."""
    global _fake  # noqa: PLW0603 - one process lives in one time
    _fake = fake


def fake() -> FakeClock | None:
    """Return the fake clock in force, if any."""
    return _fake


def now() -> datetime:
    """Return this process's time, aware, UTC; for what never meets a due time."""
    return _fake.now if _fake else datetime.now(UTC)
