"""Asking: one request to one number, with a deadline and a bound on everything.

Nothing of ours goes along: no cookie, no key, no proxy of the environment.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass

import urllib3
from urllib3.exceptions import HTTPError
from urllib3.util import Timeout

from runtime.errors import Reject, Retry
from scheduler.integrations.web.targets import Target

AGENT = "Rapport/1 (reads pages that a person listed)"
CONNECT_SECONDS = 3.0
WHOLE_SECONDS = 15.0
MOST_BYTES = 2_000_000
"""After decompression: a small answer may unpack to a large one."""

_CHUNK = 16_384


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said: status, headers in lower case, and the body, whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def ask(target: Target, *, most: int = MOST_BYTES, seconds: float = WHOLE_SECONDS) -> Answer:
    """Return the answer of the number that a target was looked up to; follows nothing."""
    until = time.monotonic() + seconds
    try:
        with _pool(target, seconds) as pool:
            response = pool.urlopen(
                "GET",
                target.path,
                headers=_headers(target),
                redirect=False,
                retries=False,
                preload_content=False,
                decode_content=True,
            )
            try:
                body = _read(response, until, most)
            finally:
                # Not given back to a pool: what is left unread must not be read later.
                response.close()
    except HTTPError as error:
        why = type(error).__name__
        raise Retry(f"{target.host} did not answer ({why}).", code="PAGE_UNREACHABLE") from None
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status, headers, body)


def _pool(target: Target, seconds: float) -> urllib3.HTTPConnectionPool:
    limits = Timeout(connect=CONNECT_SECONDS, total=seconds)
    if target.scheme == "http":
        return urllib3.HTTPConnectionPool(target.number, target.port, timeout=limits)
    # To the number that was looked at, for the name that was meant: looked up again, it could
    # be another number.
    return urllib3.HTTPSConnectionPool(
        target.number,
        target.port,
        timeout=limits,
        server_hostname=target.host,
        assert_hostname=target.host,
        cert_reqs="CERT_REQUIRED",
    )


def _headers(target: Target) -> dict[str, str]:
    return {
        "Host": target.host,
        "User-Agent": AGENT,
        "Accept": "text/html,text/plain;q=0.9",
        "Accept-Encoding": "gzip, deflate",
    }


def _read(response: urllib3.BaseHTTPResponse, until: float, most: int) -> bytes:
    body = bytearray()
    while piece := response.read1(_CHUNK, decode_content=True):
        body += piece
        if len(body) > most:
            raise Reject(f"The page is larger than {most:,} bytes.", code="PAGE_TOO_LARGE")
        if time.monotonic() > until:
            raise Reject("The page did not end in time.", code="PAGE_TOO_SLOW")
    return bytes(body)
