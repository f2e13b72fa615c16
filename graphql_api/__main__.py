"""``python -m graphql_api``: the door of one deployment, until it is told to stop.

SIGTERM ends the subscriptions, lets requests in hand finish, and closes.
"""

import argparse
import asyncio
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette

from graphql_api import limits
from graphql_api.app import create_app
from runtime import wing

DRAIN_SECONDS = 10
CONNECTIONS = 2_000


class Server(uvicorn.Server):
    """Uvicorn, stopped by the house's own event instead of its signal handlers."""

    def __init__(self, app: Starlette, host: str, port: int, stop: threading.Event) -> None:
        self._stop = stop
        self._feed = app.state.services.feed
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                ws="websockets-sansio",
                ws_max_size=limits.SOCKET_MESSAGE_BYTES,
                ws_per_message_deflate=False,
                limit_concurrency=CONNECTIONS,
                timeout_graceful_shutdown=DRAIN_SECONDS,
                log_config=None,
                access_log=False,
                server_header=False,
            )
        )

    async def startup(self, *args: object, **kwargs: object) -> None:
        """Listen, and from then on watch for the event."""
        await super().startup(*args, **kwargs)  # type: ignore[arg-type]
        loop = asyncio.get_running_loop()

        def wait() -> None:
            self._stop.wait()
            loop.call_soon_threadsafe(self.drain)

        threading.Thread(target=wait, daemon=True, name="stop").start()

    def drain(self) -> None:
        """Take no more, end the streams that would never end by themselves, finish the rest."""
        self._feed.close()
        self.should_exit = True

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the event."""
        yield


def main() -> None:
    """Serve until the process is told to stop."""
    parser = argparse.ArgumentParser(prog="python -m graphql_api", description=__doc__)
    parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
    parser.add_argument("--port", type=_port, default=os.environ.get("PORT") or "8000")
    given = parser.parse_args()
    settings, stop = wing.enter()
    Server(create_app(settings), given.host, given.port, stop).run()


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65_536:
        raise argparse.ArgumentTypeError("PORT: must be a number from 1 to 65535")
    return int(text)


if __name__ == "__main__":
    main()
