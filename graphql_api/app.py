"""App: what listens.

``create_app`` puts the house together for one process; its lifespan opens what it
holds and closes it.  Uvicorn is told of it in ``__main__``, tests run the same object.
"""

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute

from graphql_api.context import Services
from graphql_api.cron import Cron
from graphql_api.export import Export
from graphql_api.health import Health
from graphql_api.home import Home
from graphql_api.http import Edge, refusal
from graphql_api.metrics import Metrics
from graphql_api.static import FOLDER, Built
from graphql_api.unsubscribe import Unsubscribe
from graphql_api.view import View
from graphql_api.webhooks import Webhooks
from runtime.db import Database
from runtime.logs import get_logger
from runtime.models import NodeKind
from runtime.nodes import Heartbeat
from runtime.notifier import Listener, Sender
from runtime.settings import Settings

log = get_logger(__name__)

THREADS = 16
"""Requests that touch the database at the same time; each holds one connection."""


def create_app(settings: Settings, *, static: Path = FOLDER) -> Starlette:
    """Return the door of this deployment.  ``settings.database_url`` must be set.

    ``static``: where the built dashboard lies.
    """
    if settings.database_url is None:
        raise ValueError("the database has no address")
    db = Database(
        settings.database_url, connections=THREADS + 2, hints=Sender(settings.database_url)
    )
    threads = ThreadPoolExecutor(THREADS, thread_name_prefix="door")
    services = Services(settings, db, threads)
    heart = Heartbeat(db, NodeKind.API)
    listener = Listener(settings.database_url)
    listener.subscribe(services.feed.notice)
    metrics, health = Metrics(services), Health(services)
    view = View(services, metrics)
    home = Home(services, Built(static))

    async def nothing_here(request: Request, _error: Exception) -> Response:
        return await home.anything(request) or _nothing_here()

    app = Starlette(
        routes=[
            Route("/", home.show),
            Route("/sign-out", home.sign_out, methods=["POST"]),
            Route("/graphql", view),
            WebSocketRoute("/graphql", view),
            Route("/healthz", health.alive),
            Route("/readyz", health.ready),
            Route("/metrics", metrics.show),
            Route("/api/cron/execute-followups", Cron(services).execute, methods=["POST"]),
            Route("/api/export/events.{form:str}", Export(services).events, methods=["GET"]),
            Route("/api/webhooks/resend", Webhooks(services).resend, methods=["POST"]),
            Route(
                "/unsubscribe/{token:path}", Unsubscribe(services).answer, methods=["GET", "POST"]
            ),
        ],
        middleware=[Middleware(Edge)],
        exception_handlers={404: nothing_here, 405: _not_that_way, 500: _our_fault},
        lifespan=lambda _app: _open(services, listener, heart),
    )
    app.state.services = services
    return app


@asynccontextmanager
async def _open(services: Services, listener: Listener, heart: Heartbeat) -> AsyncIterator[None]:
    try:
        await services.off_loop(services.db.refuse_unsafe_role)
    except SQLAlchemyError as error:
        # Not there yet: /readyz says so, and the first connection is looked at then.
        log.warning("door.database_away", error=type(error).__name__)
    services.feed.start()
    listener.start()
    heart.start()
    yield
    services.feed.close()
    await services.off_loop(heart.stop)
    await services.off_loop(listener.close)
    await services.off_loop(services.db.close)
    services.threads.shutdown()


def _nothing_here() -> Response:
    return refusal(404, "NOT_FOUND", "There is nothing at this address.")


async def _not_that_way(_request: Request, error: Exception) -> Response:
    allowed = getattr(error, "headers", None)
    return refusal(405, "METHOD_NOT_ALLOWED", "This address takes another method.", allowed)


async def _our_fault(_request: Request, _error: Exception) -> Response:
    return refusal(500, "INTERNAL", "Something went wrong on our side; the log has the rest.")
