"""Home: the page at ``/``, until the dashboard takes its place.

Says what runs, to anybody, and no more than anybody may know.  A login code in the
address is traded for a session cookie at once, and leaves the address bar.
"""

import secrets
from html import escape

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from graphql_api.auth import SESSION_COOKIE, Doorkeeper
from graphql_api.context import Services
from runtime import nodes
from runtime.crm import tokens
from runtime.models import NodeKind, QueueMode

_STYLE = """
:root { color-scheme: light dark; --ink: light-dark(#1c1b1a, #ecebe8);
  --paper: light-dark(#fbfaf8, #191817); --quiet: light-dark(#5f5b55, #a8a39b);
  --line: light-dark(#dedad3, #36332f); }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.6 ui-sans-serif, system-ui, sans-serif; }
main { max-width: 40rem; margin: 12vh auto; padding: 0 1.5rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .5rem; }
p { margin: 0 0 1.5rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .5rem 1.5rem; margin: 0;
  padding: 1.5rem 0; border-block: 1px solid var(--line); }
dt { color: var(--quiet); }
dd { margin: 0; }
code { font-family: ui-monospace, monospace; }
footer { color: var(--quiet); padding-top: 1.5rem; }
"""
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
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Rapport</title>
<style nonce="{nonce}">{style}</style>
</head>
<body>
<main>
<h1>Rapport is running</h1>
<p>{greeting}</p>
<dl>
<dt>E-mail</dt><dd>{sending}</dd>
<dt>Writer</dt><dd>{writer}</dd>
<dt>Processes</dt><dd>{processes}</dd>
<dt>API</dt><dd><code>/graphql</code> (HTTP, WebSocket, server-sent events)</dd>
</dl>
<footer>Nothing is sent that was not approved.</footer>
</main>
</body>
</html>
"""
_POLICY = (
    "default-src 'none'; style-src 'nonce-{}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
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
        nonce = secrets.token_urlsafe(16)
        settings = self._services.settings
        page = _PAGE.format(
            nonce=nonce,
            style=_STYLE,
            greeting=await self._greeting(request),
            sending=escape(_SENDING[settings.email_sending]),
            writer=escape(settings.writer),
            processes=escape(await self._services.off_loop(self._processes)),
        )
        return HTMLResponse(page, headers={"content-security-policy": _POLICY.format(nonce)})

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
