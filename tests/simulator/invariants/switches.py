"""Switches: what people stopped is stopped."""

from tests.simulator.invariants.sight import Sight


def not_stopped(sight: Sight) -> str | None:
    """While the kill switch is on, nothing leaves."""
    return "Sending is stopped." if sight.ledger.stopped else None


def allowed(sight: Sight) -> str | None:
    """Without ALLOW_EMAIL_SENDING=true nothing leaves."""
    return None if sight.ledger.allowed else "It is false."


def not_paused(sight: Sight) -> str | None:
    """A paused agent's mail waits."""
    agent = sight.row.agent
    return f"{agent} is paused." if agent in sight.ledger.paused else None
