"""Follower: reads one workspace's new rows, once for all who watch it."""

import asyncio
import uuid
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from runtime.db import Transaction
from runtime.logs import get_logger

POLL_SECONDS = 1.0
MEMORY = 2_000
"""Rows a follower remembers; who lags further reads the table."""
BATCH = 500

Run = Callable[[uuid.UUID, Callable[[Transaction], Any]], Awaitable[Any]]
Placed = tuple[int, Any]
"""A row and its position; positions have no gaps."""
log = get_logger(__name__)


class Follower(ABC):
    """One reader of the table, and the short memory that its watchers read from."""

    def __init__(self, run: Run, workspace_id: uuid.UUID) -> None:
        self._run = run
        self._workspace_id = workspace_id
        self._remembered: deque[Placed] = deque(maxlen=MEMORY)
        self._woken = asyncio.Event()
        self._moved = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.position: int | None = None
        self.watchers = 0
        self.closed = False

    def begin(self) -> None:
        """Start to read."""
        self._task = asyncio.create_task(self._follow())
        self._task.add_done_callback(self._ended)

    def close(self) -> None:
        """Read no more, and end the streams of those who watch."""
        self.closed = True
        if self._task:
            self._task.cancel()
        self._tell()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self.close()
        if not task.cancelled() and (error := task.exception()):
            log.error("feed.follower_died", exc_info=error)

    def wake(self) -> None:
        """Look now instead of at the next poll."""
        self._woken.set()

    async def rows(self, after: int | None) -> AsyncGenerator[list[Any], None]:
        """Yield what lies behind a position, then what is new, until the follower closes."""
        await self._beyond(-1)
        position = self.position if after is None else after
        while position is not None and not self.closed:
            placed = self._since(position)
            if placed is None:
                placed = await self._read(self._older(position))
            if placed:
                position = placed[-1][0]
                yield [row for _, row in placed]
            else:
                await self._beyond(position)

    def _older(self, position: int) -> Callable[[Transaction], Sequence[Placed]]:
        return lambda tx: self.older(tx, position)

    def _since(self, position: int) -> Sequence[Placed] | None:
        newest = -1 if self.position is None else self.position
        if position == newest:
            return []
        if position > newest or not self._remembered or self._remembered[0][0] > position + 1:
            return None
        first = self._remembered[0][0]
        return [self._remembered[n] for n in range(position + 1 - first, len(self._remembered))]

    async def _beyond(self, position: int) -> None:
        while not self.closed and (self.position is None or self.position <= position):
            await self._moved.wait()

    async def _follow(self) -> None:
        while True:
            rows = await self._read(self._look)
            if self.outdates(rows):
                self._remembered.clear()
            self._remembered.extend(rows)
            if rows:
                self.position = rows[-1][0]
            self._tell()
            if len(rows) < BATCH:
                await self._pause()

    async def _read(self, work: Callable[[Transaction], Sequence[Placed]]) -> Sequence[Placed]:
        """Read rows, when the database answers: what happens while it is away stays a row."""
        while not self.closed:
            try:
                rows: Sequence[Placed] = await self._run(self._workspace_id, work)
            except SQLAlchemyError as error:
                log.warning("feed.read_failed", error=type(error).__name__)
                await asyncio.sleep(POLL_SECONDS)
            else:
                return rows
        return ()

    def _look(self, tx: Transaction) -> Sequence[Placed]:
        if self.position is None:
            self.position = self.start(tx)
            return ()
        return self.newer(tx, self.position)

    def _tell(self) -> None:
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self._woken.wait()
        except TimeoutError:
            pass
        self._woken.clear()

    def outdates(self, rows: Sequence[Placed]) -> bool:  # noqa: ARG002 - most rows never change
        """Say whether what is remembered has to be read again because of new rows."""
        return False

    @abstractmethod
    def start(self, tx: Transaction) -> int:
        """Return the position of the newest row."""

    @abstractmethod
    def newer(self, tx: Transaction, position: int) -> Sequence[Placed]:
        """Return the next rows that were not read yet, at most BATCH."""

    @abstractmethod
    def older(self, tx: Transaction, position: int) -> Sequence[Placed]:
        """Return the rows behind a position that is no longer remembered."""
