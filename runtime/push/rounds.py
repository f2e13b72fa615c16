"""Rounds: one look at one subscription, and what is to be told to its browser now.

A claim moves the subscription on before its push service is called, in a commit of its own.
Who dies in between has perhaps told and perhaps not, and that is never told again: at most
once, as a nudge that is lost costs a look and one that comes twice costs trust.  ``outcomes``
has what follows.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from runtime import events
from runtime.db import Transaction
from runtime.models import AccessToken, Event, EventCounter, PushSubscription
from runtime.push import kinds, words
from runtime.push.quiet import Quiet

GATHER = timedelta(seconds=30)
"""How long the first event waits for others, to be told together with them."""
TOO_OLD = timedelta(minutes=15)
"""An event older than this when its turn comes is not told any more, nor kept by the service."""
LEASE = timedelta(seconds=60)
"""Longer than a call with all that surrounds it."""
FORGOTTEN_AFTER = timedelta(days=30)
"""How long a browser whose session has ended is kept, silent, for its person to come back."""
PAUSE = timedelta(seconds=10)
"""Between two looks at one subscription; less than an event waits for others in any case."""
_SILENCE = timedelta(hours=1)
_MOST_EVENTS = 1000


@dataclass(frozen=True, slots=True)
class Nudge:
    """One notification on its way.  ``at``: the database's time when it was decided upon."""

    workspace_id: uuid.UUID
    subscription_id: uuid.UUID
    fence: int
    endpoint: str
    p256dh: str
    auth: str
    payload: dict[str, Any]
    at: datetime
    is_test: bool = False


def due(connection: sa.Connection, now: datetime, limit: int) -> Sequence[Any]:
    """Return (workspace, subscription) of those that may have something to be told."""
    row = PushSubscription
    return connection.execute(
        sa.select(row.workspace_id, row.id)
        .join(EventCounter, EventCounter.workspace_id == row.workspace_id)
        .where(
            row.next_at <= now,
            sa.or_(
                EventCounter.last > row.cursor,
                row.telling_to.is_not(None),
                row.test_at.is_not(None),
            ),
        )
        .order_by(row.next_at)
        .limit(limit)
    ).all()


def take(tx: Transaction, subscription_id: uuid.UUID, *, server_key: str) -> Nudge | None:
    """Claim what is to be told to a browser now; None if that is nothing, or another has it.

    ``server_key``: the public key that whoever asks can sign for.
    """
    row = held(tx, subscription_id, PushSubscription.next_at <= tx.now, skip_locked=True)
    if row is None:
        return None
    if row.telling_to is not None:
        passed(row, "WORKER_LOST: nobody knows whether the last notification arrived.")
    if not _listens(tx, row) or not _signed_by(tx, row, server_key):
        return None
    if row.test_at is not None:
        row.test_at = None
        return _nudge(tx, row, row.cursor, words.test(at=tx.now), is_test=True)
    return _told_of_events(tx, row)


def _told_of_events(tx: Transaction, row: PushSubscription) -> Nudge | None:
    hours = Quiet.of(row.quiet_start, row.quiet_end, row.timezone)
    speaks_at = hours.until(tx.now)
    if speaks_at > tx.now:
        row.next_at = speaks_at
        return None
    newest = events.newest(tx)
    found = _events(tx, row, newest)
    end = found[-1].seq if len(found) == _MOST_EVENTS else newest
    fresh = [each for each in found if tx.now <= _told_by(each.at, hours)]
    if not fresh:
        _nothing(tx, row, end)
        return None
    gathered_at = hours.until(fresh[0].at + GATHER)
    if gathered_at > tx.now:
        row.cursor, row.next_at = fresh[0].seq - 1, gathered_at
        return None
    counts = kinds.counts(tx, fresh)
    if not counts:
        _nothing(tx, row, end)
        return None
    return _nudge(tx, row, end, words.payload(counts, tag=f"to-{end}", at=tx.now))


def _told_by(at: datetime, hours: Quiet) -> datetime:
    """Return until when an event is worth telling; quiet hours do not count against it."""
    wanted_by = hours.until(at + GATHER) + TOO_OLD
    speaks_at = hours.until(wanted_by)
    return wanted_by if speaks_at == wanted_by else speaks_at + TOO_OLD


def _events(tx: Transaction, row: PushSubscription, newest: int) -> Sequence[Event]:
    """Return what a browser wants to be told of and was not, the oldest first.

    What its own person did is no news to them.
    """
    token = tx.get_one(AccessToken, (tx.workspace_id, row.token_id))
    return tx.scalars(
        sa.select(Event)
        .where(
            Event.workspace_id == tx.workspace_id,
            Event.seq > row.cursor,
            Event.seq <= newest,
            Event.type.in_(kinds.types(row.kinds)),
            Event.actor != token.name,
        )
        .order_by(Event.seq)
        .limit(_MOST_EVENTS)
    ).all()


def _nudge(
    tx: Transaction,
    row: PushSubscription,
    to: int,
    payload: dict[str, Any],
    *,
    is_test: bool = False,
) -> Nudge:
    row.telling_to, row.next_at = to, tx.now + LEASE
    row.fence += 1
    row.attempts += 1
    return Nudge(
        tx.workspace_id,
        row.id,
        row.fence,
        row.endpoint,
        row.p256dh,
        row.auth,
        payload,
        tx.now,
        is_test,
    )


def _nothing(tx: Transaction, row: PushSubscription, end: int) -> None:
    """Pass over what is not worth a nudge, or not any more."""
    row.cursor, row.attempts, row.next_at = end, 0, tx.now + PAUSE


def passed(row: PushSubscription, trouble: str | None) -> None:
    """Have done with what was being told, well or not."""
    row.cursor, row.telling_to = row.telling_to or row.cursor, None
    row.attempts, row.last_error = 0, trouble


def _listens(tx: Transaction, row: PushSubscription) -> bool:
    """Tell whether the token behind it is good; else it is silent, and in the end forgotten."""
    token = tx.get_one(AccessToken, (tx.workspace_id, row.token_id))
    ended_at = token.expires_at or tx.now + PAUSE
    if token.revoked_at or ended_at < tx.now - FORGOTTEN_AFTER:
        tx.delete(row)
        return False
    if ended_at > tx.now:
        return True
    _nothing(tx, row, events.newest(tx))
    row.next_at, row.test_at = tx.now + _SILENCE, None
    return False


def _signed_by(tx: Transaction, row: PushSubscription, server_key: str) -> bool:
    if row.server_key == server_key:
        return True
    _nothing(tx, row, events.newest(tx))
    row.next_at, row.test_at = tx.now + _SILENCE, None
    row.last_error = (
        "OTHER_KEY: the browser subscribed with another key than the worker signs with. "
        "Subscribe again; where api and worker share no data directory, set VAPID_PRIVATE_KEY."
    )
    return False


def held(
    tx: Transaction,
    subscription_id: uuid.UUID,
    condition: sa.ColumnElement[bool],
    *,
    skip_locked: bool = False,
) -> PushSubscription | None:
    """Lock and return a subscription if it is still there and so, or None."""
    return tx.scalars(
        sa.select(PushSubscription)
        .where(
            PushSubscription.workspace_id == tx.workspace_id,
            PushSubscription.id == subscription_id,
            condition,
        )
        .with_for_update(skip_locked=skip_locked)
        .execution_options(populate_existing=True)
    ).one_or_none()
