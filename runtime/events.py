"""Events: what happened, numbered without gaps, in the order of commits.

A reader keeps the number of the last one it saw.  No later commit can put one
below it, so nothing is missed and nothing is seen twice.  ``Transaction.record`` writes.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from runtime.db import Transaction
from runtime.errors import Refused
from runtime.models import Event, EventCounter


class CursorExpired(Refused):
    """Events this old are no longer kept: read the present state, then go on from the newest."""

    code = "CURSOR_EXPIRED"


def newest(tx: Transaction) -> int:
    """Return the number of the newest event, 0 before the first."""
    return (
        tx.scalar(sa.select(EventCounter.last).where(EventCounter.workspace_id == tx.workspace_id))
        or 0
    )


def after(tx: Transaction, seq: int, *, limit: int = 500) -> Sequence[Event]:
    """Return the events that follow number ``seq``, oldest first.

    Raises CursorExpired if some of them are gone.
    """
    pruned_to = tx.scalar(
        sa.select(EventCounter.pruned_to).where(EventCounter.workspace_id == tx.workspace_id)
    )
    if seq < (pruned_to or 0):
        raise CursorExpired(field="after")
    return tx.scalars(
        sa.select(Event)
        .where(Event.workspace_id == tx.workspace_id, Event.seq > seq)
        .order_by(Event.seq)
        .limit(limit)
    ).all()
