"""Webhooks: the provider tells what became of a mail.

Off unless ``RESEND_WEBHOOK_SECRET`` is set.  Nothing is looked at before the signature
over the raw body has been checked.  A 200 says that what was told is kept, or is no
business of ours; anything else has the provider tell it again later.
"""

from collections.abc import Iterator
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from graphql_api import limits
from graphql_api.context import Services
from graphql_api.http import refusal
from runtime import arrivals, clock
from runtime.logs import get_logger
from runtime.mail import delivery, reports
from runtime.mail.inbound import notice, places
from runtime.mail.reports import MalformedReport, Told
from runtime.signatures import BadSignature, signing_keys, verify

log = get_logger(__name__)


class Webhooks:
    """Takes what Resend tells."""

    def __init__(self, services: Services) -> None:
        self._services = services
        secret = services.settings.resend_webhook_secret
        given = signing_keys(secret.get_secret_value()) if secret else []
        self._on = secret is not None
        self._keys = [key for key in given if key is not None]
        if self._on and len(self._keys) != max(1, len(given)):
            log.error("RESEND_WEBHOOK_SECRET holds something that is no signing secret")

    async def resend(self, request: Request) -> Response:
        """Answer 200 to whatever is signed; 400 to the rest."""
        if not self._on:
            return refusal(404, "NOT_FOUND", "There is nothing at this address.")
        body = await _body(request)
        if body is None:
            kib = limits.WEBHOOK_BYTES // 1024
            return refusal(413, "PAYLOAD_TOO_LARGE", f"A webhook may hold {kib} KiB.")
        try:
            svix_id = verify(request.headers, body, keys=self._keys, now=clock.now())
            told = reports.read(body)
        except BadSignature as error:
            log.warning("webhook.refused", reason=str(error))
            return refusal(400, "BAD_SIGNATURE", str(error))
        except MalformedReport as error:
            log.warning("webhook.refused", reason=str(error))
            return refusal(400, "BAD_BODY", str(error))
        take = self._note if told.type == notice.RECEIVED else self._take
        await self._services.off_loop(take, svix_id, told)
        return JSONResponse({"received": True})

    def _take(self, svix_id: str, told: Told) -> None:
        """Hand it to the workspace that its tag names, else to the one that knows its mail."""
        for workspace_id in self._places(told):
            if self._services.db.run(workspace_id, lambda tx: delivery.take(tx, svix_id, told)):
                return
        # No workspace may read it, so no row holds it; docs/decisions/0009.
        log.info("webhook.nobodys", type=told.type, svix_id=svix_id)

    def _note(self, svix_id: str, told: Told) -> None:
        """Have a mail that came in fetched; whose it is shows only then."""
        found = notice.read(told.body.encode())
        if found is None:
            log.warning("webhook.no_mail", svix_id=svix_id)
            return
        db, now = self._services.db, self._services.db.now()
        meant_for = places.of_tokens(db, found.tokens) or places.only(db)
        with db.house() as connection:
            fresh = arrivals.note(
                connection,
                provider_email_id=found.email_id,
                svix_id=svix_id,
                meant_for=meant_for,
                received_at=min(found.received_at or now, now),
                now=now,
            )
        log.info("mail.announced", email_id=found.email_id, fresh=fresh)

    def _places(self, told: Told) -> Iterator[UUID]:
        if told.workspace_id:
            yield told.workspace_id
        if told.message_id:
            with self._services.db.dispatch() as connection:
                owners = reports.owners(connection, told)
            yield from owners


async def _body(request: Request) -> bytes | None:
    """Return the bytes as they came; None, and no more is read, once they are too many."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > limits.WEBHOOK_BYTES:
            return None
    return bytes(body)
