"""Nudging: one notification, from the claim to what became of it.

The push service is called between two transactions and in none.  A worker that dies in
between leaves a claim that nobody takes up: a nudge is told at most once.
"""

import uuid
from collections.abc import Sequence

from runtime.db import Database
from runtime.errors import RapportError
from runtime.failpoints import pass_by
from runtime.logs import bound_contextvars, get_logger
from runtime.push import outcomes, rounds
from runtime.push.rounds import Nudge
from scheduler.integrations.push import Gone, Pusher
from scheduler.performing import ask

_AT_ONCE = 100

log = get_logger(__name__)


def due(db: Database) -> Sequence[tuple[uuid.UUID, uuid.UUID]]:
    """Return (workspace, subscription) of those that may have something to be told."""
    now = db.now()
    with db.dispatch() as connection:
        return [(row[0], row[1]) for row in rounds.due(connection, now, _AT_ONCE)]


def nudge(
    db: Database, pusher: Pusher, workspace_id: uuid.UUID, subscription_id: uuid.UUID
) -> bool:
    """Tell a browser what is to be told now; return whether there was anything.

    Never raises for what a push service does.  SettingsError: there is no key to sign with.
    """
    key = pusher.server_key
    with bound_contextvars(push_subscription_id=str(subscription_id)):
        found = db.run(workspace_id, lambda tx: rounds.take(tx, subscription_id, server_key=key))
        pass_by("push.claimed")
        if found is None:
            return False
        answer = ask(lambda: pusher.push(found))
        pass_by("push.answered")
        _note(db, found, answer)
        pass_by("push.finished")
    return True


def _note(db: Database, told: Nudge, trouble: RapportError | None) -> None:
    if isinstance(trouble, Gone):
        log.info("push subscription removed", why=trouble.message)
        db.run(told.workspace_id, lambda tx: outcomes.gone(tx, told, why=trouble.message))
        return
    if trouble is None:
        log.info("nudged", kind=told.payload["kind"])
    db.run(told.workspace_id, lambda tx: outcomes.answered(tx, told, trouble))
