"""Unsubscribe: the page behind the link in each mail, and what mail programs send to it.

A look changes nothing, for scanners and previews follow every link.  A POST counts as it
comes, without login or cookie, if it is RFC 8058's or our own button's; a program that
sends off forms without pressing their buttons is shown the button again.
"""

from collections.abc import Callable, Iterator
from email.parser import BytesParser
from html import escape
from typing import TypeVar
from urllib.parse import parse_qsl

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response

from graphql_api import limits
from graphql_api.context import Services
from graphql_api.page import page
from runtime.db import Transaction
from runtime.logs import get_logger
from runtime.mail import tokens, unsubscribing
from runtime.mail.unsubscribing import Way, Wish

log = get_logger(__name__)
T = TypeVar("T")

ONE_CLICK = ("list-unsubscribe", "one-click")
BUTTON = ("wish", "no-more-mail")

_FORM = f"""<form method="post">
<button name="{BUTTON[0]}" value="{BUTTON[1]}">Unsubscribe</button>
</form>"""
_ANSWER_THE_MAIL = (
    "<p>Answer the mail that brought you here and say that you want no more. "
    "That works just as well.</p>"
)


class Unsubscribe:
    """Shows the page, and takes what was sent from it or from a mail program."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def answer(self, request: Request) -> Response:
        """Answer a look with the page, and a POST with what was done."""
        token = request.path_params["token"]
        try:
            if request.method != "POST":
                return _asked(await self._at_home(token, unsubscribing.look))
            way = _way(request, await _body(request))
            if way is None:
                return _asked(await self._at_home(token, unsubscribing.look), again=True)
            wish = await self._at_home(token, lambda tx, t: unsubscribing.take(tx, t, way))
            return _told(wish)
        except SQLAlchemyError as error:
            log.warning("door.database_away", error=type(error).__name__)
            return _away()

    async def _at_home(self, token: str, work: Callable[[Transaction, str], T | None]) -> T | None:
        """Do something in the workspace that the token's mail is from; None if there is none."""
        return await self._services.off_loop(self._find, token, work)

    def _find(self, token: str, work: Callable[[Transaction, str], T | None]) -> T | None:
        db = self._services.db
        with db.dispatch() as connection:
            owners = tokens.owners(connection, token)
        for workspace_id in owners:
            return db.run(workspace_id, lambda tx: work(tx, token))
        return None


def _way(request: Request, body: bytes) -> Way | None:
    sent = {(name.lower(), value.lower()) for name, value in _fields(request, body)}
    if ONE_CLICK in sent:
        return Way.ONE_CLICK
    return Way.PAGE if BUTTON in sent else None


def _fields(request: Request, body: bytes) -> Iterator[tuple[str, str]]:
    """Yield the fields of a form, of either kind that RFC 8058 allows; of anything else, none."""
    kind = request.headers.get("content-type", "")
    if not kind.lower().startswith("multipart/form-data"):
        yield from parse_qsl(body.decode("utf-8", "replace"))
        return
    head = f"Content-Type: {kind}\r\n\r\n".encode("latin-1", "replace")
    for part in BytesParser().parsebytes(head + body).walk():
        name = part.get_param("name", header="content-disposition")
        value = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(value, bytes):
            yield name, value.decode("utf-8", "replace").strip()


async def _body(request: Request) -> bytes:
    """Return the bytes of a form; of more than any form of ours holds, none."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > limits.FORM_BYTES:
            return b""
    return bytes(body)


def _asked(wish: Wish | None, *, again: bool = False) -> Response:
    if wish is None:
        return _unknown()
    if wish.done:
        return _told(wish)
    hint = "<p><strong>Nothing was changed yet.</strong></p>\n" if again else ""
    return page(
        "Unsubscribe",
        f"<h1>No more mail from {escape(wish.workspace)}?</h1>\n{hint}"
        f"<p>Press the button, and nothing more is sent to {_whom(wish)}. "
        f"Whatever was planned is called off.</p>\n{_FORM}",
        status=400 if again else 200,
        form=True,
    )


def _told(wish: Wish | None) -> Response:
    if wish is None:
        return _unknown()
    already = "had already been unsubscribed" if wish.done else "is unsubscribed"
    whom = _whom(wish)
    return page(
        "Unsubscribed",
        f"<h1>No more mail from {escape(wish.workspace)}</h1>\n"
        f"<p>{whom[0].upper()}{whom[1:]} {already}. Nothing more is sent to it.</p>\n"
        "<p>You can close this page. If it was a mistake, answer any of the mails and say so.</p>",
    )


def _unknown() -> Response:
    return page(
        "Link not known",
        "<h1>We do not know this link</h1>\n<p>It may have been cut short or changed on its way, "
        f"so nobody was unsubscribed.</p>\n{_ANSWER_THE_MAIL}",
        status=404,
    )


def _away() -> Response:
    return page(
        "Try again",
        "<h1>This does not work just now</h1>\n<p>Your wish was not recorded. Please try again in "
        f"a minute.</p>\n{_ANSWER_THE_MAIL}",
        status=503,
        headers={"retry-after": "60"},
    )


def _whom(wish: Wish) -> str:
    """Return the address as its owner knows it and nobody else could write to it."""
    if not wish.email:
        return "this address"
    local, _, domain = wish.email.rpartition("@")
    return f'the address <span class="address">{escape(local[:1])}…@{escape(domain)}</span>'
