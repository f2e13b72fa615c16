"""The two kinds of followers: of events, of messages."""

import uuid
from collections import deque
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from graphql_api.errors import BadInput
from graphql_api.feed.follower import BATCH, Follower, Placed, Run
from runtime import events
from runtime.db import Transaction
from runtime.errors import Retry
from runtime.models import Message

LATE_SECONDS = 10.0
"""How long after it took its id a message may become visible."""


class EventFollower(Follower):
    """Follows events, whose numbers have no gaps: a position is an event's number."""

    def start(self, tx: Transaction) -> int:
        """Return the newest event's number."""
        return events.newest(tx)

    def newer(self, tx: Transaction, position: int) -> Sequence[Placed]:
        """Return the events after the last one read."""
        return [(event.seq, event) for event in events.after(tx, position, limit=BATCH)]

    def outdates(self, rows: Sequence[Placed]) -> bool:
        """Say whether somebody was erased: older events have lost their words since."""
        return any(event.type == "contact.erased" for _, event in rows)

    def older(self, tx: Transaction, position: int) -> Sequence[Placed]:
        """Return the events after any other; CursorExpired if they are no longer kept."""
        if position > events.newest(tx):
            raise BadInput("There is no such event here.", "after")
        return self.newer(tx, position)


class FellBehind(Retry):
    """You read more slowly than messages are posted: subscribe again, and list what you missed."""

    code = "FELL_BEHIND"


class MessageFollower(Follower):
    """Follows messages, whose ids may become visible out of order: a position counts them.

    Each look goes back over the ids of the last seconds, and past those it has shown.
    """

    def __init__(self, run: Run, workspace_id: uuid.UUID) -> None:
        super().__init__(run, workspace_id)
        self._shown: deque[tuple[float, int]] = deque()
        self._floor = 0

    def start(self, tx: Transaction) -> int:
        """Begin behind the newest message, at position 0."""
        newest = sa.select(sa.func.max(Message.id)).where(Message.workspace_id == tx.workspace_id)
        self._floor = tx.scalar(newest) or 0
        return 0

    def newer(self, tx: Transaction, position: int) -> Sequence[Placed]:
        """Return the messages that became visible since the last look."""
        self._forget(tx.now.timestamp() - LATE_SECONDS)
        shown = sa.literal([id_ for _, id_ in self._shown], ARRAY(sa.BigInteger))
        rows = tx.scalars(
            sa.select(Message)
            .where(
                Message.workspace_id == tx.workspace_id,
                Message.id > self._floor,
                Message.id != sa.all_(shown),
            )
            .order_by(Message.id)
            .limit(BATCH)
        ).all()
        self._shown.extend((tx.now.timestamp(), row.id) for row in rows)
        return list(enumerate(rows, position + 1))

    def older(self, tx: Transaction, position: int) -> Sequence[Placed]:  # noqa: ARG002 - there is no table of positions to read
        """Refuse: where a watcher was is not written in any row."""
        raise FellBehind

    def _forget(self, before: float) -> None:
        while self._shown and self._shown[0][0] < before:
            self._floor = max(self._floor, self._shown.popleft()[1])
