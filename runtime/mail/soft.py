"""Soft: bounces for reasons that may pass, such as a full mailbox.

One says nothing about an address, several do: three of the last five mails that came
back so, and were not delivered after all, and the address is left alone until a person
takes it off the list again.
"""

import sqlalchemy as sa

from runtime import outbox
from runtime.crm import suppression
from runtime.db import Transaction
from runtime.mail import returned, sent
from runtime.mail.reports import Told
from runtime.models import Call, CallStatus, Contact, DeliveryStatus, Draft, SentEmail, Task

_OF, _TOO_MANY = 5, 3
_ABOUT_CONTENT = {"messagetoolarge", "contentrejected", "attachmentrejected"}
_SOURCE = "bounce:soft"


def about_content(told: Told) -> bool:
    """Tell whether a bounce is about what was sent, and so says nothing about its reader."""
    return "".join(filter(str.isalpha, told.sub_bounce)).lower() in _ABOUT_CONTENT


def is_soft(told: Told) -> bool:
    """Tell whether a report is of a bounce that may pass: by its kind, not by its event's name."""
    named = told.type == "email.bounced" or (told.type == "email.delivery_delayed" and told.bounce)
    return bool(named) and told.bounce != "Permanent" and not about_content(told)


def leave_alone_if_worn(tx: Transaction, contact: Contact, mail: SentEmail, *, actor: str) -> None:
    """Suppress an address to which too many of the last mails came back; again, it is the same.

    Runs under the locks of the contact and all its tasks.
    """
    last = tx.scalars(
        sa.select(SentEmail)
        .where(
            SentEmail.workspace_id == tx.workspace_id,
            SentEmail.contact_id == contact.id,
            SentEmail.to == mail.to,
            SentEmail.status.in_(sent.OUT),
        )
        .order_by(SentEmail.sent_at.desc())
        .limit(_OF)
    ).all()
    late = [each for each in last if each.status is DeliveryStatus.DELAYED]
    if len([each for each in late if each.soft_bounced_at is not None]) < _TOO_MANY:
        return
    why = f"{_TOO_MANY} of the last {_OF} mails to {mail.to} came back."
    suppression.suppress(tx, mail.to, reason=why, source=_SOURCE)
    if contact.email == mail.to:
        returned.stop(tx, contact, DeliveryStatus.BOUNCED, why=why, actor=actor)


def knock_again(tx: Transaction, task: Task) -> None:
    """Have a follow-up that waited for what became of the mail before it come to the gate."""
    for call in outbox.open_calls(tx, task.id):
        if call.status is CallStatus.PLANNED and _waited(tx, call):
            call.available_at = tx.now
            tx.hint("call")


def _waited(tx: Transaction, call: Call) -> bool:
    draft = tx.find(Draft, call.draft_id) if call.draft_id else None
    mail = sent.of(tx, draft) if draft else None
    checks = mail.receipt if mail else []
    return any(check["rule"] == "mail_before" and not check["passed"] for check in checks)
