"""Cron: an outside scheduler may ring here, in place of our own clock or beside it.

Off unless ``CRON_SECRET`` is set.  Safe to call at any rate: each timer fires once.
"""

import hmac
from datetime import datetime
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from graphql_api.context import Services
from graphql_api.http import refusal
from runtime import timers
from runtime.desk import follow_ups

_AT_ONCE = 1_000


class Cron:
    """Fires what is due in every workspace."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def execute(self, request: Request) -> Response:
        """Answer ``{"fired": n}``, to who knows the secret."""
        secret = self._services.settings.cron_secret
        if secret is None:
            return refusal(404, "NOT_FOUND", "There is nothing at this address.")
        given, wanted = request.headers.get("authorization", ""), secret.get_secret_value()
        if not hmac.compare_digest(given.encode(), f"Bearer {wanted}".encode()):
            return refusal(401, "UNAUTHENTICATED", "Send Authorization: Bearer $CRON_SECRET.")
        return JSONResponse({"fired": await self._services.off_loop(self._fire)})

    def _fire(self) -> int:
        """Fire round by round, until nothing is due but what somebody else holds just now."""
        db, fired = self._services.db, 0
        seen: list[tuple[UUID, UUID, datetime]] = []
        while True:
            with db.dispatch() as connection:
                found = timers.due(connection, db.now(), _AT_ONCE)
            if found in ([], seen):
                return fired
            fired += sum(db.run(id_, follow_ups.execute_due) for id_ in {row[0] for row in found})
            seen = found
