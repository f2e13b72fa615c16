"""View: a request becomes an operation, and its result an answer.

Strawberry's view with the rest of the GraphQL-over-HTTP specification: the media type
is negotiated, a request that could not be run has no ``data`` and, for clients that
read it, a 400; errors outside GraphQL have the shape of those inside.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import orjson
from cross_web import HTTPException
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.http import GraphQLHTTPResponse
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL, GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError

from graphql_api import limits
from graphql_api.auth import Doorkeeper, TurnedAway
from graphql_api.context import Context, Services
from graphql_api.http import refusal
from graphql_api.metrics import Metrics
from graphql_api.schema import schema
from graphql_api.socket import SocketAdapter, SocketHandler
from runtime.logs import get_logger

log = get_logger(__name__)
GRAPHQL_JSON = "application/graphql-response+json"


class View(GraphQL[Context, None]):
    """``/graphql`` over HTTP, WebSocket and server-sent events."""

    websocket_adapter_class = SocketAdapter
    graphql_transport_ws_handler_class = SocketHandler

    def __init__(self, services: Services, metrics: Metrics) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL, GRAPHQL_SSE_PROTOCOL),
            connection_init_wait_timeout=timedelta(seconds=limits.INIT_SECONDS),
            max_subscriptions_per_connection=limits.SUBSCRIPTIONS_PER_SOCKET,
        )
        self._services, self._metrics = services, metrics
        self.doorkeeper = Doorkeeper(services)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request or a socket."""
        if scope["type"] == "websocket":
            await self.run(WebSocket(scope, receive, send))
            return
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        try:
            return await self.run(request)
        except TurnedAway as away:
            return away.response
        except HTTPException as error:
            return _refused(request, error)
        except SQLAlchemyError:
            log.exception("door.database_away")
            text = "The database does not answer; try again in a moment."
            return refusal(503, "UNAVAILABLE", text, {"retry-after": "2"})

    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> Context:
        """Return the context of a request whose caller is known, or of a socket's that is not yet.

        Strawberry asks before it reads the body: a stranger's is never read.
        """
        context = Context(self._services, request, self._metrics)
        if isinstance(request, Request):
            context.admitted = await self.doorkeeper.admit(request)
            if isinstance(response, Response):
                response.headers["content-type"] = _media_type(request)
        return context

    async def on_ws_connect(self, context: Context) -> None:
        """Let a socket in by its ``connection_init`` or its cookie."""
        try:
            context.admitted = await self.doorkeeper.admit_socket(
                context.connection, context.connection_params
            )
        except TurnedAway:
            raise ConnectionRejectionError from None

    def is_websocket_origin_allowed(self, request: WebSocket, origin: str) -> bool:  # noqa: ARG002 - Strawberry's signature
        """Allow any: a foreign page has no token of ours, and a cookie counts by its Origin."""
        return True

    def should_render_graphql_ide(self, request: Any) -> bool:  # noqa: ARG002 - Strawberry's signature
        """Never: the dashboard is the house's own page."""
        return False

    def decode_json(self, data: str | bytes) -> object:
        """Read JSON; what is nested without end is malformed, not a crash."""
        return orjson.loads(data)

    def parse_json(self, data: str | bytes) -> Any:
        """Read the JSON of a body, which is an object, or of a parameter, which may be anything."""
        value = super().parse_json(data)
        if isinstance(data, bytes) and not isinstance(value, dict | list):
            raise HTTPException(400, "The body must be a JSON object.")
        return value

    def encode_json(self, data: object) -> bytes:
        """Write JSON."""
        return orjson.dumps(data)

    async def process_result(
        self, request: Request, result: ExecutionResult
    ) -> GraphQLHTTPResponse:
        """Leave ``data`` out of the answer to a request that was not run."""
        answer = await super().process_result(request, result)
        if _never_ran(result):
            del answer["data"]
        return answer

    def create_response(
        self, response_data: GraphQLHTTPResponse | list[Any], sub_response: Response
    ) -> Response:
        """Answer in the media type that was asked for; in the newer one errors have a status."""
        media_type = sub_response.headers["content-type"]
        refused = "data" not in response_data and media_type.startswith(GRAPHQL_JSON)
        return Response(
            self.encode_json(response_data), 400 if refused else 200, media_type=media_type
        )

    async def create_streaming_response(
        self,
        request: Request | WebSocket,
        stream: Any,
        sub_response: Response,
        headers: Mapping[str, str],
    ) -> Response:
        """Stream events to whoever opened the stream, as long as they may see them."""
        del sub_response.headers["content-type"]
        guarded = self.doorkeeper.while_admitted(request, stream)
        return await super().create_streaming_response(request, guarded, sub_response, headers)


def _refused(request: Request, error: HTTPException) -> Response:
    """Answer what was no operation, in Strawberry's words but with the status they call for."""
    if error.status_code == 405:
        return refusal(405, "METHOD_NOT_ALLOWED", error.reason, {"allow": "GET, POST"})
    if error.reason == "Unsupported content type":
        text = "Send the request as application/json."
        return refusal(415, "UNSUPPORTED_MEDIA_TYPE", text)
    if request.method == "GET" and error.reason.endswith("are not allowed when using GET"):
        return refusal(405, "METHOD_NOT_ALLOWED", error.reason, {"allow": "POST"})
    return refusal(error.status_code, "BAD_REQUEST", error.reason)


def _never_ran(result: ExecutionResult) -> bool:
    """Say whether a request ended before its first resolver: unparsed, invalid, not coerced."""
    if isinstance(result, PreExecutionError):
        return True
    return result.data is None and not any(error.path for error in result.errors or ())


def _media_type(request: Request) -> str:
    newer = GRAPHQL_JSON in request.headers.get("accept", "").lower()
    return f"{GRAPHQL_JSON if newer else 'application/json'}; charset=utf-8"
