"""Settling: a mail of which nobody knew whether it left turns out to have left.

Runs under its task's lock.  From there on the story goes on as if the transport had
said so at once.
"""

from datetime import datetime

import sqlalchemy as sa

from runtime import mailbox
from runtime.db import Transaction
from runtime.messages import EmailSent
from runtime.models import (
    AgentKind,
    DeliveryStatus,
    Escalation,
    EscalationKind,
    SentEmail,
    Task,
)


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


def withdraw_question(tx: Transaction, mail: SentEmail, task: Task, *, who: str) -> None:
    """Settle what asked a person whether this mail left, if something still does."""
    asked = tx.scalars(
        sa.select(Escalation)
        .where(
            Escalation.workspace_id == tx.workspace_id,
            Escalation.sent_email_id == mail.id,
            Escalation.kind == EscalationKind.OUTCOME_UNKNOWN,
            Escalation.resolved_at.is_(None),
        )
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    for escalation in asked:
        escalation.resolved_at, escalation.resolved_by = tx.now, who
        escalation.resolution = "SENT"
        tx.record(
            "escalation.resolved",
            f"{who} settled it: SENT",
            actor=who,
            task=task,
            escalation_id=escalation.id,
        )
