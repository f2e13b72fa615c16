"""Outcomes: what became of a nudge.

What surely was not told is told later, worked out anew from the rows: nothing of it is kept.
"""

from datetime import timedelta

from runtime.backoff import full_jitter
from runtime.db import Transaction
from runtime.errors import RapportError, Reject, Retry
from runtime.models import AccessToken, PushSubscription
from runtime.push import rounds

MOST_ATTEMPTS = 4
_LONGEST_PAUSE = 5 * 60.0
_REFUSALS_IN_A_ROW = 3
_MOST_DOUBLINGS = 5
"""Of an hour's silence: a day and a third at most."""


def answered(tx: Transaction, nudge: rounds.Nudge, trouble: RapportError | None) -> None:
    """Note what became of a nudge; nothing if it was given up as lost meanwhile.

    None: the push service has it.  Retry: it surely has not, so it is tried again, a few times.
    All else: it has not, or nobody knows, and it is over.
    """
    row = rounds.held(tx, nudge.subscription_id, PushSubscription.fence == nudge.fence)
    if row is None or row.telling_to is None:
        return
    row.next_at = tx.now + rounds.PAUSE
    if trouble is None:
        row.told_at, row.refusals = tx.now, 0
        rounds.passed(row, None)
        return
    said = f"{trouble.reason_code}: {trouble.message}"
    if isinstance(trouble, Retry) and not nudge.is_test and row.attempts < MOST_ATTEMPTS:
        row.telling_to, row.last_error = None, said
        row.next_at = tx.now + _back_off(row.attempts, trouble.after)
    else:
        rounds.passed(row, said)
    if isinstance(trouble, Reject) and not nudge.is_test:
        row.refusals += 1
        row.next_at = tx.now + _patience(row.refusals)


def gone(tx: Transaction, nudge: rounds.Nudge, *, why: str) -> None:
    """Forget a browser that its push service no longer knows, and say so."""
    row = rounds.held(tx, nudge.subscription_id, PushSubscription.fence == nudge.fence)
    if row is None:
        return
    token = tx.get_one(AccessToken, (tx.workspace_id, row.token_id))
    tx.delete(row)
    tx.record(
        "push.unsubscribed",
        f"A browser of {token.name}'s takes no more notifications: {why}",
        actor="system",
    )


def _patience(refusals: int) -> timedelta:
    """Return how long a service that refuses is not asked: what it refused may be this one only."""
    if refusals < _REFUSALS_IN_A_ROW:
        return rounds.PAUSE
    hours = 2 ** min(refusals - _REFUSALS_IN_A_ROW, _MOST_DOUBLINGS)
    return timedelta(hours=hours)


def _back_off(attempt: int, after: float | None) -> timedelta:
    return timedelta(seconds=full_jitter(attempt, base=30.0, cap=_LONGEST_PAUSE, after=after))
