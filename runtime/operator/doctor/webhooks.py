"""Webhooks: whether the provider still tells what becomes of the mail that leaves."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from runtime.db import Transaction
from runtime.mail import reports, sent
from runtime.models import SentEmail
from runtime.operator.doctor import houses
from runtime.operator.doctor.finding import Finding
from runtime.settings import Settings

_TOLD_WITHIN = timedelta(hours=1)
_LOOKED_BACK = timedelta(days=7)


def examine(settings: Settings) -> Iterator[Finding]:
    """Look, where real mail goes out, for mail of the last days that nothing was told of."""
    if settings.email_sending != "ENABLED" or settings.database_url is None:
        return
    found = houses.ask(settings.database_url, "webhooks", _silence)
    yield found if isinstance(found, Finding) else _finding(found)


def _finding(found: Sequence[tuple[int, datetime | None]]) -> Finding:
    silent = sum(mails for mails, _ in found)
    last = max((at for _, at in found if at is not None), default=None)
    said = f"last one at {last:%Y-%m-%d %H:%M} UTC" if last else "none ever came"
    if silent:
        remedy = "look at the webhook in Resend's account: address, secret, whether it is on"
        return Finding("webhooks", "warning", f"{said}; {silent} mails left since", remedy)
    return Finding("webhooks", "ok", said)


def _silence(tx: Transaction) -> tuple[int, datetime | None]:
    """Return how many mails left since the last report, not just now, and when that came."""
    last = reports.newest_at(tx)
    since = max(last or tx.now - _LOOKED_BACK, tx.now - _LOOKED_BACK)
    mails = tx.scalar(
        sa.select(sa.func.count()).where(
            SentEmail.workspace_id == tx.workspace_id,
            SentEmail.transport != "sandbox",
            SentEmail.status.in_(sent.OUT),
            SentEmail.sent_at > since,
            SentEmail.sent_at < tx.now - _TOLD_WITHIN,
        )
    )
    return mails or 0, last
