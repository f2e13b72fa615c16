"""Outcomes: what came of a call, told to the agent that wanted it.

Each runs on a held call, under its task's lock, in the transaction that ends the call.
"""

from datetime import datetime

from runtime import mailbox, outbox
from runtime.db import Transaction
from runtime.mail import pace, sent
from runtime.messages import AboutTask, CallFailed, EmailSent, EmailUnknown
from runtime.models import (
    Call,
    CallKind,
    CallStatus,
    DeliveryStatus,
    Draft,
    FollowUp,
    SentEmail,
    Task,
)

GIVEN_UP = "The provider took this mail and gave it up: it takes another text to send it anew."
NO_WORKER_ANSWERED = "Every worker that took this call fell silent over it."


def accepted(
    tx: Transaction, call: Call, provider_message_id: str, message_id: str | None = None
) -> None:
    """Record that the transport answers for the mail, and tell the agent.

    ``message_id``: what readers know the mail by, if the transport has said so.
    """
    mail = sent.of_call(tx, call)
    mail.status, mail.sent_at = DeliveryStatus.SENT, tx.now
    mail.provider_message_id = provider_message_id
    mail.message_id = message_id or mail.message_id
    outbox.finish(tx, call)
    _announce(tx, call, mail)


def not_sent(tx: Transaction, call: Call, code: str, message: str) -> None:
    """Give up a mail that certainly did not leave; tried anew, it is put into a new envelope.

    A key that is known with other content says the opposite: under it, something has left.
    """
    if code == "IDEMPOTENCY_KEY_REUSED":
        unknown(tx, call, message)
        return
    mail = sent.of_call(tx, call)
    _nothing_left(tx, call, mail)
    outbox.note_error(call, code, message)
    mail.status, mail.envelope = DeliveryStatus.FAILED, None
    give_up(tx, call, tx.get_one(Task, (tx.workspace_id, call.task_id)))


def unknown(tx: Transaction, call: Call, detail: str, *, again: bool = False) -> None:
    """End a call of which nobody knows whether it left, and have the provider looked to.

    ``again``: nothing but the tries' number speaks against another one under the same key.
    """
    mail = sent.of_call(tx, call)
    mail.status = DeliveryStatus.UNKNOWN
    outbox.note_error(call, "OUTCOME_UNKNOWN", detail)
    outbox.finish(tx, call, CallStatus.UNKNOWN)
    look_up = outbox.plan(
        tx,
        CallKind.RECONCILE,
        agent=call.agent,
        task=tx.get_one(Task, (tx.workspace_id, call.task_id)),
        body={
            "call": str(call.id),
            "detail": detail,
            "again": again,
            "round": call.body.get("round", 0) + 1,
        },
        follow_up=tx.find(FollowUp, call.follow_up_id) if call.follow_up_id else None,
        draft=tx.get_one(Draft, (tx.workspace_id, call.draft_id)),
        causation_id=call.causation_id,
    )
    # What it asks about may have left: whoever would cancel it finds it so.
    look_up.in_doubt = True


def ask_whether_it_left(tx: Transaction, call: Call, detail: str) -> None:
    """Leave to a person what the provider could not tell either.  It must not be tried again."""
    mail = sent.of_call(tx, call)
    tell(
        tx,
        call,
        EmailUnknown(
            task_id=call.of_task,
            follow_up_id=call.follow_up_id,
            sent_email_id=mail.id,
            detail=detail,
        ),
    )


def question(mail: SentEmail) -> str:
    """Return what a person is asked about a mail of which nobody knows whether it left."""
    return (
        f"It is not known whether “{mail.subject}” reached {mail.to}. "
        "Look into the provider's log, then settle it as sent or not sent."
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
        _nothing_left(tx, call, sent.of_call(tx, call))
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
    tell(
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


def tell(tx: Transaction, call: Call, said: AboutTask) -> None:
    """Post the answer of a call to its agent: one of each type, however often it is told."""
    mailbox.post(
        tx,
        said,
        to=call.agent,
        sender=mailbox.SYSTEM,
        task=tx.get_one(Task, (tx.workspace_id, call.task_id)),
        causation_id=call.causation_id,
        dedup_key=f"call:{call.id}:{said.type}",
    )


def tell_if_out(tx: Transaction, call: Call, mail: SentEmail) -> None:
    """Tell the agent of a mail that it wants sent and that a report has shown to be out."""
    if mail.status in sent.OUT:
        tell(
            tx,
            call,
            EmailSent(
                task_id=call.of_task,
                follow_up_id=call.follow_up_id,
                sent_email_id=mail.id,
                sent_at=mail.sent_at or tx.now,
            ),
        )


def _announce(tx: Transaction, call: Call, mail: SentEmail) -> None:
    """Record that a mail is out and tell the agent that wanted it."""
    task = tx.get_one(Task, (tx.workspace_id, call.task_id))
    moment = mail.sent_at or tx.now
    tx.record(
        "email.sent",
        f"“{mail.subject}” went to {mail.to} by {mail.transport}.",
        actor=mailbox.SYSTEM,
        task=task,
        sent_email_id=mail.id,
        transport=mail.transport,
    )
    tell(
        tx,
        call,
        EmailSent(
            task_id=task.id, follow_up_id=call.follow_up_id, sent_email_id=mail.id, sent_at=moment
        ),
    )


def _nothing_left(tx: Transaction, call: Call, mail: SentEmail) -> None:
    pace.give_back(tx, mail)
    call.in_doubt, call.first_started_at = False, None
