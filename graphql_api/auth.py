"""Auth: who is at the door.

A bearer token, or the session cookie of a browser that a page of ours sent.  A token
is looked up each time, so a revoked one is worth nothing at the next request; an open
socket is asked again every few seconds.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from time import monotonic
from typing import Any

from starlette.requests import HTTPConnection
from starlette.responses import Response

from graphql_api import limits
from graphql_api.context import Caller, Services
from graphql_api.http import comes_from_us, refusal
from runtime.crm import tokens

Stream = Callable[[], AsyncGenerator[str, None]]
SESSION_COOKIE = "rapport_session"


class TurnedAway(Exception):
    """Nobody we know, or not from where they should come."""

    def __init__(self, response: Response) -> None:
        self.response = response
        super().__init__(response.status_code)


@dataclass(frozen=True)
class Doorkeeper:
    """Looks at tokens and cookies, on a thread."""

    services: Services

    async def admit(self, connection: HTTPConnection) -> Caller:
        """Return who makes this request; TurnedAway holds the answer to give otherwise."""
        scheme, _, token = connection.headers.get("authorization", "").partition(" ")
        if not token and SESSION_COOKIE in connection.cookies:
            return await self._admit_session(connection)
        caller = await self.look_up(token.strip()) if scheme.lower() == "bearer" else None
        return caller or _unknown()

    async def admit_socket(
        self, connection: HTTPConnection, params: dict[str, Any] | None
    ) -> Caller:
        """Return who opened this socket, by its ``connection_init`` or by cookie."""
        given = (params or {}).get("authorization") or (params or {}).get("Authorization")
        if given is None:
            return await self.admit(connection)
        scheme, _, token = str(given).partition(" ")
        caller = await self.look_up(token.strip()) if scheme.lower() == "bearer" else None
        return caller or _unknown()

    def while_admitted(self, connection: HTTPConnection, stream: Stream) -> Stream:
        """Return the stream, ended when the caller's token does; its heartbeats see to that."""

        async def guarded() -> AsyncGenerator[str, None]:
            looked_at = monotonic()
            async with aclosing(stream()) as parts:
                async for part in parts:
                    if monotonic() - looked_at > limits.RECHECK_SECONDS:
                        looked_at = monotonic()
                        if not await self._still_admitted(connection):
                            return
                    yield part

        return guarded

    async def _still_admitted(self, connection: HTTPConnection) -> bool:
        try:
            await self.admit(connection)
        except TurnedAway:
            return False
        return True

    async def look_up(self, token: str) -> Caller | None:
        """Return whose token this is, if it is good now."""
        viewer = await self.services.off_loop(tokens.viewer, self.services.db, token)
        return Caller(viewer, token) if viewer else None

    async def _admit_session(self, connection: HTTPConnection) -> Caller:
        if not comes_from_us(connection, self.services.settings.public_url):
            text = "A session works from our own pages only; elsewhere use a bearer token."
            raise TurnedAway(refusal(403, "FOREIGN_ORIGIN", text))
        return await self.look_up(connection.cookies[SESSION_COOKIE]) or _unknown()


def _unknown() -> Caller:
    text = "Send a valid token: Authorization: Bearer <token>."
    challenge = {"www-authenticate": 'Bearer realm="rapport"'}
    raise TurnedAway(refusal(401, "UNAUTHENTICATED", text, challenge))
