"""Outbox: calls out.  Planned in a turn, performed by a worker under a lease, answered once.

A claim raises the fence; who comes back with an older one has lost the entry and
changes nothing.  ``in_doubt`` is set in the commit before a provider is called
and cleared only when the provider certainly did nothing: between the two a crash
must look like "it may have left", never like "it was not begun".
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from runtime.db import Transaction
from runtime.errors import in_a_line
from runtime.models import (
    OPEN_CALL,
    AgentKind,
    Call,
    CallKind,
    CallStatus,
    Draft,
    FollowUp,
    Priority,
    Task,
    new_id,
)

KEY_LIVES = timedelta(hours=20)
"""Resend keeps an idempotency key for 24 h; beyond this a retry could be a second mail."""

MOST_SILENCES = 5
"""Workers that may die over a call, beyond its tries, before it is held to be the cause."""


def plan(
    tx: Transaction,
    kind: CallKind,
    *,
    agent: AgentKind,
    task: Task | None,
    body: dict[str, Any] | None = None,
    follow_up: FollowUp | None = None,
    draft: Draft | None = None,
    max_attempts: int = 6,
    idempotency_key: str | None = None,
    correlation_id: uuid.UUID | None = None,
    causation_id: int | None = None,
    not_before: datetime | None = None,
) -> Call:
    """Want a call made after the commit; its answer comes to ``agent`` as a message.

    Made for no task it can wait for all that is, and has a ``correlation_id`` of its own.
    """
    tx.hint("call")
    return tx.insert(
        Call,
        kind=kind,
        agent=agent,
        priority=task.priority if task else Priority.LOW,
        body=body or {},
        task_id=task.id if task else None,
        follow_up_id=follow_up.id if follow_up else None,
        draft_id=draft.id if draft else None,
        max_attempts=max_attempts,
        available_at=max(tx.now, not_before or tx.now),
        idempotency_key=idempotency_key,
        correlation_id=correlation_id or (task.correlation_id if task else new_id()),
        causation_id=causation_id,
        created_at=tx.now,
    )


def due(connection: sa.Connection, now: datetime, limit: int) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Return (workspace, id) of the calls to make next in all workspaces: the urgent, then the old.

    Calls whose worker fell silent are among them.  Runs under ``Database.dispatch``.
    """
    rows = connection.execute(
        sa.select(Call.workspace_id, Call.id)
        .where(_is_due(now))
        .order_by(Call.priority, Call.available_at)
        .limit(limit)
    )
    return [(row.workspace_id, row.id) for row in rows]


def claim(tx: Transaction, ids: Iterable[uuid.UUID], lease: timedelta) -> Sequence[Call]:
    """Take these calls as far as nobody else has; commit before performing them."""
    free = (
        sa.select(Call.id)
        .where(Call.workspace_id == tx.workspace_id, Call.id.in_(list(ids)), _is_due(tx.now))
        .with_for_update(skip_locked=True)
    )
    return tx.scalars(
        sa.update(Call)
        .where(Call.workspace_id == tx.workspace_id, Call.id.in_(free))
        .values(
            status=CallStatus.STARTED,
            fence=Call.fence + 1,
            attempts=Call.attempts + 1,
            lease_until=tx.now + lease,
        )
        .returning(Call)
        .execution_options(synchronize_session=False)
    ).all()


def extend(tx: Transaction, held: Iterable[tuple[uuid.UUID, int]], lease: timedelta) -> None:
    """Renew the leases of calls in flight, given as (id, fence)."""
    tx.execute(
        sa.update(Call)
        .where(
            Call.workspace_id == tx.workspace_id,
            Call.status == CallStatus.STARTED,
            sa.tuple_(Call.id, Call.fence).in_(list(held)),
        )
        .values(lease_until=tx.now + lease)
        .execution_options(synchronize_session=False)
    )


def held(tx: Transaction, call_id: uuid.UUID, fence: int) -> Call | None:
    """Lock the call if it is still ours; None if the lease was lost or the call voided."""
    return tx.scalars(
        sa.select(Call)
        .where(
            Call.workspace_id == tx.workspace_id,
            Call.id == call_id,
            Call.fence == fence,
            Call.status == CallStatus.STARTED,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def finish(tx: Transaction, call: Call, status: CallStatus = CallStatus.DONE) -> None:
    """End a call that is ``held``, in the transaction that posts its answer."""
    call.status, call.finished_at, call.lease_until = status, tx.now, None


def put_back(tx: Transaction, call: Call, available_at: datetime, *, count: bool = True) -> None:
    """Have a held call made again later; without ``count`` this try was none."""
    call.status, call.lease_until, call.available_at = CallStatus.PLANNED, None, available_at
    if not count:
        call.attempts -= 1
    tx.hint("call")


def reopen(tx: Transaction, call: Call, *, tries: int = 2) -> None:
    """Have a finished call made again under its key, so many times at most."""
    call.status, call.finished_at, call.available_at = CallStatus.PLANNED, None, tx.now
    call.max_attempts = call.attempts + tries
    tx.hint("call")


def key_expired(tx: Transaction, call: Call) -> bool:
    """Tell whether the provider may have forgotten the key of a call that may have been made."""
    return bool(call.first_started_at and tx.now - call.first_started_at > KEY_LIVES)


def worn_out(call: Call) -> bool:
    """Tell whether so many workers fell silent over a held call that it must not have another."""
    return call.attempts > call.max_attempts + MOST_SILENCES


def note_error(call: Call, code: str, message: str) -> None:
    """Keep why the last try failed."""
    call.error_code, call.error_message = code, in_a_line(message)


def void(tx: Transaction, calls: Iterable[Call]) -> None:
    """Drop calls that are no longer wanted; a worker that holds one finds it gone."""
    for call in calls:
        finish(tx, call, CallStatus.VOID)


def open_calls(
    tx: Transaction, task_id: uuid.UUID, *, follow_up_id: uuid.UUID | None = None
) -> Sequence[Call]:
    """Lock and return the unfinished calls of a task, or of one of its follow-ups only."""
    query = sa.select(Call).where(
        Call.workspace_id == tx.workspace_id,
        Call.task_id == task_id,
        Call.status.in_(OPEN_CALL),
    )
    if follow_up_id is not None:
        query = query.where(Call.follow_up_id == follow_up_id)
    return tx.scalars(query.with_for_update().execution_options(populate_existing=True)).all()


def pending(tx: Transaction) -> int:
    """Count the calls that are still to be made or in flight."""
    return (
        tx.scalar(
            sa.select(sa.func.count())
            .select_from(Call)
            .where(Call.workspace_id == tx.workspace_id, Call.status.in_(OPEN_CALL))
        )
        or 0
    )


def _is_due(now: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(
        sa.and_(Call.status == CallStatus.PLANNED, Call.available_at <= now),
        sa.and_(Call.status == CallStatus.STARTED, Call.lease_until < now),
    )
