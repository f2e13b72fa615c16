"""Wire: what lies between a browser and the door, and can be cut."""

import asyncio
import contextlib
import threading
from asyncio import StreamReader, StreamWriter
from collections.abc import Coroutine, Iterator
from typing import Any


class Wire:
    """Carries bytes both ways; cut, it drops every connection and refuses new ones."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._whole = True
        self._ends: set[StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._server = self._do(asyncio.start_server(self._meet, "127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def cut(self) -> None:
        """Drop everything under way, and everything that comes."""
        self._do(self._cut())

    def mend(self) -> None:
        """Carry what comes from now on."""
        self._whole = True

    def lead_to(self, port: int) -> None:
        """Have another server be the one that answers, from the next connection on."""
        self._port = port

    def close(self) -> None:
        """End for good."""
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _cut(self) -> None:
        self._whole = False
        for end in self._ends:
            end.transport.abort()

    async def _end(self) -> None:
        await self._cut()
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*others, return_exceptions=True)

    async def _meet(self, near_reader: StreamReader, near: StreamWriter) -> None:
        if not self._whole:
            near.transport.abort()
            return
        far_reader, far = await asyncio.open_connection("127.0.0.1", self._port)
        self._ends |= {near, far}
        await asyncio.gather(_carry(near_reader, far), _carry(far_reader, near))
        self._ends -= {near, far}


async def _carry(source: StreamReader, target: StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while part := await source.read(65_536):
            target.write(part)
            await target.drain()
    target.close()
    with contextlib.suppress(OSError):
        await target.wait_closed()


@contextlib.contextmanager
def wire(port: int) -> Iterator[Wire]:
    """Lay a wire to a door."""
    laid = Wire(port)
    try:
        yield laid
    finally:
        laid.close()
