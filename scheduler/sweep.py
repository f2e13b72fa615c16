"""Sweep: fire what is due, found in SQL alone.

The clock does it each second, and a worker for each timer's job; any number at
once, as a timer is locked, posted and removed in one transaction.
"""

import uuid
from collections import defaultdict

from runtime import timers
from runtime.db import Database, Transaction
from runtime.failpoints import pass_by
from scheduler.surviving import surviving

_AT_ONCE = 1000


def fire_due(db: Database) -> int:
    """Fire all timers that are due, a transaction for each workspace; return how many.

    A workspace whose timers cannot be fired keeps none of the others.
    """
    return sum(_fire(db, workspace_id, ids) for workspace_id, ids in _due(db).items())


def _due(db: Database) -> dict[uuid.UUID, list[uuid.UUID]]:
    found: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    now = db.now()
    with db.dispatch() as connection:
        for workspace_id, timer_id, _ in timers.due(connection, now, _AT_ONCE):
            found[workspace_id].append(timer_id)
    return found


def _fire(db: Database, workspace_id: uuid.UUID, ids: list[uuid.UUID]) -> int:
    fired = 0
    with surviving("timers of a workspace cannot be fired"):
        fired += db.run(workspace_id, lambda tx: _fire_in(tx, ids))
        pass_by("timer.fired")
    return fired


def _fire_in(tx: Transaction, ids: list[uuid.UUID]) -> int:
    fired = len(timers.fire(tx, ids, limit=len(ids)))
    pass_by("timer.firing")
    return fired
