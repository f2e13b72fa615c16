"""Timers: later.  A timer is a message with a due time; firing posts it and removes the row.

One name holds one timer of an agent: setting it again moves it.  Whoever fires,
and however often, the message is posted once: its key is the timer's id and generation.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from runtime import mailbox
from runtime.db import Transaction
from runtime.messages import Said
from runtime.models import Agent, AgentKind, Priority, Task, Timer, new_id


def remind(
    tx: Transaction, agent: AgentKind, name: str, due_at: datetime, said: Said, *, task: Task | None
) -> None:
    """Have ``said`` posted to the agent at ``due_at``; replaces a timer of this name."""
    fields = {
        "due_at": due_at,
        "type": said.type,
        "body": said.to_json(),
        "task_id": task.id if task else None,
        "priority": task.priority if task else Priority.NORMAL,
        "correlation_id": task.correlation_id if task else new_id(),
    }
    statement = insert(Timer).values(
        workspace_id=tx.workspace_id,
        id=new_id(),
        agent_id=mailbox.address(tx, agent),
        name=name,
        **fields,
    )
    tx.execute(
        statement.on_conflict_do_update(
            index_elements=[Timer.workspace_id, Timer.agent_id, Timer.name],
            set_={**fields, "generation": Timer.generation + 1},
        )
    )
    tx.hint("timer")


def forget(tx: Transaction, agent: AgentKind, *names: str) -> None:
    """Remove timers; those that are not there are no matter."""
    tx.execute(
        sa.delete(Timer).where(
            Timer.workspace_id == tx.workspace_id,
            Timer.agent_id == mailbox.address(tx, agent),
            Timer.name.in_(names),
        )
    )


def named(tx: Transaction, agent: AgentKind, name: str) -> list[uuid.UUID]:
    """Return the ids of an agent's timer of this name: one, or none."""
    query = sa.select(Timer.id).where(
        Timer.workspace_id == tx.workspace_id,
        Timer.agent_id == mailbox.address(tx, agent),
        Timer.name == name,
    )
    return list(tx.scalars(query))


def due_at(tx: Transaction, agent: AgentKind, name: str) -> datetime | None:
    """Return when an agent's timer of this name fires; None if there is none."""
    return tx.scalar(
        sa.select(Timer.due_at).where(
            Timer.workspace_id == tx.workspace_id,
            Timer.agent_id == mailbox.address(tx, agent),
            Timer.name == name,
        )
    )


def due(
    connection: sa.Connection, before: datetime, limit: int
) -> list[tuple[uuid.UUID, uuid.UUID, datetime]]:
    """Return (workspace, id, due_at) of the timers due before a time, soonest first.

    Runs under ``Database.dispatch``.
    """
    rows = connection.execute(
        sa.select(Timer.workspace_id, Timer.id, Timer.due_at)
        .where(Timer.due_at <= before)
        .order_by(Timer.due_at)
        .limit(limit)
    )
    return [(row.workspace_id, row.id, row.due_at) for row in rows]


def fire(
    tx: Transaction, ids: Sequence[uuid.UUID] | None = None, *, limit: int = 200
) -> list[Timer]:
    """Post the messages of the timers that are due, of all or of ``ids``; return those fired."""
    query = (
        sa.select(Timer)
        .where(Timer.workspace_id == tx.workspace_id, Timer.due_at <= tx.now)
        .order_by(Timer.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    if ids is not None:
        query = query.where(Timer.id.in_(ids))
    timers = list(tx.scalars(query))
    for timer in timers:
        _post(tx, timer)
    if timers:
        tx.execute(
            sa.delete(Timer)
            .where(
                Timer.workspace_id == tx.workspace_id, Timer.id.in_([timer.id for timer in timers])
            )
            .execution_options(synchronize_session=False)
        )
    return timers


def _post(tx: Transaction, timer: Timer) -> None:
    kind = tx.scalars(
        sa.select(Agent.kind).where(
            Agent.workspace_id == tx.workspace_id, Agent.id == timer.agent_id
        )
    ).one()
    # Not looked into: one that this release does not know must not hold up all the others.
    mailbox.forward(
        tx,
        timer.type,
        timer.body,
        to=kind,
        sender=mailbox.SYSTEM,
        task=tx.find(Task, timer.task_id) if timer.task_id else None,
        correlation_id=timer.correlation_id,
        dedup_key=f"timer:{timer.id}:{timer.generation}",
    )
