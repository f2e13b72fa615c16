"""Settling: a mail of which nobody knew whether it left turns out to have left.

Runs under its task's lock.  From there on the story goes on as if the transport had
said so at once.
"""

from datetime import datetime

from runtime import mailbox
from runtime.db import Transaction
from runtime.messages import EmailSent
from runtime.models import AgentKind, DeliveryStatus, SentEmail, Task


def as_sent(
    tx: Transaction, mail: SentEmail, task: Task | None, *, who: str, sender: str, at: datetime
) -> None:
    """Go on from a mail that left at ``at``, and tell its agent."""
    mail.status, mail.sent_at = DeliveryStatus.SENT, at
    tx.record(
        "email.sent",
        f"{who} found that “{mail.subject}” reached {mail.to}.",
        actor=who,
        task=task,
        sent_email_id=mail.id,
    )
    said = EmailSent(
        task_id=mail.task_id, follow_up_id=mail.follow_up_id, sent_email_id=mail.id, sent_at=at
    )
    to = AgentKind.FOLLOW_UP if mail.follow_up_id else AgentKind.OUTREACH
    mailbox.post(tx, said, to=to, sender=sender, task=task)
