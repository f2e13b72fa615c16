"""A web of odd hosts on the loopback, behind a resolver that a test writes.

One server stands at a public number, another at a private one, which must never be asked.
"""

import gzip
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from scheduler.integrations.web import asking
from scheduler.integrations.web.asking import Answer
from scheduler.integrations.web.reading import WebReader
from scheduler.integrations.web.targets import Target

PUBLIC, PRIVATE = "8.8.8.8", "10.0.0.1"
_HERE = "127.0.0.1"
Serve = Callable[[BaseHTTPRequestHandler], None]


class FakeWeb:
    """``with FakeWeb() as web``: pages by host and path, and who was asked for what."""

    def __init__(self) -> None:
        self.pages: dict[str, Serve] = {}
        self.numbers: dict[str, list[str]] = {}
        self.asked: list[str] = []
        web = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                name = f"{self.headers['Host']}{self.path}"
                web.asked.append(name)
                web.pages.get(name, say("", status=404))(self)

            def log_message(self, *_args: Any) -> None:
                """Say nothing."""

        self._servers = [ThreadingHTTPServer((_HERE, 0), Handler) for _ in range(2)]
        self._ports = dict(
            zip((PUBLIC, PRIVATE), (s.server_port for s in self._servers), strict=True)
        )
        for server in self._servers:
            server.daemon_threads = True

    def __enter__(self) -> Self:
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def reader(self, **limits: Any) -> WebReader:
        """Return a reader whose network is this web."""

        def ask(target: Target, **more: Any) -> Answer:
            here = replace(target, number=_HERE, port=self._ports[target.number])
            return asking.ask(here, **limits | more)

        return WebReader(resolve=self._resolve, ask=ask)

    def _resolve(self, host: str, _port: int) -> Sequence[str]:
        numbers = self.numbers.get(host, [PUBLIC])
        # A name that changes its number from one look-up to the next.
        return numbers.pop(0).split() if len(numbers) > 1 else numbers[0].split()


def say(
    text: str, kind: str = "text/html; charset=utf-8", status: int = 200, **headers: str
) -> Serve:
    """Answer with a page."""

    def serve(request: BaseHTTPRequestHandler) -> None:
        body = text.encode()
        request.send_response(status)
        given = {"Content-Type": kind, "Content-Length": str(len(body)), **headers}
        for name, value in given.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body)

    return serve


def moved(to: str) -> Serve:
    """Send the reader on."""
    return say("", status=302, Location=to)


def bomb(size: int) -> Serve:
    """Answer with little that unpacks to much."""
    packed = gzip.compress(b"a" * size)

    def serve(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Type", "text/plain")
        request.send_header("Content-Encoding", "gzip")
        request.send_header("Content-Length", str(len(packed)))
        request.end_headers()
        request.wfile.write(packed)

    return serve


def endless(pause: float = 0.0) -> Serve:
    """Answer without an end, or drop by drop."""

    def serve(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Type", "text/plain")
        request.end_headers()
        until = time.monotonic() + 10
        while time.monotonic() < until:
            try:
                request.wfile.write(b"x" * (1 if pause else 65_536))
                request.wfile.flush()
            except OSError:
                return
            threading.Event().wait(pause)

    return serve
