"""Sending: the way of an approved draft to the provider's door.

Three transactions, the provider's call between the last two and in none of them:
``plan`` in the agent's turn, ``admit`` just before the call, then one of the
``outcomes``.  All run under the task's row lock.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from runtime import mailbox, outbox
from runtime.db import Transaction
from runtime.mail import gate, lapsing, outcomes, pace, quotas, sent, threads
from runtime.mail.envelope import carrier, envelope
from runtime.mail.threads import Missing
from runtime.messages import EmailRefused
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
)
from runtime.settings import Settings


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
    not_before: datetime | None = None,
) -> Call:
    """Want an approved draft sent, under a key that is the same for every try of this text.

    Wanted again while that is still to be done, it is the same call.  ``not_before``: when
    it comes to the gate at the earliest.
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
        not_before=not_before,
    )


def key(tx: Transaction, draft: Draft) -> str:
    """Return the idempotency key of a draft: the same text of the same draft, the same key.

    Another one only once the provider itself said that under the last one it sent nothing.
    """
    whole = f"{tx.workspace_id}/{draft.id}/{draft.fingerprint}"
    # A key under which the provider gave a mail up would bring the old answer for ever.
    if (mail := sent.of(tx, draft)) is not None and mail.given_up_ids:
        whole += f"/{len(mail.given_up_ids)}"
    return f"rapport-{hashlib.sha256(whole.encode()).hexdigest()[:40]}"


def admit(tx: Transaction, call: Call, settings: Settings) -> Admitted | Missing | None:
    """Ask the gate about a held call; None if it may not leave now, and all is seen to.

    Missing: it may, once the provider has been asked what the mail before it is known by.
    Commit before calling the provider: from here on it may have left.
    """
    draft = _draft(tx, call)
    task = tx.get_one(Task, (tx.workspace_id, call.task_id))
    mail = sent.made(tx, call, draft, task, settings)
    if mail.status in sent.MAY_BE_OUT and not call.in_doubt:
        outbox.finish(tx, call, CallStatus.VOID)
        outcomes.tell_if_out(tx, call, mail)
        return None
    if sent.given_up(mail) or outbox.worn_out(call):
        _let_go(tx, call, mail)
        return None
    counted = pace.binds(settings) and not call.in_doubt
    if counted:
        # First, as it may have to wait: what the gate asks about must not be read before.
        pace.lock(tx, mail.envelope or {"sender": settings.email_from})
    letter = mail.envelope or envelope(tx, draft, settings)
    contact = tx.get_one(Contact, (tx.workspace_id, task.contact_id))
    verdict = gate.ask(
        tx, call=call, draft=draft, contact=contact, settings=settings, letter=letter
    )
    mail.receipt = verdict.receipt
    by = carrier(settings)
    forgotten = outbox.key_expired(tx, call) or call.body.get("carrier", by) != by
    if call.in_doubt and (verdict.refused or forgotten):
        outcomes.unknown(tx, call, "It may have left before, and must not be sent again now.")
        return None
    if verdict.wait_until or verdict.refused:
        _turn_away(tx, call, mail, verdict, settings)
        return None
    if mail.envelope is None and (unnamed := threads.missing(tx, call, draft)):
        return unnamed
    if counted:
        pace.reserve(tx, mail, letter)
    mail.status, mail.envelope, mail.transport = DeliveryStatus.SENDING, letter, settings.transport
    admitted = Admitted(letter, call.idempotency_key or key(tx, draft), call.in_doubt)
    mail.idempotency_key = admitted.idempotency_key
    call.in_doubt, call.first_started_at = True, call.first_started_at or tx.now
    waited = {key: value for key, value in call.body.items() if key != "waits_for"}
    call.body = {**waited, "carrier": by}
    return admitted


def _tell_of_quota(tx: Transaction, verdict: gate.Verdict, settings: Settings) -> None:
    """Tell this workspace too of a quota that another may have used up."""
    waits = any(check.rule == "quota" and not check.passed for check in verdict.checks)
    if waits and (known := quotas.spent(tx, settings)) is not None and known.until > tx.now:
        quotas.tell(tx, known.quota, known.until)


def _let_go(tx: Transaction, call: Call, mail: SentEmail) -> None:
    if sent.given_up(mail):
        # Its key would bring the old answer: it was taken, though it never left.
        outcomes.not_sent(tx, call, "MAIL_GIVEN_UP", outcomes.GIVEN_UP)
    elif call.in_doubt:
        outcomes.unknown(tx, call, outcomes.NO_WORKER_ANSWERED)
    else:
        outcomes.not_sent(tx, call, "WORKER_LOST", outcomes.NO_WORKER_ANSWERED)


def _turn_away(
    tx: Transaction, call: Call, mail: SentEmail, verdict: gate.Verdict, settings: Settings
) -> None:
    if verdict.waits_for and verdict.wait_until and not verdict.lapsed:
        _tell_of_quota(tx, verdict, settings)
        call.body = {**call.body, "waits_for": verdict.waits_for.rule}
        outbox.put_back(tx, call, verdict.wait_until, count=False)
    elif verdict.refused:
        _refuse(tx, call, mail, verdict.refused)


def _refuse(tx: Transaction, call: Call, mail: SentEmail, check: gate.Check) -> None:
    mail.status = DeliveryStatus.BLOCKED
    outbox.note_error(call, check.rule.upper(), check.detail)
    outbox.finish(tx, call, CallStatus.FAILED)
    if check.rule == gate.FRESH:
        lapsing.back_to_people(tx, call, why=check.detail)
        return
    tx.record(
        "email.blocked",
        f"“{mail.subject}” did not go to {mail.to}: {check.detail}",
        actor=mailbox.SYSTEM,
        task=call.task_id,
        contact=mail.contact_id,
        sent_email_id=mail.id,
        rule=check.rule,
    )
    outcomes.tell(
        tx,
        call,
        EmailRefused(
            task_id=call.of_task,
            follow_up_id=call.follow_up_id,
            sent_email_id=mail.id,
            rule=check.rule,
            detail=check.detail,
        ),
    )


def _draft(tx: Transaction, call: Call) -> Draft:
    return tx.get_one(Draft, (tx.workspace_id, call.draft_id))
