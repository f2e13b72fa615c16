"""HTTP: what holds for every request, before anybody looks at what it wants.

Three plain ASGI layers, so that streams stay streams: a body has a size and a
deadline, an answer has its security headers, and a request has one id that its log
lines, its messages and its error texts share.
"""

import asyncio
import re
from collections.abc import Mapping
from uuid import uuid4

import orjson
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from strawberry.http.websocket_origin import is_same_origin, normalize_origin

from graphql_api import limits
from runtime.logs import bound_contextvars, get_logger

log = get_logger(__name__)

_REQUEST_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.ASCII)
SECURITY_HEADERS = {
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


def refusal(
    status: int, code: str, message: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Return an HTTP error in the shape of a GraphQL one, which clients already read."""
    body = {"errors": [{"message": message, "extensions": {"code": code}}]}
    return Response(orjson.dumps(body), status, headers, "application/json; charset=utf-8")


def comes_from_us(connection: HTTPConnection, public_url: str | None) -> bool:
    """Say whether the browser swears that a page of ours made this request.

    A session cookie goes wherever the browser is sent, so by itself it proves nothing.
    """
    origin = connection.headers.get("origin")
    if origin is None:
        return connection.headers.get("sec-fetch-site") == "same-origin"
    if is_same_origin(origin, connection.headers.get("host")):
        return True
    return public_url is not None and normalize_origin(origin) == normalize_origin(public_url)


class TooLarge(Exception):
    """The body went past its limit, or did not arrive in time."""

    def __init__(self, response: Response) -> None:
        self.response = response
        super().__init__(response.status_code)


class Edge:
    """Gives a request its id and its answer the headers; caps what may be read of it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or socket; anything but those passes through."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else str(uuid4())
        scope.setdefault("state", {})["request_id"] = request_id
        answer = _Answer(send, request_id)
        with bound_contextvars(correlation_id=request_id):
            try:
                body = receive if scope["type"] == "websocket" else _Body(scope, receive).receive
                await self._app(scope, body, answer.send)
            except TooLarge as refused:
                if not answer.started:
                    await refused.response(scope, receive, answer.send)
            except ClientDisconnect:  # whoever left while they asked waits for no answer
                log.debug("door.caller_left")


class _Answer:
    """Adds the headers every answer has."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._request_id = request_id
        self.started = False

    async def send(self, message: Message) -> None:
        if message["type"] in ("http.response.start", "websocket.http.response.start"):
            self.started = True
            headers = MutableHeaders(scope=message)
            headers["x-request-id"] = self._request_id
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("cache-control", "no-store")
        await self._send(message)


class _Body:
    """Counts a body as it arrives.

    Nothing is read that nobody asked for: a caller without a token is turned away first.
    """

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self._receive = receive
        self._left = limits.BODY_BYTES
        self._ends_at = asyncio.get_running_loop().time() + limits.BODY_SECONDS
        self._done = False
        self._headers = Headers(scope=scope)

    async def receive(self) -> Message:
        if self._done:  # from here on a server only tells of the caller's leaving
            return await self._receive()
        self._check_promises()
        try:
            async with asyncio.timeout_at(self._ends_at):
                message = await self._receive()
        except TimeoutError:
            slow = f"The body took longer than {limits.BODY_SECONDS:.0f} s to arrive."
            raise TooLarge(refusal(408, "TIMEOUT", slow, {"connection": "close"})) from None
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise _too_large()
        self._done = message["type"] != "http.request" or not message.get("more_body")
        return message

    def _check_promises(self) -> None:
        if self._headers.get("content-encoding", "identity") != "identity":
            raise TooLarge(refusal(415, "UNSUPPORTED_ENCODING", "Send the body uncompressed."))
        promised = self._headers.get("content-length", "")
        if promised.isdecimal() and int(promised[:12]) > limits.BODY_BYTES:
            raise _too_large()


def _too_large() -> TooLarge:
    text = f"A request may hold {limits.BODY_BYTES // 1024 // 1024} MiB; send less at once."
    return TooLarge(refusal(413, "PAYLOAD_TOO_LARGE", text, {"connection": "close"}))
