"""Writing: what a writer is told about a mail, and what comes back.

The brief is read when the call is made, not when it was planned: the writer
knows the contact as it is now.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from runtime import mailbox, outbox
from runtime.crm import budget, opportunities, team
from runtime.crm.research import rechecking
from runtime.crm.team import OutreachSettings
from runtime.db import Transaction
from runtime.errors import Refused
from runtime.mail import drafts, grounds, merge, outcomes, staleness
from runtime.mail.envelope import sender_name
from runtime.messages import TextWritten
from runtime.models import (
    AgentKind,
    Call,
    CallKind,
    Contact,
    DeliveryStatus,
    Draft,
    FollowUp,
    SentEmail,
    Task,
)
from runtime.settings import Settings

_OUT = (DeliveryStatus.SENT, DeliveryStatus.DELIVERED, DeliveryStatus.DELAYED)


MOST_TEXTS = 50
"""Texts that one task may have, all its versions and follow-ups together."""

_SPENT = (
    f"This task has had {MOST_TEXTS} texts, more than any should need: write the mail "
    "yourself (editDraft), or assign a new task."
)


def plan(
    tx: Transaction,
    *,
    agent: AgentKind,
    task: Task,
    max_attempts: int,
    follow_up: FollowUp | None = None,
    feedback: str | None = None,
    causation_id: int | None = None,
) -> Call:
    """Want a text written: the first mail's, or a follow-up's; with ``feedback`` a new version."""
    return outbox.plan(
        tx,
        CallKind.WRITE,
        agent=agent,
        task=task,
        follow_up=follow_up,
        body={"feedback": feedback} if feedback else {},
        max_attempts=max_attempts,
        causation_id=causation_id,
    )


def asked_for(tx: Transaction, task: Task) -> bool:
    """Tell whether a text of a task's first mail was ever asked for."""
    asked = sa.exists().where(
        Call.workspace_id == tx.workspace_id,
        Call.task_id == task.id,
        Call.kind == CallKind.WRITE,
        Call.follow_up_id.is_(None),
    )
    return bool(tx.scalar(sa.select(asked)))


def brief(tx: Transaction, call: Call, settings: Settings) -> dict[str, Any] | None:
    """Return what the writer is told; plain values under the names of a ``Brief``.

    None if the call is given up instead: no worker survives it, the task has had its texts
    or its tries, or a field in our own people's words has no value for this contact.
    """
    if outbox.worn_out(call):
        not_written(tx, call, "WORKER_LOST", outcomes.NO_WORKER_ANSWERED, retry_at=None)
        return None
    if _texts(tx, call) >= MOST_TEXTS:
        not_written(tx, call, budget.SPENT, _SPENT, retry_at=None)
        return None
    if budget.is_spent(tx, call):
        not_written(tx, call, budget.SPENT, budget.SPENT_WORDS, retry_at=None)
        return None
    try:
        return _told(tx, call, sender_name(tx, settings))
    except Refused as error:
        not_written(tx, call, error.reason_code, error.message, retry_at=None)
        return None


def _told(tx: Transaction, call: Call, sender: str) -> dict[str, Any]:
    """Return the brief with its fields filled in; Refused as ``merge.resolved`` does."""
    task = tx.get_one(Task, (tx.workspace_id, call.task_id))
    contact = tx.get_one(Contact, (tx.workspace_id, task.contact_id))
    step = tx.get_one(FollowUp, (tx.workspace_id, call.follow_up_id)) if call.follow_up_id else None
    settings = team.settings_of(team.member(tx, AgentKind.OUTREACH), OutreachSettings)
    feedback = call.body.get("feedback")
    known = merge.values(contact, sender=sender)
    # A follow-up repeats our own mails; what is found out is for the first.
    if step is None:
        rechecking.recheck(tx, contact)
    handles = {} if step else grounds.chosen(tx, contact)
    told = {
        "instruction": merge.resolved(task.instruction, known, field="instruction"),
        "contact_name": known["name"] or "",
        "company": contact.company,
        "title": contact.title,
        "notes": contact.notes,
        "deal": _deal(tx, task),
        "tone": settings.tone,
        "signature": merge.resolved(settings.signature or "", known, field="signature") or None,
        "feedback": merge.resolved(feedback, known, field="feedback") if feedback else None,
        "current": _current(tx, call) if feedback else None,
        "previous": _previous(tx, task),
        "step": step.step if step else 0,
        "sender_name": sender,
        "facts": [grounds.shown(handle, fact) for handle, fact in handles.items()],
    }
    mark = staleness.knowledge(tx, contact)
    call.body = {**call.body, "known": mark, "told": grounds.kept(told, handles)}
    return told


def known(tx: Transaction, call_id: uuid.UUID, contact: Contact) -> dict[str, Any]:
    """Return what the writer of a call's text knew of the contact when last briefed.

    A call briefed by an older release kept nothing: then what is known now.
    """
    call = tx.find(Call, call_id)
    knew: dict[str, Any] | None = call.body.get("known") if call else None
    return knew or staleness.knowledge(tx, contact)


def written(
    tx: Transaction,
    call: Call,
    *,
    subject: str,
    body: str,
    writer: str,
    citations: Iterable[tuple[str, Sequence[str]]] = (),
) -> None:
    """End a held call with its text, which goes to the agent as a message.

    ``citations``: sentences, and the handles of the facts that they are said to rest on.
    """
    outbox.finish(tx, call)
    mailbox.post(
        tx,
        TextWritten(
            task_id=call.of_task,
            follow_up_id=call.follow_up_id,
            call_id=call.id,
            subject=subject,
            body=body,
            writer=writer,
            citations=grounds.cited(call, citations),
        ),
        to=call.agent,
        sender=mailbox.SYSTEM,
        task=tx.get_one(Task, (tx.workspace_id, call.task_id)),
        causation_id=call.causation_id,
        dedup_key=f"call:{call.id}:{TextWritten.type}",
    )


def not_written(
    tx: Transaction,
    call: Call,
    code: str,
    message: str,
    *,
    retry_at: datetime | None,
    count: bool = True,
) -> None:
    """Have a text tried again at ``retry_at``, or give it up."""
    outbox.note_error(call, code, message)
    task = tx.get_one(Task, (tx.workspace_id, call.task_id))
    if retry_at is None:
        outcomes.give_up(tx, call, task)
        return
    outbox.put_back(tx, call, retry_at, count=count)
    outcomes.note_retry(tx, task, code, call.error_message or message, retry_at)


def _texts(tx: Transaction, call: Call) -> int:
    """Count the texts that a call's task has had."""
    had = sa.select(sa.func.count()).where(
        Draft.workspace_id == tx.workspace_id, Draft.task_id == call.task_id
    )
    return tx.scalar(had) or 0


def _deal(tx: Transaction, task: Task) -> dict[str, str]:
    """Return what is known of the deal that a task serves; nothing if it serves none."""
    deal = opportunities.of_task(tx, task)
    if deal is None:
        return {}
    facts = {"title": deal.title, "stage": deal.stage.value, "notes": deal.notes}
    return {name: fact for name, fact in facts.items() if fact}


def _current(tx: Transaction, call: Call) -> tuple[str, str] | None:
    draft = drafts.newest(tx, call.of_task, call.follow_up_id)
    return (draft.subject, draft.body) if draft else None


def _previous(tx: Transaction, task: Task) -> list[dict[str, str]]:
    """Return the mails of this task that are out, the oldest first."""
    rows = tx.scalars(
        sa.select(SentEmail)
        .join(Draft, Draft.id == SentEmail.draft_id)
        .where(
            SentEmail.workspace_id == tx.workspace_id,
            Draft.workspace_id == tx.workspace_id,
            SentEmail.task_id == task.id,
            SentEmail.status.in_(_OUT),
        )
        .order_by(SentEmail.sent_at)
    )
    return [
        {"subject": row.subject, "body": row.body, "sent_at": f"{row.sent_at:%Y-%m-%d}"}
        for row in rows
    ]
