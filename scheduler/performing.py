"""Performing: one claimed call, from the claim to its answer.

The provider is called between two transactions and in none.  Whatever happens
in between, the row says how far it came: a crash before ``admit`` repeats from
the start, one after it repeats the same bytes under the same key.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from runtime import outbox
from runtime.crm import tasks
from runtime.crm.pipeline import wording
from runtime.crm.research import reading as pages
from runtime.db import Database, Transaction
from runtime.errors import RapportError, Reject, Retry, Unknown
from runtime.failpoints import pass_by
from runtime.logs import bound_contextvars, get_logger
from runtime.mail import outcomes, reading, reconciling, sending, threads, writing
from runtime.mail.inbound import effects
from runtime.mail.reconciling import Candidate
from runtime.mail.threads import Missing
from runtime.models import Call, CallKind
from runtime.settings import Settings
from scheduler import deciding
from scheduler.integrations import (
    Accepted,
    Brief,
    KnownFact,
    Mail,
    Mailer,
    PreviousMail,
    Sought,
    Writer,
    Written,
)
from scheduler.integrations.web import Reader

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
    task_id: uuid.UUID | None
    correlation_id: uuid.UUID
    worn_out: bool = False


@dataclass(frozen=True, slots=True)
class Hands:
    """What a worker performs calls with."""

    db: Database
    settings: Settings
    mailer: Mailer
    writer: Writer
    reader: Reader


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
        _PERFORM[claimed.kind](hands, claimed)


def _write(hands: Hands, claimed: Claimed) -> None:
    told = under_lock(hands, claimed, lambda tx, call: writing.brief(tx, call, hands.settings))
    if told is None:
        return
    told["previous"] = tuple(PreviousMail(**mail) for mail in told["previous"])
    told["facts"] = tuple(KnownFact(**fact) for fact in told["facts"])
    answer = ask(lambda: hands.writer.write(Brief(**told)))
    pass_by("call.answered")
    if isinstance(answer, Written):
        text = answer
        log.info("text written", writer=text.writer, output_tokens=text.output_tokens)
        under_lock(
            hands,
            claimed,
            lambda tx, call: writing.written(
                tx,
                call,
                subject=text.subject,
                body=text.body,
                writer=text.writer,
                citations=[(each.sentence, each.facts) for each in text.citations],
            ),
        )
    else:
        trouble = answer
        under_lock(
            hands, claimed, lambda tx, call: deciding.not_written(hands.settings, tx, call, trouble)
        )
    pass_by("call.finished")


def _send(hands: Hands, claimed: Claimed) -> None:
    while isinstance(admitted := _admitted(hands, claimed), Missing):
        if not _looked_up(hands, claimed, admitted):
            return
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
            lambda tx, call: outcomes.accepted(
                tx, call, accepted.provider_message_id, accepted.message_id
            ),
        )
    else:
        trouble, doubt = answer, admitted.in_doubt or isinstance(answer, Unknown)
        under_lock(
            hands,
            claimed,
            lambda tx, call: deciding.not_sent(hands.settings, tx, call, trouble, in_doubt=doubt),
        )
    pass_by("call.finished")


def _admitted(hands: Hands, claimed: Claimed) -> sending.Admitted | Missing | None:
    return under_lock(hands, claimed, lambda tx, call: sending.admit(tx, call, hands.settings))


def _looked_up(hands: Hands, claimed: Claimed, asked: Missing) -> bool:
    """Ask what the mail before is known by; False if that comes later, or the call was lost."""
    answer = ask(lambda: hands.mailer.message_id(asked.provider_message_id))
    pass_by("call.looked_up")
    return bool(
        under_lock(hands, claimed, lambda tx, call: _learnt(hands, tx, call, asked, answer))
    )


def _learnt(
    hands: Hands, tx: Transaction, call: Call, asked: Missing, answer: str | RapportError | None
) -> bool:
    """Keep an answer; after a failure ask again later, but not to the end of the call's tries."""
    last = call.attempts >= call.max_attempts
    if isinstance(answer, RapportError) and not (isinstance(answer, Reject) or last):
        deciding.not_sent(hands.settings, tx, call, answer, in_doubt=False)
        return False
    found, otherwise = (
        (None, answer.message)
        if isinstance(answer, RapportError)
        else (answer, "The mail before it is not known to the provider.")
    )
    threads.learn(tx, call, asked, found, otherwise=otherwise)
    return True


def _reconcile(hands: Hands, claimed: Claimed) -> None:
    sought = under_lock(
        hands, claimed, lambda tx, call: reconciling.wanted(tx, call, hands.settings)
    )
    if sought is None:
        return
    answer = ask(lambda: hands.mailer.find(Sought(**sought)))
    pass_by("call.answered")
    if isinstance(answer, RapportError):
        trouble = answer
        under_lock(
            hands, claimed, lambda tx, call: deciding.not_read(hands.settings, tx, call, trouble)
        )
    else:
        found = [Candidate(each.provider_message_id, each.certain, each.at) for each in answer]
        with hands.db.dispatch() as connection:
            known = reconciling.taken(connection, [each.provider_message_id for each in found])
        under_lock(hands, claimed, lambda tx, call: reconciling.looked_up(tx, call, found, known))
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
        under_lock(
            hands,
            claimed,
            lambda tx, call: deciding.reply_not_read(hands.settings, tx, call, trouble),
        )
    pass_by("call.finished")


def _read_page(hands: Hands, claimed: Claimed) -> None:
    asked = under_lock(hands, claimed, pages.wanted)
    if asked is None:
        return
    answer = ask(lambda: _quoted(hands, asked))
    pass_by("call.answered")
    if isinstance(answer, pages.Told):
        told = answer
        under_lock(hands, claimed, lambda tx, call: pages.read(tx, call, told))
    else:
        trouble = answer
        under_lock(
            hands,
            claimed,
            lambda tx, call: deciding.page_not_read(hands.settings, tx, call, trouble),
        )
    pass_by("call.finished")


def _quoted(hands: Hands, asked: pages.Asked) -> pages.Told:
    """Read a page and choose from it; the model is shown only what a reader would see."""
    page = hands.reader.read(asked.url)
    quotes = hands.writer.quote(page.text, asked.about) if page.text else ()
    return pages.Told(page.url, page.title, page.text, tuple(quotes), hands.writer.name)


def _word(hands: Hands, claimed: Claimed) -> None:
    shown = under_lock(hands, claimed, wording.wanted)
    if shown is None:
        return
    answer = ask(lambda: wording.checked(shown, hands.writer.word(shown.title, shown.why)))
    pass_by("call.answered")
    if isinstance(answer, str):
        text = answer
        under_lock(
            hands,
            claimed,
            lambda tx, call: wording.told(tx, call, shown, text, hands.writer.name),
        )
    else:
        trouble = answer
        under_lock(
            hands,
            claimed,
            lambda tx, call: deciding.finding_not_worded(hands.settings, tx, call, trouble),
        )
    pass_by("call.finished")


_PERFORM = {
    CallKind.WRITE: _write,
    CallKind.SEND_EMAIL: _send,
    CallKind.RECONCILE: _reconcile,
    CallKind.READ_REPLY: _read,
    CallKind.READ_PAGE: _read_page,
    CallKind.WORD_FINDING: _word,
}


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


def under_lock(hands: Hands, claimed: Claimed, work: Callable[[Transaction, Call], T]) -> T | None:
    """Do ``work`` on the call under its task's lock, or nothing if the call is no longer ours."""

    def locked(tx: Transaction) -> T | None:
        tasks.lock(tx, [claimed.task_id] if claimed.task_id else [])
        call = outbox.held(tx, claimed.id, claimed.fence)
        if call is None:
            log.info("the call is no longer ours")
            return None
        return work(tx, call)

    return hands.db.run(claimed.workspace_id, locked)
