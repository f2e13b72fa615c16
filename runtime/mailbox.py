"""Mailbox: messages in.  Posted in the sender's transaction, handled once, in order.

Order holds for one sender, recipient and task: a message that waits for another
try holds back the later ones.  Between tasks the more urgent go first, then the older.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from runtime.backoff import full_jitter
from runtime.db import Transaction
from runtime.errors import in_a_line
from runtime.messages import Said
from runtime.models import (
    Agent,
    AgentKind,
    AgentStatus,
    Message,
    MessageStatus,
    Priority,
    Task,
    new_id,
)

MAX_ATTEMPTS = 5

PERSON = "person"
SYSTEM = "system"


def name_of(kind: AgentKind) -> str:
    """Return how an agent of this kind signs its messages."""
    return kind.value.lower()


def address(tx: Transaction, kind: AgentKind) -> uuid.UUID:
    """Return the id of this workspace's agent of a kind; asked once in a transaction."""
    if not tx.team:
        rows = tx.execute(
            sa.select(Agent.kind, Agent.id).where(Agent.workspace_id == tx.workspace_id)
        )
        tx.team.update({row.kind: row.id for row in rows})
    return tx.team[kind]


def post(
    tx: Transaction,
    said: Said,
    *,
    to: AgentKind | None,
    sender: str,
    task: Task | None = None,
    correlation_id: uuid.UUID | None = None,
    causation_id: int | None = None,
    hops: int | None = None,
    dedup_key: str | None = None,
) -> Message | None:
    """Put a message into an agent's mailbox, or (``to=None``) before the people.

    Returns None if one with this ``dedup_key`` was posted before, whatever became of it.
    What is said to people counts as handled: nobody takes a turn for it.
    """
    return forward(
        tx,
        said.type,
        said.to_json(),
        to=to,
        sender=sender,
        task=task,
        correlation_id=correlation_id,
        causation_id=causation_id,
        hops=hops,
        dedup_key=dedup_key,
    )


def forward(
    tx: Transaction,
    type_: str,
    body: dict[str, Any],
    *,
    to: AgentKind | None,
    sender: str,
    task: Task | None = None,
    correlation_id: uuid.UUID | None = None,
    causation_id: int | None = None,
    hops: int | None = None,
    dedup_key: str | None = None,
) -> Message | None:
    """Post, as ``post`` does, what was stored before; only its recipient has to understand it."""
    recipient_id = address(tx, to) if to else None
    fields: dict[str, Any] = {
        "workspace_id": tx.workspace_id,
        "type": type_,
        "sender": sender,
        "recipient": name_of(to) if to else PERSON,
        "recipient_id": recipient_id,
        "body": body,
        "status": MessageStatus.READY if to else MessageStatus.DONE,
        "priority": task.priority if task else Priority.NORMAL,
        "task_id": task.id if task else None,
        "correlation_id": correlation_id or (task.correlation_id if task else new_id()),
        "causation_id": causation_id,
        "hops": _hops(tx, causation_id) if hops is None else hops,
        "dedup_key": dedup_key,
        "available_at": tx.now,
        "sent_at": tx.now,
        "handled_at": None if to else tx.now,
    }
    if recipient_id:
        tx.hint("agent", recipient_id)
    if dedup_key is None:
        message = Message(**fields)
        tx.add(message)
        return message
    return tx.scalars(
        insert(Message).values(fields).on_conflict_do_nothing().returning(Message)
    ).one_or_none()


def _hops(tx: Transaction, causation_id: int | None) -> Any:
    """Return as many hops as its cause has: what the outside answers is no step of its own."""
    if causation_id is None:
        return 0
    cause = sa.select(Message.hops).where(
        Message.workspace_id == tx.workspace_id, Message.id == causation_id
    )
    return sa.func.coalesce(cause.scalar_subquery(), 0)


def ready(
    tx: Transaction, agent_id: uuid.UUID, *, limit: int, up_to: int | None = None
) -> Sequence[int]:
    """Return the ids of the messages to handle next, in order.

    ``up_to``: only those of an unfinished batch.
    """
    earlier = aliased(Message)
    held_back = (
        sa.exists()
        .where(
            earlier.workspace_id == Message.workspace_id,
            earlier.recipient_id == Message.recipient_id,
            earlier.sender == Message.sender,
            earlier.task_id.is_not_distinct_from(Message.task_id),
            earlier.status == MessageStatus.READY,
            earlier.attempts > 0,
            earlier.available_at > tx.now,
            earlier.id < Message.id,
        )
        .correlate(Message)
    )
    query = (
        sa.select(Message.id)
        .where(
            Message.workspace_id == tx.workspace_id,
            Message.recipient_id == agent_id,
            Message.status == MessageStatus.READY,
            Message.available_at <= tx.now,
            ~held_back,
        )
        .order_by(Message.priority, Message.id)
        .limit(limit)
    )
    if up_to is not None:
        query = query.where(Message.id <= up_to)
    return tx.scalars(query).all()


def with_work(
    connection: sa.Connection, now: datetime, limit: int
) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Return (workspace, agent) of mailboxes with something due, the most urgent and oldest first.

    Runs under ``Database.dispatch``.
    """
    rows = connection.execute(
        sa.select(Message.workspace_id, Message.recipient_id)
        .join(Agent, Agent.id == Message.recipient_id)
        .where(
            Agent.workspace_id == Message.workspace_id,
            Agent.status.not_in((AgentStatus.PAUSED, AgentStatus.FAILED)),
            sa.or_(Agent.resume_at.is_(None), Agent.resume_at <= now),
            Message.status == MessageStatus.READY,
            Message.available_at <= now,
        )
        .group_by(Message.workspace_id, Message.recipient_id)
        .order_by(sa.func.min(Message.priority), sa.func.min(Message.id))
        .limit(limit)
    )
    return [(row.workspace_id, row.recipient_id) for row in rows]


def waits_below(tx: Transaction, agent_id: uuid.UUID, up_to: int) -> bool:
    """Tell whether any message up to this id is still to be handled, now or later."""
    return bool(
        tx.scalar(
            sa.select(
                sa.exists().where(
                    Message.workspace_id == tx.workspace_id,
                    Message.recipient_id == agent_id,
                    Message.status == MessageStatus.READY,
                    Message.id <= up_to,
                )
            )
        )
    )


def count_attempt(tx: Transaction, message_id: int) -> Message | None:
    """Count one more try, to be committed *before* the handler runs; None if it is settled.

    A message that kills the process is so counted all the same.
    """
    return tx.scalars(
        sa.update(Message)
        .where(
            Message.workspace_id == tx.workspace_id,
            Message.id == message_id,
            Message.status == MessageStatus.READY,
        )
        .values(attempts=Message.attempts + 1)
        .returning(Message)
    ).one_or_none()


def take(tx: Transaction, ids: Sequence[int]) -> list[Message]:
    """Lock these messages as far as they are still to be handled; return them in this order."""
    rows = tx.scalars(
        sa.select(Message)
        .where(
            Message.workspace_id == tx.workspace_id,
            Message.id.in_(ids),
            Message.status == MessageStatus.READY,
        )
        .with_for_update()
    )
    place = {id_: n for n, id_ in enumerate(ids)}
    return sorted(rows, key=lambda message: place[message.id])


def done(tx: Transaction, ids: Sequence[int]) -> None:
    """Settle messages, in the transaction that holds all their effects."""
    tx.execute(
        sa.update(Message)
        .where(Message.workspace_id == tx.workspace_id, Message.id.in_(ids))
        .values(status=MessageStatus.DONE, handled_at=tx.now, error=None)
        .execution_options(synchronize_session=False)
    )


def failed(tx: Transaction, message: Message, error: str, *, for_good: bool) -> bool:
    """Have a message wait for its next try, or bury it; return whether it is buried."""
    message.error = in_a_line(error)
    if for_good or message.attempts >= MAX_ATTEMPTS:
        message.status = MessageStatus.DEAD
        message.handled_at = tx.now
        return True
    message.available_at = tx.now + _pause(message.attempts)
    return False


def revive(tx: Transaction, message: Message) -> None:
    """Give a dead message all its tries again; it takes its old place in the order."""
    message.status, message.attempts = MessageStatus.READY, 0
    message.available_at, message.handled_at = tx.now, None
    if message.recipient_id:
        tx.hint("agent", message.recipient_id)


def _pause(attempt: int) -> timedelta:
    return timedelta(seconds=full_jitter(attempt, base=0.5, cap=60))


def oldest_ready(tx: Transaction) -> datetime | None:
    """Return when the message that has waited longest became due."""
    return tx.scalar(
        sa.select(sa.func.min(Message.available_at)).where(
            Message.workspace_id == tx.workspace_id,
            Message.status == MessageStatus.READY,
            Message.available_at <= tx.now,
        )
    )
