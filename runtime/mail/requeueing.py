"""Requeueing: a mail that the provider took, and then did not send for want of quota.

That is nobody's fault but the account's.  The provider itself says, signed, that under
this id nothing was sent, so the same text goes out once more after the reset, under its
approval and a new key: the old one would bring the old answer.  The old id is kept, so
that a report on it is not taken for one on the new try.
"""

import sqlalchemy as sa

from runtime import mailbox
from runtime.crm import tasks
from runtime.db import Transaction
from runtime.mail import follow_ups, pace, quotas, sent
from runtime.mail.reports import Told
from runtime.messages import TaskRetried
from runtime.models import (
    AgentKind,
    Call,
    CallKind,
    FollowUp,
    FollowUpStatus,
    SentEmail,
    Task,
    TaskStatus,
)

_MOST = 3
"""A provider that gives a mail up more often is for a person to look at."""

_GOES_ON = (TaskStatus.SENDING, TaskStatus.BLOCKED, TaskStatus.COMPLETED)


def may(tx: Transaction, mail: SentEmail, task: Task, told: Told) -> bool:
    """Tell whether a mail that was given up may go out once more by itself."""
    return (
        "quota" in told.detail.lower()
        and len(mail.given_up_ids) < _MOST
        and task.status in _GOES_ON
        and _account(tx, mail) is not None
        and not _written_since(tx, mail)
    )


def requeue(tx: Transaction, mail: SentEmail, task: Task, *, why: str, actor: str) -> None:
    """Have a mail that was given up sent once more after the reset, as if it had never left."""
    quota, until = ("month" if "month" in why.lower() else "day"), quotas.next_day(tx.now)
    quotas.note_spent(tx, _account(tx, mail) or "", quota, until)
    at = quotas.turn(mail.draft_id, until)
    # It takes another place on the day that it goes out again.
    pace.give_back(tx, mail)
    mail.given_up_ids = [*mail.given_up_ids, mail.provider_message_id or ""]
    mail.provider_message_id = mail.envelope = None
    mail.sent_at = mail.delayed_at = mail.soft_bounced_at = None
    summary = f"{why} It goes out once more from {at:%Y-%m-%d %H:%M} UTC on, as it was approved."
    step = tx.get_one(FollowUp, (tx.workspace_id, mail.follow_up_id)) if mail.follow_up_id else None
    follow_ups.put_off_after(tx, task, step.step if step else 0, at)
    if step is not None:
        step.due_at = at
        follow_ups.move(tx, step, FollowUpStatus.SCHEDULED, actor=actor, summary=summary)
    else:
        tasks.move(tx, task, TaskStatus.QUEUED, "task.requeued", summary, actor=actor)
    said = TaskRetried(task_id=task.id, follow_up_id=mail.follow_up_id, not_before=at)
    agent = AgentKind.FOLLOW_UP if step else AgentKind.OUTREACH
    mailbox.post(tx, said, to=agent, sender=mailbox.SYSTEM, task=task)


def _account(tx: Transaction, mail: SentEmail) -> str | None:
    """Return whose quota it was: the account that the mail was handed to."""
    body = tx.scalar(
        sa.select(Call.body)
        .where(
            Call.workspace_id == tx.workspace_id,
            Call.task_id == mail.task_id,
            Call.draft_id == mail.draft_id,
            Call.kind == CallKind.SEND_EMAIL,
            Call.body.has_key("carrier"),
        )
        .order_by(Call.created_at.desc())
        .limit(1)
    )
    return str(body["carrier"]) if body else None


def _written_since(tx: Transaction, mail: SentEmail) -> bool:
    """Tell whether a later mail of the task is out: then this one would come out of its order."""
    later = sa.exists().where(
        SentEmail.workspace_id == tx.workspace_id,
        SentEmail.task_id == mail.task_id,
        SentEmail.created_at > mail.created_at,
        SentEmail.status.in_(sent.MAY_BE_OUT),
    )
    return bool(tx.scalar(sa.select(later)))
