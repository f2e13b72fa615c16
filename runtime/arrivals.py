"""Arrivals: mail the provider holds for us, announced by webhook, fetched by a worker.

The outbox's pattern, one storey outside the workspaces: a claim raises the fence, who
comes back with an older one has lost the entry.  Whose a mail is shows only in its
headers, so it is fetched first; a row holds ids and times, and no word of the mail.
Fetching changes nothing at the provider and may be repeated at will.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from runtime.db import Transaction
from runtime.models import Arrival, CallStatus, new_id

LEASE = timedelta(seconds=120)
"""Longer than a fetch and all waits for locks after it, so that nobody has to renew it."""

MOST_ATTEMPTS = 8

_COLUMNS = (
    Arrival.id,
    Arrival.fence,
    Arrival.provider_email_id,
    Arrival.attempts,
    Arrival.meant_for,
    Arrival.received_at,
)


@dataclass(frozen=True, slots=True)
class Held:
    """An arrival that is ours as long as its row has this fence."""

    id: uuid.UUID
    fence: int
    provider_email_id: str
    attempts: int
    meant_for: uuid.UUID | None
    received_at: datetime


def note(
    connection: sa.Connection,
    *,
    provider_email_id: str,
    svix_id: str,
    meant_for: uuid.UUID | None,
    received_at: datetime,
    now: datetime,
) -> bool:
    """Have a mail fetched; False if it was announced before, under either id."""
    added = connection.scalar(
        insert(Arrival)
        .values(
            id=new_id(),
            provider_email_id=provider_email_id,
            svix_id=svix_id,
            meant_for=meant_for,
            available_at=now,
            received_at=received_at,
            created_at=now,
        )
        .on_conflict_do_nothing()
        .returning(Arrival.id)
    )
    return added is not None


def claim(connection: sa.Connection, now: datetime, limit: int = 1) -> Sequence[Held]:
    """Take the oldest that are due, as far as nobody else has; commit before fetching them."""
    free = (
        sa.select(Arrival.id)
        .where(
            sa.or_(
                sa.and_(Arrival.status == CallStatus.PLANNED, Arrival.available_at <= now),
                sa.and_(Arrival.status == CallStatus.STARTED, Arrival.lease_until < now),
            )
        )
        .order_by(Arrival.available_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = connection.execute(
        sa.update(Arrival)
        .where(Arrival.id.in_(free))
        .values(
            status=CallStatus.STARTED,
            fence=Arrival.fence + 1,
            attempts=Arrival.attempts + 1,
            lease_until=now + LEASE,
        )
        .returning(*_COLUMNS)
    )
    return [Held(*row) for row in rows]


def finish(
    at: sa.Connection | Transaction,
    held: Held,
    now: datetime,
    *,
    status: CallStatus = CallStatus.DONE,
    code: str | None = None,
) -> bool:
    """End it; False if it is no longer ours, and then nothing of this transaction may stay."""
    return _change(at, held, status=status, finished_at=now, lease_until=None, error_code=code)


def put_back(
    connection: sa.Connection, held: Held, available_at: datetime, *, code: str, count: bool
) -> bool:
    """Have it fetched again later; without ``count`` this try was none."""
    return _change(
        connection,
        held,
        status=CallStatus.PLANNED,
        available_at=available_at,
        lease_until=None,
        error_code=code,
        attempts=held.attempts if count else held.attempts - 1,
    )


def _change(at: sa.Connection | Transaction, held: Held, **values: Any) -> bool:
    changed = at.execute(
        sa.update(Arrival)
        .where(
            Arrival.id == held.id,
            Arrival.fence == held.fence,
            Arrival.status == CallStatus.STARTED,
        )
        .values(**values)
        .returning(Arrival.id)
        .execution_options(synchronize_session=False)
    )
    return changed.first() is not None
