"""What the fakes share: a real HTTP server on this machine with a script of faults.

Thread-safe.  Faults are words (``"429:2"``: name, then an optional number) and each
is used up by one request, in order.  Leaving the ``with`` ends every connection at
once, slow answers included.
"""

import contextlib
import json
import socket
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Request:
    """One call as it came in; ``headers`` in lower case, ``body`` parsed, None if no JSON.

    ``raw``: the body as it came.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any
    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back; a ``body`` of bytes goes as it is, anything else as JSON."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Dropped(Exception):
    """The connection ends here without an answer."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One line of the script: ``name`` or ``name:number``."""

    name: str
    number: float | None = None

    @classmethod
    def parse(cls, text: str) -> "Fault":
        name, _, number = text.strip().partition(":")
        return cls(name, float(number) if number else None)


class FakeServer:
    """Listens on 127.0.0.1; a subclass says in ``answer`` what a provider would."""

    faults_known: frozenset[str] = frozenset()

    def __init__(self, port: int = 0, *, delay: float = 0.0) -> None:
        self.delay = delay
        self.requests: list[Request] = []
        self.lock = threading.RLock()
        self.waiting = threading.Event()
        """Set once a request is being answered slowly."""
        self._hurry = threading.Event()
        self._script: deque[Fault] = deque()
        self._server = _Server(("127.0.0.1", port), self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer(self, request: Request, fault: Fault | None) -> Reply:
        """Answer as the provider would, or as the fault wants it; Dropped hangs up."""
        raise NotImplementedError

    def fail_next(self, *faults: str) -> None:
        """Append faults to the script, one for each request to come."""
        parsed = self.parse(*faults)
        with self.lock:
            self._script.extend(parsed)

    def parse(self, *faults: str) -> list[Fault]:
        """Return faults as a script has them."""
        parsed = [Fault.parse(text) for text in faults]
        for fault in parsed:
            # A misspelt fault would be no fault, and the test about it would prove nothing.
            assert fault.name in self.faults_known or fault.name.isdecimal(), fault.name
        return parsed

    def wait(self, seconds: float | None) -> None:
        """Be slow, until ``hurry`` or the server's own end at the latest."""
        self.waiting.set()
        self._hurry.wait(seconds)

    def hurry(self) -> None:
        """Answer at once from now on, what is waiting included."""
        self._hurry.set()

    def handle(self, request: Request) -> Reply:
        """Record the request and answer it; called on the connection's own thread."""
        with self.lock:
            self.requests.append(request)
            fault = self._script.popleft() if self._script else None
        if self.delay:
            self.wait(self.delay)
        return self.answer(request, fault)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.hurry()
        self._server.shutdown()
        self._thread.join()
        self._server.hang_up()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that server_close waits for them and nothing outlives the fake
    request_queue_size = 256  # the default of 5 drops connections when fifty threads call at once

    def __init__(self, address: tuple[str, int], fake: FakeServer) -> None:
        self.fake = fake
        self._open: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self.fake.lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self.fake.lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        with self.fake.lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that hangs up is what these servers are for."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def _serve(self) -> None:
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        try:
            body = json.loads(raw) if raw else None
        except ValueError:
            body = None
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            reply = self.server.fake.handle(Request(self.command, self.path, headers, body, raw))
        except Dropped:
            self.close_connection = True
            return
        self._send(reply)

    do_GET = do_POST = _serve  # noqa: N815 - the names http.server looks for

    def _send(self, reply: Reply) -> None:
        body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        self.send_response(reply.status)
        for name, value in {"Content-Type": "application/json", **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's signature
        """Keep the test's output to the tests."""
