"""Reconciling: the provider is looked to, before a person is asked whether a mail left.

A call of its own, performed like any other: ``wanted`` says what to look for, then the
worker reads the provider's list, then ``looked_up`` or ``unreadable`` decides, each under
the task's lock.  Found is sent; not found is never taken for "did not leave": while the
key lives the same bytes may go out under it once more, and then a person is asked.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from runtime import mailbox, outbox
from runtime.crm import escalations
from runtime.db import Transaction
from runtime.mail import outcomes, sent, settling
from runtime.mail.envelope import carrier
from runtime.models import Call, CallStatus, DeliveryStatus, SentEmail, Task
from runtime.settings import Settings

SETTLES = timedelta(minutes=15)
"""A mail that the provider took is in its list by then."""

CLOCKS_DIFFER = timedelta(minutes=5)
"""By how much the provider's clock may be off from ours."""

MOST_ROUNDS = 2
"""How often a mail that is not in the list is tried again under its key."""

RAPPORT = "Rapport"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mail at the provider.  ``certain``: it bears our tag, not only the same words."""

    provider_message_id: str
    certain: bool
    at: datetime | None


def wanted(tx: Transaction, call: Call, settings: Settings) -> dict[str, Any] | None:
    """Return what to look for; None if that is settled meanwhile, or cannot be looked up."""
    mail = sent.of_call(tx, call)
    if _settled(tx, call, mail):
        return None
    tried = _tried(tx, call)
    letter = mail.envelope
    if letter is None or tried.body.get("carrier") != carrier(settings):
        _ask(tx, call, "It was handed to an account that is not set up here any more.")
        return None
    return {
        "idempotency_key": mail.idempotency_key,
        "to": letter["to"],
        "subject": letter["subject"],
        "text": letter["text"],
        "tags": letter["tags"],
        "since": (tried.first_started_at or mail.created_at) - CLOCKS_DIFFER,
        "until": (tried.finished_at or tx.now) + CLOCKS_DIFFER,
    }


def taken(connection: sa.Connection, ids: Collection[str]) -> set[str]:
    """Return those of the provider's ids that are known as other mails of ours.

    Runs under ``Database.dispatch``: the account is the deployment's, not the workspace's.
    """
    query = sa.select(SentEmail.provider_message_id).where(SentEmail.provider_message_id.in_(ids))
    return {id_ for id_ in connection.scalars(query) if id_ is not None}


def looked_up(
    tx: Transaction, call: Call, found: Sequence[Candidate], known: Collection[str]
) -> None:
    """Settle the mail from what the whole list holds; ``known``: ids of other mails of ours."""
    mail = sent.of_call(tx, call)
    if _settled(tx, call, mail):
        return
    possible = [c for c in found if c.provider_message_id not in {*known, *mail.given_up_ids}]
    chosen = [c for c in possible if c.certain] or possible
    if not chosen:
        _not_found(tx, call, mail)
    elif len(chosen) == 1 and (chosen[0].certain or not _has_a_twin(tx, mail)):
        _found(tx, call, mail, chosen[0])
    else:
        _ask(tx, call, "More than one mail at the provider may be this one.")


def unreadable(
    tx: Transaction,
    call: Call,
    code: str,
    message: str,
    *,
    retry_at: datetime | None,
    count: bool = True,
) -> None:
    """Have the list read again at ``retry_at``, or ask a person if it cannot be read at all."""
    if _settled(tx, call, sent.of_call(tx, call)):
        return
    outbox.note_error(call, code, message)
    if retry_at is None:
        _ask(tx, call, message)
    else:
        outbox.put_back(tx, call, retry_at, count=count)


def give_up(tx: Transaction, call: Call, message: str) -> None:
    """Ask a person, as the look-up breaks whoever makes it."""
    if not _settled(tx, call, sent.of_call(tx, call)):
        _ask(tx, call, message)


def _settled(tx: Transaction, call: Call, mail: SentEmail) -> bool:
    if mail.status is DeliveryStatus.UNKNOWN:
        return False
    outbox.finish(tx, call, CallStatus.VOID)
    return True


def _found(tx: Transaction, call: Call, mail: SentEmail, candidate: Candidate) -> None:
    outbox.finish(tx, call)
    task = tx.get_one(Task, (tx.workspace_id, call.task_id))
    tried_at = sent.tried_at(tx, mail)
    at = max(tried_at, min(candidate.at or tried_at, tx.now))
    mail.provider_message_id = candidate.provider_message_id
    settling.as_sent(tx, mail, task, who=RAPPORT, sender=mailbox.SYSTEM, at=at)
    escalations.settle_of_mail(tx, mail, "SENT", by=RAPPORT)


def _not_found(tx: Transaction, call: Call, mail: SentEmail) -> None:
    tried = _tried(tx, call)
    shown_by = (tried.finished_at or tx.now) + SETTLES
    if tx.now < shown_by:
        outbox.note_error(call, "NOT_IN_THE_LIST_YET", "The provider's list does not show it yet.")
        outbox.put_back(tx, call, shown_by, count=False)
        return
    again = call.body["again"] and call.body["round"] <= MOST_ROUNDS
    if again and not outbox.key_expired(tx, tried):
        _try_again(tx, call, tried, mail)
    else:
        looked = f"{tx.now:%Y-%m-%d %H:%M} UTC"
        _ask(tx, call, f"The provider's list did not show it at {looked}.")


def _try_again(tx: Transaction, call: Call, tried: Call, mail: SentEmail) -> None:
    """Have the same bytes go out under the same key, which still lives: it is one mail."""
    outbox.finish(tx, call)
    outbox.reopen(tx, tried)
    tried.body = {**tried.body, "round": call.body["round"]}
    mail.status = DeliveryStatus.SENDING
    tx.record(
        "call.repeated",
        f"The provider's list does not show “{mail.subject}”; it is tried again under its key.",
        actor=mailbox.SYSTEM,
        task=tx.get_one(Task, (tx.workspace_id, call.task_id)),
        sent_email_id=mail.id,
    )


def _ask(tx: Transaction, call: Call, detail: str) -> None:
    outbox.finish(tx, call)
    outcomes.ask_whether_it_left(tx, call, f"{call.body['detail']} {detail}")


def _tried(tx: Transaction, call: Call) -> Call:
    return tx.get_one(Call, (tx.workspace_id, uuid.UUID(call.body["call"])))


def _has_a_twin(tx: Transaction, mail: SentEmail) -> bool:
    """Tell whether another mail of ours with the same words for the same reader is in doubt."""
    twin = sa.exists().where(
        SentEmail.workspace_id == tx.workspace_id,
        SentEmail.id != mail.id,
        SentEmail.to == mail.to,
        SentEmail.subject == mail.subject,
        SentEmail.status.in_((DeliveryStatus.UNKNOWN, DeliveryStatus.SENDING)),
    )
    return bool(tx.scalar(sa.select(twin)))
