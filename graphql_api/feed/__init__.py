"""Feed: what happens, from the rows to the sockets.

One follower per workspace that somebody watches reads new rows once, for all its
sockets, woken by notices and by a poll (``follower``, ``kinds``).  A subscriber holds
nothing but a position: it takes what lies behind it from the follower's short memory,
or from the table when it has fallen further back.  So a slow consumer costs no memory
and misses nothing.
"""

import asyncio
import uuid
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

from graphql_api.feed.follower import Follower, Run
from graphql_api.feed.kinds import EventFollower, MessageFollower
from runtime.notifier import Hint

__all__ = ["EventFollower", "Feed", "Follower", "MessageFollower"]


class Feed:
    """All followers of this process; lives on its event loop."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._followers: dict[tuple[type[Follower], uuid.UUID], Follower] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False

    def start(self) -> None:
        """Belong to the running loop; notices from other threads are handed to it."""
        self._loop = asyncio.get_running_loop()

    def notice(self, hint: Hint) -> None:
        """Take a notice, from any thread."""
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake, hint.workspace_id)

    def close(self) -> None:
        """End all subscriptions, for good; each is told by the end of its stream."""
        self._closed = True
        for follower in self._followers.values():
            follower.close()

    @property
    def watchers(self) -> int:
        """Return how many subscriptions are open."""
        return sum(follower.watchers for follower in self._followers.values())

    async def rows(
        self, kind: type[Follower], workspace_id: uuid.UUID, after: int | None = None
    ) -> AsyncGenerator[list[Any], None]:
        """Yield what is new in a workspace, in order, a few rows at a time.

        From now on, or from behind the position ``after``: nothing missed, nothing twice.
        """
        async with (
            self._watch(kind, workspace_id) as follower,
            aclosing(follower.rows(after)) as rows,
        ):
            async for batch in rows:
                yield batch

    def _wake(self, workspace_id: uuid.UUID | None) -> None:
        for (_, watched), follower in self._followers.items():
            if workspace_id in (None, watched):
                follower.wake()

    @asynccontextmanager
    async def _watch(
        self, kind: type[Follower], workspace_id: uuid.UUID
    ) -> AsyncIterator[Follower]:
        """Hold the workspace's follower, begun by the first who watches, ended by the last."""
        name = (kind, workspace_id)
        follower = self._followers.get(name)
        if follower is None or follower.closed:
            follower = self._followers[name] = kind(self._run, workspace_id)
            if self._closed:
                follower.close()
            else:
                follower.begin()
        follower.watchers += 1
        try:
            yield follower
        finally:
            follower.watchers -= 1
            if not follower.watchers:
                follower.close()
                if self._followers.get(name) is follower:
                    del self._followers[name]
