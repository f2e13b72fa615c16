"""Context: who asks, and what a resolver may use to answer.

A resolver runs on the event loop, where waiting stops every other caller; whatever
touches the database goes through ``Services.read`` or ``Services.run`` onto a thread.
"""

import asyncio
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

import strawberry
from starlette.requests import HTTPConnection
from structlog.contextvars import get_contextvars

from graphql_api.feed import Feed
from graphql_api.loaders import Loaders
from runtime.crm.tokens import Viewer
from runtime.db import Database, Transaction
from runtime.errors import Forbidden
from runtime.models import Role
from runtime.settings import Settings

if TYPE_CHECKING:
    from graphql_api.metrics import Metrics

T = TypeVar("T")


@dataclass(frozen=True)
class Caller:
    """Somebody with a valid token: which workspace, and what they may do in it.

    ``key`` is the token itself, kept to look again whether it is still good.
    """

    viewer: Viewer
    key: str = field(repr=False)

    @property
    def workspace_id(self) -> uuid.UUID:
        """Return the one workspace this caller sees."""
        return self.viewer.workspace_id

    @property
    def name(self) -> str:
        """Return how this caller signs what they do."""
        return self.viewer.name

    def must_be(self, role: Role) -> None:
        """Raise Forbidden unless this caller has the role or a higher one."""
        if not self.viewer.role.may(role):
            mine, needed = (name.value.lower() for name in (self.viewer.role, role))
            above = "" if role is Role.OWNER else " and above"
            raise Forbidden(f"You are here as a {mine}; this is for the role {needed}{above}.")


@dataclass(frozen=True)
class Services:
    """What one process has for all its callers."""

    settings: Settings
    db: Database
    threads: ThreadPoolExecutor
    feed: Feed = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "feed", Feed(self.run))

    async def off_loop(self, work: Callable[..., T], *args: Any) -> T:
        """Do blocking work on a thread, with the log lines still carrying the caller's ids."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.threads, copy_context().run, work, *args)

    async def run(self, workspace_id: uuid.UUID, work: Callable[[Transaction], T]) -> T:
        """Do ``work`` in one transaction of the workspace, on a thread."""
        return await self.off_loop(self.db.run, workspace_id, work)


@dataclass
class Context:
    """One operation's view of the house.

    ``caller`` is empty between a socket's opening and its ``connection_init``.
    """

    services: Services
    connection: HTTPConnection
    metrics: "Metrics"
    admitted: Caller | None = None
    connection_params: dict[str, Any] | None = None
    loaders: Loaders = field(init=False)

    def __post_init__(self) -> None:
        self.loaders = Loaders(self.read)

    @property
    def caller(self) -> Caller:
        """Return who asks."""
        if self.admitted is None:
            raise Forbidden("Say who you are first.")
        return self.admitted

    @property
    def correlation_id(self) -> uuid.UUID:
        """Return the id that this operation's log lines and messages share."""
        return uuid.UUID(get_contextvars()["correlation_id"])

    async def read(self, work: Callable[[Transaction], T]) -> T:
        """Read in the caller's workspace, on a thread."""
        return await self.services.run(self.caller.workspace_id, work)

    def fresh(self) -> "Context":
        """Return the same caller's context for another operation, remembering no row."""
        return replace(self)

    def forget(self) -> None:
        """Drop what was loaded: the next event of a subscription shows rows as they then are."""
        self.loaders = Loaders(self.read)


Info = strawberry.Info[Context, None]
