"""Provider: whether the one who carries the mail takes it now, and has settled the one before."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import sqlalchemy as sa

from runtime.db import Transaction
from runtime.mail import quotas
from runtime.mail.gate.check import Check
from runtime.models import OPEN_CALL, Call, DeliveryStatus, Draft, SentEmail
from runtime.settings import Settings

SETTLED_WITHIN = timedelta(hours=72)
"""A mail that has not arrived by then is not waited for any longer."""

_LOOK_AGAIN = timedelta(minutes=10)
"""How long after the turn of the mail before it is known what became of that."""

_LOOK_AT_PEOPLES = timedelta(days=1)
"""How often it is looked at whether people have seen to it; the approval lapses meanwhile."""


def quota(tx: Transaction, draft: Draft, settings: Settings) -> Iterator[Check]:
    """Have real mail wait while the account's quota is used up."""
    if settings.email_sending != "ENABLED":
        return
    known = quotas.spent(tx, settings)
    turn = quotas.turn(draft.id, known.until) if known else tx.now
    if known and turn > tx.now:
        yield Check("quota", False, quotas.says(known.quota, known.until), turn)
    else:
        yield Check("quota", True, "No quota at the provider is known to be used up.")


def mail_before(tx: Transaction, draft: Draft) -> Iterator[Check]:
    """Have a follow-up wait for what becomes of the mail before it."""
    before = _newest_other(tx, draft) if draft.follow_up_id else None
    if before is None:
        return
    if before.status is DeliveryStatus.DELAYED:
        until = (before.delayed_at or before.created_at) + SETTLED_WITHIN
        if until > tx.now:
            yield Check("mail_before", False, "The mail before it has not arrived yet.", until)
            return
    if before.sent_at is None and before.given_up_ids:
        turn = _turn(tx, before)
        waits_for = "to be sent once more" if turn else "for a person to see to it"
        until = max(turn, tx.now) + _LOOK_AGAIN if turn else tx.now + _LOOK_AT_PEOPLES
        yield Check("mail_before", False, f"The mail before it waits {waits_for}.", until)
        return
    yield Check("mail_before", True, "Nothing is awaited of the mail before it.")


def _turn(tx: Transaction, mail: SentEmail) -> datetime | None:
    """Return when a mail comes to the gate next; None if nothing is planned for it."""
    return tx.scalar(
        sa.select(sa.func.min(Call.available_at)).where(
            Call.workspace_id == tx.workspace_id,
            Call.task_id == mail.task_id,
            Call.draft_id == mail.draft_id,
            Call.status.in_(OPEN_CALL),
        )
    )


def _newest_other(tx: Transaction, draft: Draft) -> SentEmail | None:
    """Return the newest mail of the task that belongs to another step."""
    return tx.scalars(
        sa.select(SentEmail)
        .where(
            SentEmail.workspace_id == tx.workspace_id,
            SentEmail.task_id == draft.task_id,
            SentEmail.follow_up_id.is_distinct_from(draft.follow_up_id),
        )
        .order_by(SentEmail.created_at.desc())
        .limit(1)
    ).one_or_none()
