"""The door as a client sees it: a real server on a real socket, and callers with tokens."""

import contextlib
import itertools
import socket
import threading
from collections.abc import Iterator
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import Any

import httpx
import orjson
from websockets import ConnectionClosed, Subprotocol
from websockets.sync.client import ClientConnection, connect

from graphql_api.__main__ import Server
from graphql_api.app import create_app
from graphql_api.static import FOLDER
from runtime.crm import tokens
from runtime.models import Role
from runtime.settings import Settings
from tests.house import House

PATIENCE = 10.0
"""Seconds that anything may take here before a test gives up."""


class ToldServer(Server):
    """The server, which says when it listens."""

    def __init__(self, *args: Any) -> None:
        self.listening = threading.Event()
        super().__init__(*args)

    async def startup(self, *args: Any, **kwargs: Any) -> None:
        await super().startup(*args, **kwargs)
        self.listening.set()


def forgetful(url: str) -> httpx.Client:
    """Return a client that keeps no cookie.

    All tests of a run share it: the session that one of them was given would be
    another's in the next, which believes that nobody is signed in.
    """
    nobodys = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    return httpx.Client(base_url=url, timeout=PATIENCE, cookies=nobodys)


class Door:
    """A running server."""

    def __init__(self, settings: Settings, *, static: Path = FOLDER) -> None:
        self.settings = settings
        self._stop = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.app = create_app(settings, static=static)
        self.server = ToldServer(self.app, "127.0.0.1", self.port, self._stop)
        self._thread = threading.Thread(target=self.server.run, args=([self._socket],))
        self.http = forgetful(self.url)

    def open(self) -> None:
        self._thread.start()
        assert self.server.listening.wait(PATIENCE)

    def close(self) -> None:
        self.http.close()
        self._stop.set()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()

    def caller(self, house: House, role: Role = Role.OWNER) -> "Caller":
        """Return somebody with a fresh token of this role in a house's workspace."""
        with house.tx() as tx:
            token = tokens.create(tx, name=house.who, role=role)
        return Caller(self, token)


class Caller:
    """Somebody with a token."""

    def __init__(self, door: Door, token: str) -> None:
        self.door, self.token = door, token

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}

    def answer(self, query: str, **variables: Any) -> dict[str, Any]:
        """Return the whole answer."""
        body = {"query": query, "variables": variables}
        response = self.door.http.post("/graphql", json=body, headers=self.headers)
        answer: dict[str, Any] = response.json()
        return answer

    def ask(self, query: str, **variables: Any) -> Any:
        """Return the data of an answer without errors."""
        answer = self.answer(query, **variables)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def error(self, query: str, **variables: Any) -> dict[str, Any]:
        """Return the one error of an answer."""
        [error] = self.answer(query, **variables)["errors"]
        found: dict[str, Any] = error
        return found

    def attempt(self, mutation: str, input_: dict[str, Any], shown: str = "") -> dict[str, Any]:
        """Try a mutation by its name; return the whole answer."""
        type_ = _SHARED.get(mutation, f"{mutation[0].upper()}{mutation[1:]}Input")
        query = (
            f"mutation ($input: {type_}!) {{ {mutation}(input: $input)"
            f" {{ {shown} userErrors {{ code message path }} }} }}"
        )
        return self.answer(query, input=input_)

    def do(self, mutation: str, input_: dict[str, Any], shown: str = "") -> Any:
        """Carry out a mutation; return its payload."""
        answer = self.attempt(mutation, input_, shown)
        assert "errors" not in answer, answer["errors"]
        return answer["data"][mutation]

    def refused(self, mutation: str, input_: dict[str, Any]) -> dict[str, Any]:
        """Return the one user error of a mutation that must not succeed."""
        [error] = self.do(mutation, input_)["userErrors"]
        found: dict[str, Any] = error
        return found

    @contextlib.contextmanager
    def socket(self) -> Iterator["Socket"]:
        """Open a socket and be let in."""
        with self.door_socket() as raw:
            talk = Socket(raw)
            talk.send(type="connection_init", payload={"authorization": f"Bearer {self.token}"})
            assert talk.receive()["type"] == "connection_ack"
            yield talk

    def door_socket(
        self, headers: dict[str, str] | None = None, protocol: str = "graphql-transport-ws"
    ) -> ClientConnection:
        """Open a socket, and say nothing yet."""
        return connect(
            f"ws://127.0.0.1:{self.door.port}/graphql",
            subprotocols=[Subprotocol(protocol)],
            additional_headers=headers,
            close_timeout=1,
            proxy=None,
        )


_SHARED = {
    "pauseAgent": "AgentInput",
    "resumeAgent": "AgentInput",
    "replayMessage": "MessageInput",
    "discardMessage": "MessageInput",
    "executeFollowUp": "FollowUpInput",
    "pauseFollowUp": "FollowUpInput",
    "resumeFollowUp": "FollowUpInput",
    "cancelFollowUp": "FollowUpInput",
    "acceptRecommendation": "RecommendationInput",
    "dismissRecommendation": "RecommendationInput",
    "reopenRecommendation": "RecommendationInput",
    "unsubscribeFromPush": "PushSubscriptionInput",
    "testPush": "PushSubscriptionInput",
    "stopSending": "ReasonInput",
    "resumeSending": "ReasonInput",
}


class Socket:
    """One graphql-transport-ws connection."""

    def __init__(self, raw: ClientConnection) -> None:
        self.raw = raw
        self._ids = itertools.count(1)

    def send(self, **message: Any) -> None:
        self.raw.send(orjson.dumps(message).decode())

    def receive(self) -> dict[str, Any]:
        message: dict[str, Any] = orjson.loads(self.raw.recv(timeout=PATIENCE))
        return message

    def subscribe(self, query: str, **variables: Any) -> str:
        """Begin an operation; return its id."""
        id_ = str(next(self._ids))
        self.send(id=id_, type="subscribe", payload={"query": query, "variables": variables})
        return id_

    def next(self) -> Any:
        """Return the data of the next event."""
        message = self.receive()
        assert message["type"] == "next", message
        assert "errors" not in message["payload"], message
        return message["payload"]["data"]

    def closed(self) -> int | None:
        """Read until the server closes; return its code."""
        with contextlib.suppress(ConnectionClosed):
            while True:
                self.raw.recv(timeout=PATIENCE)
        return self.raw.close_code
