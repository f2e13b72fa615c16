"""Sending: the way of an approved draft through the gate, and what came of it.

Three transactions, the provider's call between the last two and in none of them:
``plan`` in the agent's turn, ``admit`` just before the call, then one of
``accepted``, ``not_sent``, ``unknown``.  All run under the task's row lock.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from runtime import mailbox, outbox
from runtime.db import Transaction
from runtime.mail import gate
from runtime.mail.envelope import envelope
from runtime.messages import CallFailed, EmailRefused, EmailSent, EmailUnknown
from runtime.models import (
    AgentKind,
    Call,
    CallKind,
    CallStatus,
    Contact,
    DeliveryStatus,
    Draft,
    FollowUp,
    SentEmail,
    Task,
    new_id,
)
from runtime.settings import Settings

MAY_BE_OUT = (
    DeliveryStatus.SENT,
    DeliveryStatus.DELIVERED,
    DeliveryStatus.DELAYED,
    DeliveryStatus.BOUNCED,
    DeliveryStatus.COMPLAINED,
    DeliveryStatus.UNKNOWN,
)
"""Mails that must not be tried again, and about which nobody can decide anew."""
NO_WORKER_ANSWERED = "Every worker that took this call fell silent over it."


@dataclass(frozen=True, slots=True)
class Admitted:
    """The mail may leave, now, as it stands here.

    ``in_doubt``: an earlier try may have let it out already.
    """

    envelope: dict[str, Any]
    idempotency_key: str
    in_doubt: bool


def plan(
    tx: Transaction,
    draft: Draft,
    *,
    agent: AgentKind,
    task: Task,
    max_attempts: int,
    follow_up: FollowUp | None = None,
    causation_id: int | None = None,
) -> Call:
    """Want an approved draft sent, under a key that is the same for every try of this text.

    Wanted again while that is still to be done, it is the same call.
    """
    for call in outbox.open_calls(tx, task.id):
        if call.draft_id == draft.id:
            return call
    return outbox.plan(
        tx,
        CallKind.SEND_EMAIL,
        agent=agent,
        task=task,
        follow_up=follow_up,
        draft=draft,
        max_attempts=max_attempts,
        idempotency_key=key(tx, draft),
        causation_id=causation_id,
    )


def key(tx: Transaction, draft: Draft) -> str:
    """Return the idempotency key of a draft: the same text of the same draft, the same key."""
    whole = f"{tx.workspace_id}/{draft.id}/{draft.fingerprint}"
    return f"rapport-{hashlib.sha256(whole.encode()).hexdigest()[:40]}"


def admit(tx: Transaction, call: Call, settings: Settings) -> Admitted | None:
    """Ask the gate about a held call; None if it may not leave now, and all is seen to.

    Commit before calling the provider: from here on it may have left.
    """
    draft = _draft(tx, call)
    task = tx.get_one(Task, (tx.workspace_id, call.task_id))
    contact = tx.get_one(Contact, (tx.workspace_id, task.contact_id))
    sent = _row(tx, call, draft, contact, settings)
    if sent.status in MAY_BE_OUT and not call.in_doubt:
        outbox.finish(tx, call, CallStatus.VOID)
        return None
    if outbox.worn_out(call):
        _let_go(tx, call)
        return None
    letter = sent.envelope or envelope(draft, settings)
    verdict = gate.ask(
        tx, call=call, draft=draft, contact=contact, settings=settings, letter=letter
    )
    sent.receipt = verdict.receipt
    if call.in_doubt and (verdict.refused or outbox.key_expired(tx, call)):
        unknown(tx, call, "It may have left before, and must not be sent again now.")
        return None
    if verdict.wait_until:
        outbox.put_back(tx, call, verdict.wait_until, count=False)
        return None
    if verdict.refused:
        _refuse(tx, call, sent, verdict.refused)
        return None
    sent.status, sent.envelope, sent.transport = DeliveryStatus.SENDING, letter, settings.transport
    admitted = Admitted(letter, call.idempotency_key or key(tx, draft), call.in_doubt)
    call.in_doubt, call.first_started_at = True, call.first_started_at or tx.now
    return admitted


def accepted(tx: Transaction, call: Call, provider_message_id: str) -> None:
    """Record that the transport answers for the mail, and tell the agent."""
    sent = _sent(tx, call)
    sent.status, sent.sent_at = DeliveryStatus.SENT, tx.now
    sent.provider_message_id = provider_message_id
    outbox.finish(tx, call)
    announce_sent(tx, call, sent)


def announce_sent(tx: Transaction, call: Call, sent: SentEmail) -> None:
    """Record that a mail is out and tell the agent that wanted it."""
    task = tx.get_one(Task, (tx.workspace_id, call.task_id))
    moment = sent.sent_at or tx.now
    tx.record(
        "email.sent",
        f"“{sent.subject}” went to {sent.to} by {sent.transport}.",
        actor=mailbox.SYSTEM,
        task=task,
        sent_email_id=sent.id,
        transport=sent.transport,
    )
    _tell(
        tx,
        call,
        EmailSent(
            task_id=task.id, follow_up_id=call.follow_up_id, sent_email_id=sent.id, sent_at=moment
        ),
    )


def not_sent(tx: Transaction, call: Call, code: str, message: str) -> None:
    """Give up a mail that certainly did not leave; tried anew, it is put into a new envelope.

    A key that is known with other content says the opposite: under it, something has left.
    """
    if code == "IDEMPOTENCY_KEY_REUSED":
        unknown(tx, call, message)
        return
    _nothing_left(call)
    outbox.note_error(call, code, message)
    sent = _sent(tx, call)
    sent.status, sent.envelope = DeliveryStatus.FAILED, None
    give_up(tx, call, tx.get_one(Task, (tx.workspace_id, call.task_id)))


def unknown(tx: Transaction, call: Call, detail: str) -> None:
    """Leave to a person what nobody knows: whether it left.  It must not be tried again."""
    sent = _sent(tx, call)
    sent.status = DeliveryStatus.UNKNOWN
    outbox.note_error(call, "OUTCOME_UNKNOWN", detail)
    outbox.finish(tx, call, CallStatus.UNKNOWN)
    _tell(
        tx,
        call,
        EmailUnknown(
            task_id=call.task_id,
            follow_up_id=call.follow_up_id,
            sent_email_id=sent.id,
            detail=detail,
        ),
    )


def try_again(
    tx: Transaction,
    call: Call,
    code: str,
    message: str,
    *,
    retry_at: datetime,
    in_doubt: bool,
    count: bool = True,
) -> None:
    """Have a mail tried again: the same bytes under the same key.

    Unless it is ``in_doubt`` nothing has left, and the key's time begins anew.
    """
    if not in_doubt:
        _nothing_left(call)
    outbox.note_error(call, code, message)
    outbox.put_back(tx, call, retry_at, count=count)
    task = tx.get_one(Task, (tx.workspace_id, call.task_id))
    note_retry(tx, task, code, call.error_message or message, retry_at)


def note_retry(tx: Transaction, task: Task, code: str, message: str, retry_at: datetime) -> None:
    """Show on the task what is in the way and when the next try is."""
    task.error_code, task.error_message, task.retry_at = code, message, retry_at
    task.updated_at = tx.now
    tx.record(
        "call.postponed",
        f"{message} Next try at {retry_at:%Y-%m-%d %H:%M:%S} UTC.",
        actor=mailbox.SYSTEM,
        task=task,
        code=code,
        retry_at=retry_at.isoformat(),
    )


def give_up(tx: Transaction, call: Call, task: Task) -> None:
    """End a call for good and tell the agent that it came to nothing."""
    outbox.finish(tx, call, CallStatus.FAILED)
    _tell(
        tx,
        call,
        CallFailed(
            task_id=task.id,
            follow_up_id=call.follow_up_id,
            call_id=call.id,
            call=call.kind.value,
            code=call.error_code or "ERROR",
            message=call.error_message or "",
        ),
    )


def sent_of(tx: Transaction, draft: Draft) -> SentEmail | None:
    """Return the sent row of a draft, if it ever came to the gate."""
    return tx.scalars(
        sa.select(SentEmail).where(
            SentEmail.workspace_id == tx.workspace_id, SentEmail.draft_id == draft.id
        )
    ).one_or_none()


def may_be_out(tx: Transaction, draft: Draft) -> bool:
    """Tell whether a draft's mail has left, or may have."""
    sent = sent_of(tx, draft)
    return sent is not None and sent.status in MAY_BE_OUT


def _let_go(tx: Transaction, call: Call) -> None:
    if call.in_doubt:
        unknown(tx, call, NO_WORKER_ANSWERED)
    else:
        not_sent(tx, call, "WORKER_LOST", NO_WORKER_ANSWERED)


def _refuse(tx: Transaction, call: Call, sent: SentEmail, check: gate.Check) -> None:
    sent.status = DeliveryStatus.BLOCKED
    outbox.note_error(call, check.rule.upper(), check.detail)
    outbox.finish(tx, call, CallStatus.FAILED)
    tx.record(
        "email.blocked",
        f"“{sent.subject}” did not go to {sent.to}: {check.detail}",
        actor=mailbox.SYSTEM,
        task=call.task_id,
        contact=sent.contact_id,
        sent_email_id=sent.id,
        rule=check.rule,
    )
    _tell(
        tx,
        call,
        EmailRefused(
            task_id=call.task_id,
            follow_up_id=call.follow_up_id,
            sent_email_id=sent.id,
            rule=check.rule,
            detail=check.detail,
        ),
    )


def _row(
    tx: Transaction, call: Call, draft: Draft, contact: Contact, settings: Settings
) -> SentEmail:
    """Return the one row of this draft, made at its first coming to the gate."""
    return sent_of(tx, draft) or tx.insert(
        SentEmail,
        id=new_id(),
        task_id=draft.task_id,
        follow_up_id=draft.follow_up_id,
        contact_id=contact.id,
        draft_id=draft.id,
        to=draft.to,
        subject=draft.subject,
        body=draft.body,
        status=DeliveryStatus.BLOCKED,
        transport=settings.transport,
        idempotency_key=call.idempotency_key,
        created_at=tx.now,
    )


def _nothing_left(call: Call) -> None:
    call.in_doubt, call.first_started_at = False, None


def _tell(
    tx: Transaction, call: Call, said: EmailSent | EmailRefused | EmailUnknown | CallFailed
) -> None:
    mailbox.post(
        tx,
        said,
        to=call.agent,
        sender=mailbox.SYSTEM,
        task=tx.get_one(Task, (tx.workspace_id, call.task_id)),
        causation_id=call.causation_id,
        dedup_key=f"call:{call.id}:{said.type}",
    )


def _draft(tx: Transaction, call: Call) -> Draft:
    return tx.get_one(Draft, (tx.workspace_id, call.draft_id))


def _sent(tx: Transaction, call: Call) -> SentEmail:
    sent = sent_of(tx, _draft(tx, call))
    if sent is None:
        raise LookupError(f"call {call.id} has no sent row")
    return sent
