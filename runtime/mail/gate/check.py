"""Check: one rule of the gate, and what it found."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

LOOK_AGAIN = timedelta(minutes=10)
"""How soon a mail that waits for a person's switch comes to the gate again, at the latest.

Who turns the switch wakes it; this is for the mail that was just being looked at."""

FRESH = "fresh"
"""The rule whose refusal has people decide again, instead of stopping the mail."""


@dataclass(frozen=True, slots=True)
class Check:
    """One rule, and what it found.  ``wait_until``: not now, but then."""

    rule: str
    passed: bool
    detail: str
    wait_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Send, unless ``refused`` or ``wait_until`` is set."""

    checks: tuple[Check, ...]

    @property
    def refused(self) -> Check | None:
        """The first rule that says no for good."""
        return next((c for c in self.checks if not c.passed and c.wait_until is None), None)

    @property
    def lapsed(self) -> bool:
        """Whether its approval is too old: it need not wait for anything any more."""
        return any(c.rule == FRESH and not c.passed for c in self.checks)

    @property
    def wait_until(self) -> datetime | None:
        """The latest of the times that rules ask to wait for."""
        return self.waits_for.wait_until if self.waits_for else None

    @property
    def waits_for(self) -> Check | None:
        """The rule that asks to wait longest."""
        waiting = [c for c in self.checks if c.wait_until]
        return max(waiting, key=lambda c: c.wait_until or datetime.min, default=None)  # noqa: DTZ901 - never compared: all have a time

    @property
    def receipt(self) -> list[dict[str, Any]]:
        """The checks as the sent row keeps them."""
        return [{"rule": c.rule, "passed": c.passed, "detail": c.detail} for c in self.checks]
