"""Fence: who lost the lease does nothing more."""

from tests.simulator.invariants.sight import Sight


def held(sight: Sight) -> str | None:
    """Only who holds a call's newest fence goes through the gate with it."""
    mine = sight.hand.claimed.fence
    if (sight.row.call_status, sight.row.fence) == ("STARTED", mine):
        return None
    return f"The call is {sight.row.call_status} with fence {sight.row.fence}, not {mine}."
