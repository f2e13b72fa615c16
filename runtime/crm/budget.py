"""Budget: how much one task may cost, however its agents came to want it.

Counted from rows, so that it holds over crashes, retries and releases.  Sending is never
counted: an approved mail leaves whatever was spent on its words.
"""

import uuid

import sqlalchemy as sa

from runtime import mailbox
from runtime.db import Transaction
from runtime.models import Call, CallKind, Message, Task

SPENT = "BUDGET_SPENT"

MOST_MODEL_CALLS = 150
"""Tries of a task's calls that ask a model, all texts, replies and pages together."""
MOST_MESSAGES = 300
"""Messages that agents may send each other about one task."""

_ASKS_A_MODEL = (CallKind.WRITE, CallKind.READ_REPLY, CallKind.READ_PAGE)
SPENT_WORDS = (
    f"This task has asked a model {MOST_MODEL_CALLS} times, more than any should need: write "
    "the mail yourself (editDraft), or assign a new task."
)


# Built once: that costs more than the database takes to answer them.
_TRIES = sa.select(sa.func.sum(Call.attempts)).where(
    Call.workspace_id == sa.bindparam("workspace"),
    Call.task_id == sa.bindparam("task"),
    Call.kind.in_(_ASKS_A_MODEL),
)
_SAID = sa.select(sa.func.count()).select_from(
    sa.select(Message.id)
    .where(
        Message.workspace_id == sa.bindparam("workspace"),
        Message.task_id == sa.bindparam("task"),
        Message.recipient_id.is_not(None),
        Message.sender.not_in((mailbox.PERSON, mailbox.SYSTEM)),
    )
    .limit(MOST_MESSAGES)
    .subquery()
)


def is_spent(tx: Transaction, call: Call) -> bool:
    """Tell whether a claimed call's task has had all its tries before this one."""
    tries = tx.scalar(_TRIES, {"workspace": tx.workspace_id, "task": call.task_id})
    return (tries or 0) > MOST_MODEL_CALLS


def may_be_said(tx: Transaction, task: Task) -> bool:
    """Count one more message of an agent to another about a task; False if it is one too many.

    Looks into the table once for each task and transaction.
    """
    said: dict[uuid.UUID, int] = tx.info.setdefault("said", {})
    if task.id not in said:
        # What the transaction has yet to write is about other tasks: it need not be written now.
        with tx.no_autoflush:
            asked = {"workspace": tx.workspace_id, "task": task.id}
            said[task.id] = tx.scalar(_SAID, asked) or 0
    said[task.id] += 1
    return said[task.id] <= MOST_MESSAGES
