"""Export: the audit trail as a file, of any length.

Read in batches by keyset, each in a transaction of its own: however long the trail and
however slow the reader, one batch is in memory and no connection is held in between.  It
ends with the newest event there was when it began.
"""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from graphql_api import limits, trail
from graphql_api.auth import Doorkeeper, TurnedAway
from graphql_api.context import Caller, Services
from graphql_api.errors import BadInput
from graphql_api.http import refusal
from graphql_api.trail import Form
from runtime.errors import Forbidden
from runtime.events import newest
from runtime.logs import get_logger
from runtime.models import Event, Role

log = get_logger(__name__)
Rows = Sequence[Event]


class Export:
    """Writes files for those who may read everything."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._doorkeeper = Doorkeeper(services)

    async def events(self, request: Request) -> Response:
        """Answer with the events that the query's parameters ask for, the oldest first."""
        form = trail.FORMS.get(request.path_params["form"])
        if form is None:
            return refusal(404, "NOT_FOUND", "There is events.csv and events.jsonl.")
        try:
            return await self._begun(request, form)
        except TurnedAway as away:
            return away.response
        except Forbidden as forbidden:
            return refusal(403, "FORBIDDEN", forbidden.message)
        except BadInput as bad:
            return refusal(400, "BAD_INPUT", bad.message)
        except SQLAlchemyError:
            log.exception("door.database_away")
            text = "The database does not answer; try again in a moment."
            return refusal(503, "UNAVAILABLE", text, {"retry-after": "2"})

    async def _begun(self, request: Request, form: Form) -> Response:
        """Read the first batch, while a refusal can still be told, then answer as it goes."""
        caller = await self._doorkeeper.admit(request)
        caller.must_be(Role.MEMBER)
        wanted = trail.wanted(request.query_params)
        wanted = replace(wanted, last=await self._services.run(caller.workspace_id, newest))
        first = await self._services.run(caller.workspace_id, wanted.batch)
        log.info("events.exported", by=caller.name, form=form.suffix)
        headers = {"content-disposition": f'attachment; filename="rapport-events.{form.suffix}"'}
        if request.method == "HEAD":
            return Response(None, headers=headers, media_type=form.media_type)

        def stream() -> AsyncGenerator[str, None]:
            return self._written(caller, wanted, first, form)

        guarded = self._doorkeeper.while_admitted(request, stream)
        return StreamingResponse(guarded(), headers=headers, media_type=form.media_type)

    async def _written(
        self, caller: Caller, wanted: trail.Wanted, rows: Rows, form: Form
    ) -> AsyncGenerator[str, None]:
        """Yield the file, a batch of lines at a time; a database that goes away cuts it short."""
        yield form.head
        while rows:
            yield form.lines(rows)
            if len(rows) < limits.EXPORT_BATCH:
                return
            wanted = wanted.rest(rows[-1].seq)
            rows = await self._services.run(caller.workspace_id, wanted.batch)
