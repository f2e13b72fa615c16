"""Reading: a reply's tone, told by a model after all that matters has been done.

Planned with the reply, performed like any call.  The model is shown the text as data and
returns one word of a list; that word is shown to people, and one of them ("unsubscribe")
grants a wish.  A model that fails, or is not there, changes nothing.
"""

from datetime import datetime
from typing import Any

from runtime import mailbox, outbox
from runtime.crm import budget
from runtime.db import Transaction
from runtime.messages import QuestionAsked
from runtime.models import (
    WORDS,
    AgentKind,
    Call,
    CallKind,
    CallStatus,
    Contact,
    Reply,
    ReplyKind,
    SentEmail,
    Task,
)

MAX_ATTEMPTS = 3
LONGEST = 4_000
"""Characters of a reply that a model is shown."""
ANSWERS = (*WORDS[1:], ReplyKind.UNSUBSCRIBE)
"""All that a model may say."""


def plan(tx: Transaction, reply: Reply, sent: SentEmail | None) -> Call | None:
    """Want a reply read; None if it answers no mail of ours, as there is no task to do it for."""
    if sent is None or not reply.text.strip():
        return None
    return outbox.plan(
        tx,
        CallKind.READ_REPLY,
        agent=AgentKind.FOLLOW_UP,
        task=tx.get_one(Task, (tx.workspace_id, sent.task_id)),
        body={"reply_id": str(reply.id)},
        max_attempts=MAX_ATTEMPTS,
    )


def text_of(tx: Transaction, call: Call) -> str | None:
    """Return what is to be read; None if the call is given up, or a person was quicker."""
    reply = reply_of(tx, call)
    if outbox.worn_out(call) or reply is None or reply.kind != ReplyKind.HUMAN:
        outbox.finish(tx, call, CallStatus.VOID)
        return None
    if budget.is_spent(tx, call):
        not_read(tx, call, budget.SPENT, budget.SPENT_WORDS, retry_at=None, count=True)
        return None
    return reply.text[:LONGEST]


def note(tx: Transaction, call: Call, contact: Contact, kind: str) -> Reply | None:
    """End a held call with what was read; return the reply if that is news.

    A word that is not on the list is no answer, and a person's word is not overruled.
    """
    outbox.finish(tx, call)
    reply = reply_of(tx, call)
    if reply is None or reply.kind != ReplyKind.HUMAN or kind not in ANSWERS:
        return None
    reply.kind = kind
    tx.record(
        "reply.read",
        f"{contact.name}'s reply was read as {kind}.",
        actor=AgentKind.FOLLOW_UP.value,
        contact=contact,
        task=call.task_id,
        reply_id=reply.id,
        kind=kind,
    )
    if kind == ReplyKind.QUESTION:
        _tell_of_question(tx, call, reply)
    return reply


def _tell_of_question(tx: Transaction, call: Call, reply: Reply) -> None:
    """Have the outreach agent hand a question to a person, once."""
    mailbox.post(
        tx,
        QuestionAsked(task_id=call.of_task, reply_id=reply.id),
        to=AgentKind.OUTREACH,
        sender=mailbox.SYSTEM,
        task=tx.get_one(Task, (tx.workspace_id, call.task_id)),
        dedup_key=f"asked:{reply.id}",
    )


def not_read(
    tx: Transaction, call: Call, code: str, message: str, *, retry_at: datetime | None, count: bool
) -> None:
    """Have it read later, or never: then it stays what the rules took it for."""
    outbox.note_error(call, code, message)
    if retry_at is None:
        outbox.finish(tx, call, CallStatus.FAILED)
    else:
        outbox.put_back(tx, call, retry_at, count=count)


def reply_of(tx: Transaction, call: Call) -> Reply | None:
    """Return the reply that a call is about."""
    given: dict[str, Any] = call.body
    return tx.find(Reply, given.get("reply_id"))
