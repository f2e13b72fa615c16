"""Home: the page at ``/``, until the dashboard takes its place.

Says what runs, to anybody, and no more than anybody may know.  A login code in the
address is traded for a session cookie at once, and leaves the address bar.
"""

from html import escape

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from graphql_api.auth import SESSION_COOKIE, Doorkeeper
from graphql_api.context import Services
from graphql_api.page import page
from runtime import nodes
from runtime.crm import tokens
from runtime.models import NodeKind, QueueMode

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


class Home:
    """Shows the page, and lets a browser in that brings a login code."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._doorkeeper = Doorkeeper(services)

    async def show(self, request: Request) -> Response:
        """Show what runs; with ``?code=`` trade the code and come back without it."""
        # HEAD is what prefetchers send; a code must not be spent on a look.
        if request.method == "GET" and "code" in request.query_params:
            return await self._let_in(request, request.query_params["code"])
        settings = self._services.settings
        body = _PAGE.format(
            greeting=await self._greeting(request),
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

    async def _let_in(self, request: Request, code: str) -> Response:
        session = await self._services.off_loop(tokens.redeem, self._services.db, code)
        answer = RedirectResponse("/" if session else "/?expired", 303)
        public_url = self._services.settings.public_url or ""
        if session:
            answer.set_cookie(
                SESSION_COOKIE,
                session,
                max_age=_SESSION_SECONDS,
                httponly=True,
                samesite="lax",
                secure="https" in (request.url.scheme, public_url.partition(":")[0]),
            )
        return answer

    async def _greeting(self, request: Request) -> str:
        if "expired" in request.query_params:
            return "This login code was used or is too old. <code>rapport login</code> prints one."
        caller = await self._doorkeeper.look_up(request.cookies.get(SESSION_COOKIE, ""))
        if caller is None:
            return "To sign in, run <code>rapport login</code> and open the address it prints."
        name, role = caller.viewer.name, caller.viewer.role.value.lower()
        return f"You are signed in as {escape(name)}, {role}."
