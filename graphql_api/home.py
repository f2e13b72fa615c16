"""Home: the dashboard, for whoever is signed in; for others the way in.

The dashboard answers every address that nothing else does, as its pages have addresses
of their own.  A login code in the address is traded for a session cookie at once, and
leaves the address bar; signing out ends the session here and not only in the browser.
"""

from html import escape

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from graphql_api.auth import SESSION_COOKIE, Doorkeeper
from graphql_api.context import Caller, Services
from graphql_api.http import comes_from_us, refusal
from graphql_api.page import page
from graphql_api.static import Built
from runtime import nodes
from runtime.crm import tokens
from runtime.models import NodeKind, QueueMode, TokenKind

_SENDING = {
    "BLOCKED": "held: approved e-mails wait until ALLOW_EMAIL_SENDING is true",
    "SANDBOX": "sandbox: approved e-mails are delivered into the outbox here, to nobody outside",
    "ENABLED": "on: approved e-mails are really sent",
}
_PROCESSES = {NodeKind.AGENTS: "agents", NodeKind.WORKER: "worker", NodeKind.CLOCK: "clock"}
_WAYS = {
    QueueMode.RQ: "RQ",
    QueueMode.LOCAL: "the database alone, as Redis cannot be reached",
}
_PAGE = """<h1>Rapport is running</h1>
<p>{greeting}</p>
<dl>
<dt>E-mail</dt><dd>{sending}</dd>
<dt>Writer</dt><dd>{writer}</dd>
<dt>Processes</dt><dd>{processes}</dd>
<dt>API</dt><dd><code>/graphql</code> (HTTP, WebSocket, server-sent events)</dd>
</dl>
<footer>Nothing is sent that was not approved.</footer>"""
_SESSION_SECONDS = int(tokens.SESSION_LIVES.total_seconds())
_NO_PAGES = ("/api/", "/assets/", "/graphql/", "/unsubscribe/")
"""What lies here is no page of the dashboard, even if there is nothing."""


class Home:
    """Shows the dashboard or the way in, and lets browsers in and out."""

    def __init__(self, services: Services, built: Built) -> None:
        self._services = services
        self._built = built
        self._doorkeeper = Doorkeeper(services)

    async def show(self, request: Request) -> Response:
        """Show the dashboard; with ``?code=`` trade the code and come back without it."""
        # HEAD is what prefetchers send; a code must not be spent on a look.
        if request.method == "GET" and "code" in request.query_params:
            return await self._let_in(request, request.query_params["code"])
        return await self._page(request)

    async def anything(self, request: Request) -> Response | None:
        """Show the file, or the page of the dashboard, at an address; None if it can be neither."""
        path = request.url.path
        if request.method not in ("GET", "HEAD"):
            return None
        if file := await self._services.off_loop(self._built.file, request, path[1:]):
            return file
        if path.startswith(_NO_PAGES) or "." in path.rpartition("/")[2]:
            return None
        # A program that lost its way wants to hear so; a page is what a person's browser asks for.
        if "text/html" not in request.headers.get("accept", ""):
            return None
        return await self._page(request)

    async def sign_out(self, request: Request) -> Response:
        """End the session; a second time changes nothing.  Only a page of ours may ask."""
        if not comes_from_us(request, self._services.settings.public_url):
            return refusal(403, "FOREIGN_ORIGIN", "Only our own pages sign anybody out.")
        await self._services.off_loop(self._end, request.cookies.get(SESSION_COOKIE, ""))
        answer = Response(status_code=204)
        answer.delete_cookie(SESSION_COOKIE, httponly=True, samesite="lax")
        return answer

    async def _page(self, request: Request) -> Response:
        try:
            caller = await self._doorkeeper.look_up(request.cookies.get(SESSION_COOKIE, ""))
        except SQLAlchemyError:
            # Who is there cannot be told; the dashboard says so and tries again by itself.
            if index := await self._services.off_loop(self._built.index, request):
                return index
            raise
        if caller and (index := await self._services.off_loop(self._built.index, request)):
            return index
        settings = self._services.settings
        body = _PAGE.format(
            greeting=_greeting(request, caller),
            sending=escape(_SENDING[settings.email_sending]),
            writer=escape(settings.writer),
            processes=escape(await self._services.off_loop(self._processes)),
        )
        return page("Rapport", body)

    def _processes(self) -> str:
        try:
            alive = nodes.alive(self._services.db)
        except SQLAlchemyError:
            return "the database cannot be reached"
        missing = [name for kind, name in _PROCESSES.items() if not alive[kind]]
        if missing:
            return f"not running: {', '.join(missing)}"
        way = QueueMode.LOCAL if QueueMode.LOCAL in alive[NodeKind.WORKER] else QueueMode.RQ
        return f"api, agents, worker and clock are alive; jobs go by {_WAYS[way]}"

    def _end(self, session: str) -> None:
        db = self._services.db
        seen = tokens.viewer(db, session)
        if seen and seen.kind is TokenKind.SESSION:
            db.run(seen.workspace_id, lambda tx: tokens.revoke(tx, seen.token_id))

    def _end_anothers(self, before: str, session: str) -> None:
        """End the session that one takes the place of here, if it was another person's.

        Nobody could end it any more, and what it asked to be told of would be shown to whoever
        sits here now.  One's own goes on, as its browsers do until they are renewed.
        """
        db = self._services.db
        was, now = tokens.viewer(db, before), tokens.viewer(db, session)
        if was and now and was.workspace_id == now.workspace_id and was.name != now.name:
            self._end(before)

    async def _let_in(self, request: Request, code: str) -> Response:
        session = await self._services.off_loop(tokens.redeem, self._services.db, code)
        answer = RedirectResponse("/" if session else "/?expired", 303)
        public_url = self._services.settings.public_url or ""
        if session:
            before = request.cookies.get(SESSION_COOKIE, "")
            await self._services.off_loop(self._end_anothers, before, session)
            answer.set_cookie(
                SESSION_COOKIE,
                session,
                max_age=_SESSION_SECONDS,
                httponly=True,
                samesite="lax",
                secure="https" in (request.url.scheme, public_url.partition(":")[0]),
            )
        return answer


def _greeting(request: Request, caller: Caller | None) -> str:
    if caller:
        name, role = escape(caller.name), caller.viewer.role.value.lower()
        built = "The dashboard is not built yet: <code>make web</code> does that."
        return f"You are signed in as {name}, {role}. {built}"
    if "expired" in request.query_params:
        return "This login code was used or is too old. <code>rapport login</code> prints one."
    return "To sign in, run <code>rapport login</code> and open the address it prints."
