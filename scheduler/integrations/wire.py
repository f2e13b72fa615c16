"""Wire: HTTP with a deadline for the whole call, under both SDKs.

requests knows only how long one wait may last, so that an answer that drips holds a
thread for ever.  Here ``timeout`` is the time for everything: connecting, waiting and
reading.  Only what requests raises is raised.
"""

import io
import time
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError
from urllib3.util import Timeout

_LARGEST_ANSWER = 4_000_000


class Wire(HTTPAdapter):
    """Mount it on a session and give each request its ``timeout`` in seconds, one number."""

    def __init__(self, *, connect: float = 5.0, threads: int = 1) -> None:
        """``connect`` is seconds; ``threads`` is how many connections are kept for reuse."""
        self.connect = connect
        super().__init__(pool_maxsize=threads)

    def send(  # noqa: PLR0917 - the signature that a session calls
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: ARG002 - as above
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Any = None,
    ) -> requests.Response:
        """Send, and return with the answer's body read whole."""
        until = time.monotonic() + float(timeout)
        # urllib3 subtracts from the total what connecting has taken.
        limits: Any = Timeout(connect=self.connect, total=float(timeout))
        response = super().send(request, True, limits, verify, cert, proxies)
        try:
            response.raw = io.BytesIO(_read(response, until))
        except HTTPError as error:
            response.close()
            raise requests.ConnectionError(error, request=request) from error
        except requests.ReadTimeout:
            response.close()
            raise
        return response


def session(wire: Wire) -> requests.Session:
    """Return a session that goes out by this wire alone."""
    opened = requests.Session()
    mount(opened, wire)
    return opened


def mount(opened: requests.Session, wire: Wire) -> None:
    """Let a session go out by this wire alone, and never on to another address with our key.

    Nor with another key: without an ``auth`` of its own, requests would put what a .netrc has
    for the host in the place of the request's Authorization.
    """
    opened.auth = _as_it_is
    opened.mount("https://", wire)
    opened.mount("http://", wire)
    opened.max_redirects = 0


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _read(response: requests.Response, until: float) -> bytes:
    """Read as it comes, as asking for a number of bytes would wait for all of them."""
    pieces: list[bytes] = []
    while piece := response.raw.read1(65_536, decode_content=True):
        pieces.append(piece)
        if time.monotonic() > until or sum(map(len, pieces)) > _LARGEST_ANSWER:
            raise requests.ReadTimeout("The answer did not end in time.")
    return b"".join(pieces)
