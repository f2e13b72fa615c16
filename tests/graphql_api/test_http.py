"""What holds for every request, whatever it wants."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from graphql_api import limits
from graphql_api.http import Edge, comes_from_us


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    body = await Request(scope, receive).body()
    await PlainTextResponse(str(len(body)))(scope, receive, send)


async def deaf(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("go away", 401)(scope, receive, send)


def ask(app: Any, talk: Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]) -> httpx.Response:
    async def run() -> httpx.Response:
        transport = httpx.ASGITransport(Edge(app))
        async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
            return await talk(client)

    return asyncio.run(run())


def test_an_answer_carries_the_security_headers_and_its_id() -> None:
    answer = ask(echo, lambda client: client.post("/", content=b"12345"))
    assert answer.text == "5"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert len(answer.headers["x-request-id"]) == 36


def test_a_request_keeps_a_well_formed_id_and_loses_any_other() -> None:
    mine = "0198c0de-0000-7000-8000-000000000001"
    kept = ask(echo, lambda client: client.post("/", headers={"x-request-id": mine}))
    lost = ask(echo, lambda client: client.post("/", headers={"x-request-id": "a\tb"}))
    assert kept.headers["x-request-id"] == mine
    assert lost.headers["x-request-id"] != "a\tb"


def test_a_body_that_promises_too_much_is_refused_unread() -> None:
    headers = {"content-length": str(limits.BODY_BYTES + 1)}
    answer = ask(echo, lambda client: client.post("/", content=b"x", headers=headers))
    assert answer.status_code == 413
    assert answer.json()["errors"][0]["extensions"]["code"] == "PAYLOAD_TOO_LARGE"


def test_a_body_that_grows_too_large_on_the_way_is_refused() -> None:
    async def parts() -> AsyncIterator[bytes]:
        for _ in range(limits.BODY_BYTES // 65_536 + 1):
            yield b"x" * 65_536

    answer = ask(echo, lambda client: client.post("/", content=parts()))
    assert answer.status_code == 413


def test_a_body_nobody_asked_for_is_not_read() -> None:
    headers = {"content-length": str(limits.BODY_BYTES + 1)}
    answer = ask(deaf, lambda client: client.post("/", content=b"x", headers=headers))
    assert answer.status_code == 401


def test_a_compressed_body_is_refused() -> None:
    headers = {"content-encoding": "gzip"}
    answer = ask(echo, lambda client: client.post("/", content=b"x", headers=headers))
    assert answer.status_code == 415


def test_a_body_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BODY_SECONDS", 0.01)

    async def trickle() -> AsyncIterator[bytes]:
        yield b"x"
        await asyncio.Event().wait()

    answer = ask(echo, lambda client: client.post("/", content=trickle()))
    assert answer.status_code == 408


def test_a_caller_who_leaves_amid_their_body_is_no_fault_of_ours() -> None:
    begun: Message = {"type": "http.request", "body": b"{", "more_body": True}
    coming = iter([begun, {"type": "http.disconnect"}])
    sent: list[Message] = []

    async def receive() -> Message:
        return next(coming)

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(Edge(echo)({"type": "http", "headers": []}, receive, send))
    assert sent == []


def connection(**headers: str) -> HTTPConnection:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return HTTPConnection({"type": "http", "headers": raw})


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"host": "a.example:8000", "origin": "http://a.example:8000"}, True),
        ({"host": "inside", "origin": "https://rapport.example"}, True),
        ({"host": "inside", "origin": "https://rapport.example:444"}, False),
        ({"host": "a.example", "sec_fetch_site": "same-origin"}, True),
        ({"host": "a.example", "origin": "https://evil.example"}, False),
        ({"host": "a.example", "origin": "null"}, False),
        ({"host": "a.example", "sec_fetch_site": "same-site"}, False),
        ({"host": "a.example"}, False),
    ],
)
def test_a_cookie_counts_only_from_a_page_of_ours(headers: dict[str, str], ours: bool) -> None:
    assert comes_from_us(connection(**headers), "https://rapport.example:443") is ours
