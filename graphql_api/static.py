"""Static: the built dashboard, as `web/` left it here; read once, served from memory.

What is hashed by name never changes and is kept for good; the index names what is
current and is never kept.  Git ignores the files, the wheel holds them.
"""

import gzip
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

FOLDER = Path(__file__).parent / "static"
INDEX = "index.html"
WORKER = "sw.js"
"""What shows notifications; asked for anew each time, or a mistake in it outlived its mending."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; font-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
_FOR_GOOD = {"cache-control": "public, max-age=31536000, immutable"}
_AS_IT_IS = {"cache-control": "no-cache"}
_WORKER = {
    **_AS_IT_IS,
    "service-worker-allowed": "/",
    # A worker goes by its own policy, not by the page's: it asks the API, and nothing else.
    "content-security-policy": "default-src 'none'; connect-src 'self'",
}
_INDEX = {
    "cache-control": "no-store",
    "content-security-policy": POLICY,
    "x-robots-tag": "noindex, nofollow",
}
# The machine's own table may know less, or something else.
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True)
class _File:
    plain: bytes
    packed: bytes
    media_type: str
    headers: Mapping[str, str]


class Built:
    """The files of one build.  While there is none, each look tries to find one."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._files: dict[str, _File] = {}

    def index(self, request: Request) -> Response | None:
        """Return the page that the dashboard starts from, or None if it was not built."""
        return self.file(request, INDEX)

    def file(self, request: Request, name: str) -> Response | None:
        """Return a file by its path below the folder, packed if the browser unpacks."""
        if not self._files:
            self._files = _read(self._folder)
        found = self._files.get(name)
        if found is None:
            return None
        headers = {**found.headers, "vary": "accept-encoding"}
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(found.plain, 200, headers, found.media_type)
        headers["content-encoding"] = "gzip"
        return Response(found.packed, 200, headers, found.media_type)


def _read(folder: Path) -> dict[str, _File]:
    # The build empties the folder first and writes the index last.
    if not (folder / INDEX).is_file():
        return {}
    names = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    # A name with a dot in front is the build's own business.
    return {name: _file(folder / name, name) for name in names if not name.startswith(".")}


def _file(path: Path, name: str) -> _File:
    plain = path.read_bytes()
    guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
    media_type = _TYPES.get(path.suffix, guessed)
    return _File(plain, gzip.compress(plain, mtime=0), media_type, _headers(name))


def _headers(name: str) -> Mapping[str, str]:
    if name.startswith("assets/"):
        return _FOR_GOOD
    return {INDEX: _INDEX, WORKER: _WORKER}.get(name, _AS_IT_IS)
