"""Throughput: how many messages agents handled, hour by hour."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from runtime.db import Transaction
from runtime.models import Message, MessageStatus

HOUR = timedelta(hours=1)
FAILED = (MessageStatus.DEAD, MessageStatus.DISCARDED)
"""Messages that could not be handled, whatever a person then did about them but replay them."""


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of an agent's work: what was handled in it, and what became a dead letter."""

    since: datetime
    handled: int = 0
    failed: int = 0


def of_agents(tx: Transaction, agents: Sequence[uuid.UUID], hours: int) -> list[list[Hour]]:
    """Return of each agent the last ``hours``, the oldest first; the last is the one running.

    Hours are those of the clock in UTC; one in which nothing happened is there, with zeros.
    """
    last = tx.now.replace(minute=0, second=0, microsecond=0)
    begins = [last - n * HOUR for n in reversed(range(hours))]
    found = _found(tx, agents, begins[0])
    return [[found[agent].get(at, Hour(at)) for at in begins] for agent in agents]


def _found(
    tx: Transaction, agents: Sequence[uuid.UUID], since: datetime
) -> dict[uuid.UUID, dict[datetime, Hour]]:
    at = sa.func.date_bin(HOUR, Message.handled_at, since).label("at")
    done = sa.func.count().filter(Message.status == MessageStatus.DONE)
    failed = sa.func.count().filter(Message.status.in_(FAILED))
    rows = tx.execute(
        sa.select(Message.recipient_id, at, done, failed)
        .where(
            Message.workspace_id == tx.workspace_id,
            Message.recipient_id.in_(agents),
            Message.handled_at >= since,
        )
        .group_by(Message.recipient_id, sa.text("at"))
    )
    found: dict[uuid.UUID, dict[datetime, Hour]] = defaultdict(dict)
    for agent, hour, *counts in rows:
        found[agent][hour] = Hour(hour, *counts)
    return found
