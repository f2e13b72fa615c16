"""Socket: the WebSocket side of the door.

Strawberry's handler of graphql-transport-ws, made safe against frames that are not
messages, and tokens that end while their socket lives.  A consumer that reads slowly is
waited for and costs nothing meanwhile (``feed``); one that reads no more answers no ping
either, and the server closes its socket.
"""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from sqlalchemy.exc import SQLAlchemyError
from starlette.websockets import WebSocketDisconnect, WebSocketState
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
    Operation,
)

from graphql_api import limits
from graphql_api.auth import Doorkeeper
from graphql_api.context import Context
from runtime.logs import bound_contextvars, get_logger

log = get_logger(__name__)


class SocketAdapter(ASGIWebSocketAdapter):
    """Sends text frames, and takes a socket that closed under its hands for what it is."""

    async def send_json(self, message: Mapping[str, object]) -> None:
        """Send one message, when the consumer has taken those before."""
        if self.ws.application_state is not WebSocketState.CONNECTED:
            raise WebSocketDisconnected
        try:
            await self.ws.send_text(self.view.encode_json_string(message))
        except WebSocketDisconnect as error:
            raise WebSocketDisconnected from error

    async def close(self, code: int, reason: str) -> None:
        """Close once; a socket that is closed already stays so."""
        if self.ws.application_state is WebSocketState.CONNECTED:
            await super().close(code, reason)


class SocketHandler(BaseGraphQLTransportWSHandler[Context, None]):
    """Handles one socket."""

    _watch: asyncio.Task[None] | None = None

    async def handle_message(self, message: Any) -> None:
        """Handle what is a message; close on anything else, as the protocol says."""
        if not _is_message(message):
            await self.handle_invalid_message("Failed to parse message")
            return
        await super().handle_message(message)

    async def handle_connection_init(self, message: Any) -> None:
        """Let the socket in, and from then on see that its token is still good."""
        if message.get("payload") is None:
            message = {**message, "payload": {}}
        await super().handle_connection_init(message)
        if self.connection_acknowledged and self._watch is None:
            self._watch = asyncio.create_task(self._see_that_admitted())

    async def run_operation(self, operation: Operation[Context, None]) -> None:
        """Run an operation under an id of its own, if the caller may still do so."""
        with bound_contextvars(correlation_id=str(uuid4())):
            if await self._admitted():
                await super().run_operation(operation)

    async def handle_task_exception(self, error: Exception) -> None:
        """Log what went wrong in an operation; that its consumer left is no fault."""
        if not isinstance(error, WebSocketDisconnected):
            log.error("socket.operation_failed", exc_info=error)

    async def shutdown(self) -> None:
        """End what the socket left running."""
        if self._watch:
            self._watch.cancel()
        await super().shutdown()

    async def _see_that_admitted(self) -> None:
        while await self._admitted():  # noqa: ASYNC110 - a token's end comes with no event
            await asyncio.sleep(limits.RECHECK_SECONDS)

    async def _admitted(self) -> bool:
        """Look again whether the caller's token is good, and close if not.

        While the database is away nobody can tell, and nothing can be read either.
        """
        try:
            caller = await Doorkeeper(self.context.services).look_up(self.context.caller.key)
        except SQLAlchemyError:
            return True
        self.context.admitted = caller or self.context.admitted
        if caller is None:
            await self.websocket.close(4403, "Forbidden")
        return caller is not None


def _is_message(message: object) -> bool:
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return False
    if message["type"] == "subscribe":
        payload = message.get("payload")
        return (
            isinstance(message.get("id"), str)
            and isinstance(payload, dict)
            and isinstance(payload.get("query"), str)
            and isinstance(payload.get("variables"), dict | None)
            and isinstance(payload.get("operationName"), str | None)
        )
    return message["type"] != "complete" or isinstance(message.get("id"), str)
