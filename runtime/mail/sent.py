"""Sent: the one row of each draft that came to the gate, and what it lets people decide."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from runtime import outbox
from runtime.db import Transaction
from runtime.models import Call, DeliveryStatus, Draft, SentEmail, Task, new_id
from runtime.settings import Settings

OUT = (
    DeliveryStatus.SENT,
    DeliveryStatus.DELIVERED,
    DeliveryStatus.DELAYED,
    DeliveryStatus.BOUNCED,
    DeliveryStatus.COMPLAINED,
)
"""Mails that the provider took."""

MAY_BE_OUT = (*OUT, DeliveryStatus.UNKNOWN)
"""Mails that must not be tried again, and about which nobody can decide anew."""


def of(tx: Transaction, draft: Draft) -> SentEmail | None:
    """Return the sent row of a draft, if it ever came to the gate."""
    return tx.scalars(
        sa.select(SentEmail).where(
            SentEmail.workspace_id == tx.workspace_id, SentEmail.draft_id == draft.id
        )
    ).one_or_none()


def may_be_out(tx: Transaction, draft: Draft) -> bool:
    """Tell whether a draft's mail has left, or may have."""
    sent = of(tx, draft)
    return sent is not None and sent.status in MAY_BE_OUT


def given_up(sent: SentEmail) -> bool:
    """Tell whether the provider took a mail and then did not send it."""
    return sent.status is DeliveryStatus.FAILED and sent.provider_message_id is not None


def is_known_out(sent: SentEmail) -> bool:
    """Tell whether it is known that the provider took a mail, whatever became of it then."""
    return sent.status in OUT or given_up(sent)


def first_of(tx: Transaction, task: Task) -> SentEmail | None:
    """Return the row of a task's first mail, of its newest version that came to the gate."""
    return tx.scalars(
        sa.select(SentEmail)
        .where(
            SentEmail.workspace_id == tx.workspace_id,
            SentEmail.task_id == task.id,
            SentEmail.follow_up_id.is_(None),
        )
        .order_by(SentEmail.created_at.desc())
        .limit(1)
    ).one_or_none()


def any_unknown(tx: Transaction, task: Task) -> bool:
    """Tell whether of any mail of a task nobody knows whether it left."""
    unknown = sa.exists().where(
        SentEmail.workspace_id == tx.workspace_id,
        SentEmail.task_id == task.id,
        SentEmail.status == DeliveryStatus.UNKNOWN,
    )
    return bool(tx.scalar(sa.select(unknown)))


def tried_at(tx: Transaction, mail: SentEmail) -> datetime:
    """Return when a mail in doubt was first handed over; it may have waited long before."""
    first = tx.scalar(
        sa.select(sa.func.max(Call.first_started_at)).where(
            Call.workspace_id == tx.workspace_id,
            Call.task_id == mail.task_id,
            Call.draft_id == mail.draft_id,
        )
    )
    return first or mail.created_at


def of_call(tx: Transaction, call: Call) -> SentEmail:
    """Return the sent row of a call that was at the gate."""
    sent = of(tx, tx.get_one(Draft, (tx.workspace_id, call.draft_id)))
    if sent is None:
        raise LookupError(f"call {call.id} has no sent row")
    return sent


def made(tx: Transaction, call: Call, draft: Draft, task: Task, settings: Settings) -> SentEmail:
    """Return the one row of this draft, made at its first coming to the gate."""
    return of(tx, draft) or tx.insert(
        SentEmail,
        id=new_id(),
        task_id=draft.task_id,
        follow_up_id=draft.follow_up_id,
        contact_id=task.contact_id,
        draft_id=draft.id,
        to=draft.to,
        subject=draft.subject,
        body=draft.body,
        status=DeliveryStatus.BLOCKED,
        transport=settings.transport,
        idempotency_key=call.idempotency_key,
        created_at=tx.now,
    )


def call_off(tx: Transaction, calls: Iterable[Call]) -> None:
    """Drop calls of which nothing has left; a mail among them is no longer on its way."""
    for call in calls:
        outbox.void(tx, [call])
        not_on_its_way(tx, call)


def not_on_its_way(tx: Transaction, call: Call) -> None:
    """Show that a mail of which nothing has left will not leave by this call."""
    if call.draft_id is None:
        return
    draft = tx.get_one(Draft, (tx.workspace_id, call.draft_id))
    if (sent := of(tx, draft)) is not None and sent.status is DeliveryStatus.SENDING:
        sent.status, sent.envelope = DeliveryStatus.FAILED, None
