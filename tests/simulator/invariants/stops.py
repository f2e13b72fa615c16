"""Stops: nobody gets mail who must be left alone, or has answered.

A mail that had passed the gate before is on its way and cannot be called back; these
promises are looked at as it passes.
"""

from tests.simulator.invariants.sight import Sight


def left_in_peace(sight: Sight) -> str | None:
    """Who bounced, complained or is suppressed gets nothing more."""
    stop = sight.ledger.stops.get(sight.errand.reader.id)
    return f"{sight.errand.reader.name}: {stop}." if stop else None


def not_after_a_reply(sight: Sight) -> str | None:
    """After a reply nothing leaves that was decided upon before it."""
    replied = sight.ledger.replies.get(sight.errand.reader.id, 0)
    return f"{sight.errand.reader.name} has replied." if replied > sight.decided else None


def not_after_an_end(sight: Sight) -> str | None:
    """What a person ended does not leave."""
    for id_ in (sight.row.task_id, sight.row.follow_up_id):
        if id_ in sight.ledger.cancelled:
            return f"It was {sight.ledger.cancelled[id_]}."
    return None
