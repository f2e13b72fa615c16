"""Performing: one claimed call, from the claim to its answer.

The provider is called between two transactions and in none.  Whatever happens
in between, the row says how far it came: a crash before ``admit`` repeats from
the start, one after it repeats the same bytes under the same key.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr
from typing import TypeVar

from runtime import outbox
from runtime.backoff import full_jitter
from runtime.crm import tasks
from runtime.db import Database, Transaction
from runtime.errors import RapportError, Reject, Retry, Unknown
from runtime.failpoints import pass_by
from runtime.logs import bound_contextvars, get_logger
from runtime.mail import outcomes, reading, sending, writing
from runtime.mail.inbound import effects
from runtime.models import Call, CallKind
from runtime.settings import Settings
from scheduler.integrations import Accepted, Brief, Mail, Mailer, PreviousMail, Writer, Written

LONGEST_PAUSE = 15 * 60.0
SNOOZE_SECONDS = 60.0

T = TypeVar("T")

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A call that is ours as long as its row has this fence.

    ``worn_out``: each try that it had ended with the worker's death.
    """

    workspace_id: uuid.UUID
    id: uuid.UUID
    fence: int
    kind: CallKind
    task_id: uuid.UUID
    correlation_id: uuid.UUID
    worn_out: bool = False


@dataclass(frozen=True, slots=True)
class Hands:
    """What a worker performs calls with."""

    db: Database
    settings: Settings
    mailer: Mailer
    writer: Writer


def claim(hands: Hands, workspace_id: uuid.UUID, ids: list[uuid.UUID]) -> list[Claimed]:
    """Take these calls as far as nobody else has, in a commit of its own."""
    lease = timedelta(seconds=hands.settings.lease_seconds)
    calls = hands.db.run(workspace_id, lambda tx: outbox.claim(tx, ids, lease))
    pass_by("call.claimed")
    return [_claimed(call) for call in calls]


def _claimed(call: Call) -> Claimed:
    return Claimed(
        call.workspace_id,
        call.id,
        call.fence,
        call.kind,
        call.task_id,
        call.correlation_id,
        worn_out=call.attempts > call.max_attempts,
    )


def perform(hands: Hands, claimed: Claimed) -> None:
    """Make the call and post its answer; never raises for what a provider does."""
    with bound_contextvars(
        correlation_id=str(claimed.correlation_id), call_id=str(claimed.id), call=claimed.kind.value
    ):
        match claimed.kind:
            case CallKind.WRITE:
                _write(hands, claimed)
            case CallKind.READ_REPLY:
                _read(hands, claimed)
            case CallKind.SEND_EMAIL:
                _send(hands, claimed)


def _write(hands: Hands, claimed: Claimed) -> None:
    told = under_lock(hands, claimed, writing.brief)
    if told is None:
        return
    # The mail is signed by whom it comes from, where the agent's settings say nothing else.
    told["sender_name"] = parseaddr(hands.settings.email_from)[0] or told["sender_name"]
    told["previous"] = tuple(PreviousMail(**mail) for mail in told["previous"])
    answer = ask(lambda: hands.writer.write(Brief(**told)))
    pass_by("call.answered")
    if isinstance(answer, Written):
        text = answer
        log.info("text written", writer=text.writer, output_tokens=text.output_tokens)
        under_lock(
            hands,
            claimed,
            lambda tx, call: writing.written(
                tx, call, subject=text.subject, body=text.body, writer=text.writer
            ),
        )
    else:
        trouble = answer
        under_lock(hands, claimed, lambda tx, call: _not_written(hands, tx, call, trouble))
    pass_by("call.finished")


def _send(hands: Hands, claimed: Claimed) -> None:
    admitted = under_lock(hands, claimed, lambda tx, call: sending.admit(tx, call, hands.settings))
    if admitted is None:
        return
    pass_by("call.admitted")
    mail = Mail(**admitted.envelope, idempotency_key=admitted.idempotency_key)
    answer = ask(lambda: hands.mailer.send(mail))
    pass_by("call.answered")
    if isinstance(answer, Accepted):
        accepted = answer
        log.info(
            "mail accepted",
            transport=hands.mailer.transport,
            provider_message_id=accepted.provider_message_id,
        )
        under_lock(
            hands,
            claimed,
            lambda tx, call: outcomes.accepted(tx, call, accepted.provider_message_id),
        )
    else:
        trouble, doubt = answer, admitted.in_doubt or isinstance(answer, Unknown)
        under_lock(
            hands, claimed, lambda tx, call: _not_sent(hands, tx, call, trouble, in_doubt=doubt)
        )
    pass_by("call.finished")


def _read(hands: Hands, claimed: Claimed) -> None:
    text = under_lock(hands, claimed, reading.text_of)
    if text is None:
        return
    answer = ask(lambda: hands.writer.classify(text, reading.ANSWERS))
    pass_by("call.answered")
    if isinstance(answer, str):
        kind = answer
        hands.db.run(
            claimed.workspace_id, lambda tx: effects.read(tx, claimed.id, claimed.fence, kind)
        )
    else:
        trouble = answer
        under_lock(hands, claimed, lambda tx, call: _not_read(hands, tx, call, trouble))
    pass_by("call.finished")


def ask(call: Callable[[], T]) -> T | RapportError:
    """Return what the outside answered, or what was wrong with it."""
    try:
        return call()
    except (Retry, Reject, Unknown) as trouble:
        log.warning("the outside said no", code=trouble.reason_code, error=trouble.message)
        return trouble
    # The job wrapper: an SDK may raise anything, and nobody can tell how far it had come.
    except Exception as error:
        log.exception("the outside was asked in vain")
        return Unknown(f"{type(error).__name__} in the call.", code="CALL_BROKE")


def _not_written(hands: Hands, tx: Transaction, call: Call, trouble: RapportError) -> None:
    count = not is_snooze(trouble)
    for_good = isinstance(trouble, Reject) or (count and call.attempts >= call.max_attempts)
    writing.not_written(
        tx,
        call,
        trouble.reason_code,
        trouble.message,
        retry_at=None if for_good else tx.now + _pause(hands, call, trouble),
        count=count,
    )


def _not_read(hands: Hands, tx: Transaction, call: Call, trouble: RapportError) -> None:
    count = not is_snooze(trouble)
    for_good = isinstance(trouble, Reject) or (count and call.attempts >= call.max_attempts)
    retry_at = None if for_good else tx.now + _pause(hands, call, trouble)
    reading.not_read(tx, call, trouble.reason_code, trouble.message, retry_at=retry_at, count=count)


def _not_sent(
    hands: Hands, tx: Transaction, call: Call, trouble: RapportError, *, in_doubt: bool
) -> None:
    """Decide what follows: another try, a person's question, or the end.

    ``in_doubt``: this try or an earlier one may have let the mail out.  Then a refusal
    now says nothing about it, and only the same key may ask again.
    """
    count = not is_snooze(trouble)
    over = isinstance(trouble, Reject) or (count and call.attempts >= call.max_attempts)
    code, message = trouble.reason_code, trouble.message
    if in_doubt and (over or outbox.key_expired(tx, call)):
        outcomes.unknown(tx, call, message)
    elif over:
        outcomes.not_sent(tx, call, code, message)
    else:
        retry_at = tx.now + _pause(hands, call, trouble)
        outcomes.try_again(
            tx, call, code, message, retry_at=retry_at, in_doubt=in_doubt, count=count
        )


def is_snooze(trouble: RapportError) -> bool:
    """Tell whether the outside named a long wait, as for a spent quota: that is no failed try."""
    return isinstance(trouble, Retry) and (trouble.after or 0) >= SNOOZE_SECONDS


def _pause(hands: Hands, call: Call, trouble: RapportError) -> timedelta:
    seconds = full_jitter(
        call.attempts,
        base=hands.settings.retry_base_seconds,
        cap=LONGEST_PAUSE,
        after=getattr(trouble, "after", None),
    )
    return timedelta(seconds=seconds)


def under_lock(hands: Hands, claimed: Claimed, work: Callable[[Transaction, Call], T]) -> T | None:
    """Do ``work`` on the call under its task's lock, or nothing if the call is no longer ours."""

    def locked(tx: Transaction) -> T | None:
        tasks.lock(tx, [claimed.task_id])
        call = outbox.held(tx, claimed.id, claimed.fence)
        if call is None:
            log.info("the call is no longer ours")
            return None
        return work(tx, call)

    return hands.db.run(claimed.workspace_id, locked)
