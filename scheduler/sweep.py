"""Sweep: fire what is due, found in SQL alone.

The clock does it each second, and a worker for each timer's job; any number at
once, as a timer is locked, posted and removed in one transaction.
"""

import uuid
from collections import defaultdict

from runtime import timers
from runtime.db import Database
from scheduler.surviving import surviving

_AT_ONCE = 1000


def fire_due(db: Database) -> int:
    """Fire all timers that are due, a transaction for each workspace; return how many.

    A timer that cannot be fired keeps none of the others.
    """
    fired = 0
    for workspace_id, ids in _due(db).items():
        if (count := _fire(db, workspace_id, ids)) is None and len(ids) > 1:
            count = sum(_fire(db, workspace_id, [each]) or 0 for each in ids)
        fired += count or 0
    return fired


def _due(db: Database) -> dict[uuid.UUID, list[uuid.UUID]]:
    found: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    now = db.now()
    with db.dispatch() as connection:
        for workspace_id, timer_id, _ in timers.due(connection, now, _AT_ONCE):
            found[workspace_id].append(timer_id)
    return found


def _fire(db: Database, workspace_id: uuid.UUID, ids: list[uuid.UUID]) -> int | None:
    """Return how many of these were fired; None if one of them cannot be."""
    fired = None
    with surviving("a timer cannot be fired"):
        fired = len(db.run(workspace_id, lambda tx: timers.fire(tx, ids, limit=len(ids))))
    return fired
