"""Health: whether this process lives, and whether it can serve."""

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from graphql_api.context import Services
from runtime import migrate


class Health:
    """Answers a load balancer's two questions; neither answer names a workspace."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._migrated = False

    async def alive(self, _request: Request) -> Response:
        """Say yes: who answers lives."""
        return JSONResponse({"status": "alive"})

    async def ready(self, _request: Request) -> Response:
        """Say whether the database answers and has the tables of this release."""
        missing = await self._services.off_loop(self._missing)
        if missing:
            return JSONResponse({"status": "not ready", "missing": missing}, 503)
        return JSONResponse({"status": "ready"})

    def _missing(self) -> str | None:
        try:
            self._services.db.now()
            # Tables do not grow older again; one look that finds them current is enough.
            self._migrated = self._migrated or not migrate.pending(self._services.db.url)
        except SQLAlchemyError:
            return "database"
        return None if self._migrated else "migrations"
