"""Traits: how a run's workspace is set and who its readers are, drawn once at the start."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.simulator.chance import Chance

WAITS: tuple[list[str], ...] = (
    ["PT2H", "P1D"],
    ["P1D", "P2D", "P3D"],
    ["P2D"],
    ["PT30M", "PT90M", "PT6H"],
    ["P1D", "PT5M"],
    [],
)
WINDOWS = ((None, None), ("09:00", "17:00"), ("08:30", "12:00"), ("21:00", "23:30"))
PLENTY = 100_000
"""A cap that binds nobody."""
ZONES = (None, None, "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland")

PERSONAS = {
    "silent": 6.0,
    "answers": 5.0,
    "is out of office": 2.0,
    "has no mailbox": 2.0,
    "has a full mailbox": 1.5,
    "complains": 1.5,
    "unsubscribes": 2.0,
    "scans": 2.0,
    "is given up": 1.0,
}


@dataclass(frozen=True, slots=True)
class Traits:
    """One run's."""

    readers: int
    rounds: int
    approval_wanted: bool
    """Whether first mails wait for a person."""
    timezone: str
    follow_up: Mapping[str, Any]
    pace: Mapping[str, Any]


def drawn(chance: Chance) -> Traits:
    """Draw a run's traits."""
    return Traits(
        readers=chance.between(3, 6),
        rounds=chance.between(22, 32),
        approval_wanted=not chance.happens(0.1),
        timezone=chance.pick(["UTC", "Europe/Lisbon", "America/Los_Angeles"]),
        follow_up=follow_up(chance),
        pace=pace(chance),
    )


def pace(chance: Chance) -> dict[str, Any]:
    """Draw how much may leave: mostly plenty, so that stories get far; here and there little."""
    cap = chance.pick([PLENTY, PLENTY, 4, 2])
    return {
        "dailyCap": cap,
        "rampStart": cap,
        "burst": chance.pick([1000, 3]),
        "contactGapDays": chance.pick([0, 0, 0, 1]),
        "contactTouches": chance.pick([100, 100, 3]),
    }


def follow_up(chance: Chance) -> dict[str, Any]:
    """Draw the follow-up agent's settings, in the words of the API."""
    start, end = chance.pick(WINDOWS)
    return {
        "waits": chance.pick(WAITS),
        "businessDaysOnly": chance.happens(0.6),
        "requireApproval": chance.happens(0.2),
        "windowStart": start,
        "windowEnd": end,
    }
