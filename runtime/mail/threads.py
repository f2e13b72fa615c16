"""Threads: which mails a follow-up continues, so that its reader finds them together.

A mail program puts a mail under the one that it names, some only if the subject is the same
too.  So a mail belongs to the thread of those before it that have its subject, but for
``Re:``; another subject begins another thread.  A mail is named by its Message-ID, which
the sandbox gives at once and Resend tells later, in a report or when it is asked.
"""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from runtime.db import Transaction
from runtime.mail import drafts, sent
from runtime.models import Call, Draft, FollowUp, SentEmail, Task

_RE = re.compile(r"^(?:\s*re\s*:)+\s*", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"<[!-;=?-~]+@[!-;=?-~]+>")
_LONGEST_ID = 250
_LONGEST_CHAIN = 900
"""Characters of References; a line of a mail's head has at most 998."""
_GIVEN_UP = "no_thread"
"""Where a call keeps why the mail before its own cannot be named."""


@dataclass(frozen=True, slots=True)
class Missing:
    """The mail before, whose Message-ID only the provider can tell."""

    mail_id: uuid.UUID
    provider_message_id: str


def subject(tx: Transaction, task: Task, step: FollowUp, written: str) -> str:
    """Return the subject of a follow-up's next version: that of the mail before it, with Re:.

    A subject that a person gave an earlier version stays.
    """
    last = drafts.newest(tx, task.id, step.id)
    if last is not None and last.writer.startswith("person:"):
        return last.subject
    before = _out(tx, task.id)
    return f"Re: {_RE.sub('', before[-1].subject)}" if before else written


def headers(tx: Transaction, draft: Draft) -> dict[str, str]:
    """Return the headers that put a follow-up into its thread; none if it begins one."""
    ids = [mail.message_id for mail in _earlier(tx, draft) if mail.message_id]
    return {"In-Reply-To": ids[-1], "References": _chain(ids)} if ids else {}


def missing(tx: Transaction, call: Call, draft: Draft) -> Missing | None:
    """Return the mail before, if its Message-ID has still to be asked for."""
    before = _earlier(tx, draft)[-1:]
    if not before or before[0].message_id or _GIVEN_UP in call.body:
        return None
    if (known_as := before[0].provider_message_id) is None:
        return None
    return Missing(before[0].id, known_as)


def learn(
    tx: Transaction, call: Call, asked: Missing, message_id: str | None, *, otherwise: str
) -> None:
    """Keep what the provider said of the mail before; ``otherwise``: why it goes without it."""
    mail = tx.get_one(SentEmail, (tx.workspace_id, asked.mail_id))
    mail.message_id = mail.message_id or spelled(message_id or "")
    if mail.message_id is None:
        call.body = {**call.body, _GIVEN_UP: otherwise}


def standing(call: Call, letter_headers: dict[str, str]) -> str:
    """Return how a follow-up stands to the mails before it, for its receipt."""
    why = call.body.get(_GIVEN_UP)
    if "In-Reply-To" in letter_headers:
        return "It goes into the thread of the mails before it."
    return f"It goes without a thread: {why}" if why else "It begins a thread of its own."


def spelled(text: str) -> str | None:
    """Return a Message-ID in angle brackets, as mails are named by it; None if it is none."""
    text = text.strip()
    whole = text if text.startswith("<") else f"<{text}>"
    return whole if len(whole) <= _LONGEST_ID and _MESSAGE_ID.fullmatch(whole) else None


def _earlier(tx: Transaction, draft: Draft) -> Sequence[SentEmail]:
    if draft.follow_up_id is None:
        return []
    return [mail for mail in _out(tx, draft.task_id) if _bare(mail.subject) == _bare(draft.subject)]


def _out(tx: Transaction, task_id: uuid.UUID) -> Sequence[SentEmail]:
    """Return the mails of a task that are out, the oldest first."""
    return tx.scalars(
        sa.select(SentEmail)
        .where(
            SentEmail.workspace_id == tx.workspace_id,
            SentEmail.task_id == task_id,
            SentEmail.status.in_(sent.OUT),
        )
        .order_by(SentEmail.sent_at, SentEmail.id)
    ).all()


def _bare(subject_: str) -> str:
    return " ".join(_RE.sub("", subject_).split()).casefold()


def _chain(ids: list[str]) -> str:
    """Return the ids in a row; of too many the first and the latest, as mail programs do."""
    kept = list(ids)
    while len(" ".join(kept)) > _LONGEST_CHAIN:
        del kept[1]
    return " ".join(kept)
