"""Fetching: one mail that came in, from its claim to what follows from it.

The provider is asked between two transactions and in none.  A worker that dies anywhere
here leaves a lease that runs out, and another fetches the mail anew: all that follows
from it is in the one transaction that also ends the arrival.
"""

import uuid
from datetime import timedelta

from runtime import arrivals
from runtime.arrivals import MOST_ATTEMPTS, Held
from runtime.backoff import full_jitter
from runtime.crm import escalations
from runtime.db import Transaction
from runtime.errors import RapportError, Reject
from runtime.failpoints import pass_by
from runtime.logs import bound_contextvars, get_logger
from runtime.mail import inbound
from runtime.mail.inbound import letter, places
from runtime.models import CallStatus, EscalationKind
from scheduler.deciding import LONGEST_PAUSE, is_snooze
from scheduler.performing import Hands, ask

_LOST = "Every worker that took this mail fell silent over it."

log = get_logger(__name__)


def claim(hands: Hands) -> Held | None:
    """Take the oldest arrival that is due, in a commit of its own."""
    now = hands.db.now()
    with hands.db.house() as connection:
        found = arrivals.claim(connection, now)
    pass_by("arrival.claimed")
    return found[0] if found else None


def fetch(hands: Hands, held: Held) -> None:
    """Fetch a mail and have it taken in; never raises for what a provider does."""
    with bound_contextvars(email_id=held.provider_email_id):
        if held.attempts > MOST_ATTEMPTS:
            _give_up(hands, held, "WORKER_LOST", _LOST)
            return
        answer = ask(lambda: hands.mailer.fetch(held.provider_email_id))
        pass_by("arrival.fetched")
        if isinstance(answer, RapportError):
            _not_fetched(hands, held, answer)
        else:
            _take_in(hands, held, letter.read(held.provider_email_id, answer))


def _take_in(hands: Hands, held: Held, read: letter.Letter) -> None:
    workspace_id = places.of(hands.db, read)
    if workspace_id is None:
        # No workspace may read it, so no row holds it; docs/decisions/0009.
        log.info("mail.nobodys")
        with hands.db.house() as connection:
            arrivals.finish(connection, held, hands.db.now(), status=CallStatus.VOID)
        return
    row = hands.db.run(workspace_id, lambda tx: inbound.take_in(tx, held, read))
    if row is not None:
        log.info("mail taken in", kind=row.kind, status=row.status.value)
    pass_by("arrival.finished")


def _not_fetched(hands: Hands, held: Held, trouble: RapportError) -> None:
    count = not is_snooze(trouble)
    if isinstance(trouble, Reject) or (count and held.attempts >= MOST_ATTEMPTS):
        _give_up(hands, held, trouble.reason_code, trouble.message)
        return
    seconds = full_jitter(
        held.attempts,
        base=hands.settings.retry_base_seconds,
        cap=LONGEST_PAUSE,
        after=getattr(trouble, "after", None),
    )
    later = hands.db.now() + timedelta(seconds=seconds)
    with hands.db.house() as connection:
        arrivals.put_back(connection, held, later, code=trouble.reason_code, count=count)
    if not count:
        # Somebody has to put that right, and nobody looks where no workspace's rows are.
        _tell(hands, held, f"receiving:{trouble.reason_code}", trouble.message)


def _give_up(hands: Hands, held: Held, code: str, message: str) -> None:
    log.error("mail given up", code=code)
    with hands.db.house() as connection:
        now = hands.db.now()
        ours = arrivals.finish(connection, held, now, status=CallStatus.FAILED, code=code)
    if ours:
        _tell(hands, held, f"arrival:{held.id}", f"A mail came in and could not be read: {message}")


def _tell(hands: Hands, held: Held, dedup_key: str, message: str) -> None:
    """Ask a person of the workspace that the mail was addressed to, if that is known."""
    if held.meant_for is not None:
        hands.db.run(
            held.meant_for, lambda tx: _ask(tx, held.provider_email_id, dedup_key, message)
        )


def _ask(tx: Transaction, email_id: str, dedup_key: str, message: str) -> uuid.UUID | None:
    asked = escalations.ask(
        tx,
        EscalationKind.QUESTION,
        f"{message} Look into the provider's account for the mail {email_id}.",
        dedup_key=dedup_key,
        actor=inbound.ACTOR,
    )
    return asked.id if asked else None
