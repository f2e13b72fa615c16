"""Deciding: what follows when the outside said no, or nothing.

Another try and when, a person's question, or the end.  Each runs on a held call, under
its task's lock.
"""

from datetime import datetime, timedelta

from runtime import outbox
from runtime.backoff import full_jitter
from runtime.crm.pipeline import wording
from runtime.crm.research import reading as pages
from runtime.db import Transaction
from runtime.errors import RapportError, Reject, Retry
from runtime.mail import outcomes, quotas, reading, reconciling, writing
from runtime.mail.envelope import carrier
from runtime.models import Call
from runtime.settings import Settings

LONGEST_PAUSE = 15 * 60.0
SNOOZE_SECONDS = 60.0


def not_written(settings: Settings, tx: Transaction, call: Call, trouble: RapportError) -> None:
    """Have the text asked for again, unless the writer said no or was asked often enough."""
    retry_at, count = _again(settings, tx, call, trouble)
    writing.not_written(
        tx,
        call,
        trouble.reason_code,
        trouble.message,
        retry_at=retry_at,
        count=count,
    )


def not_sent(
    settings: Settings, tx: Transaction, call: Call, trouble: RapportError, *, in_doubt: bool
) -> None:
    """Decide what follows: another try, a person's question, or the end.

    ``in_doubt``: this try or an earlier one may have let the mail out.  Then a refusal
    now says nothing about it, and only the same key may ask again.
    """
    count = not is_snooze(trouble)
    over = _is_over(call, trouble)
    code, message = trouble.reason_code, trouble.message
    if in_doubt and (over or outbox.key_expired(tx, call)):
        outcomes.unknown(tx, call, message, again=not isinstance(trouble, Reject))
    elif over:
        outcomes.not_sent(tx, call, code, message)
    else:
        retry_at = _next_try(settings, tx, call, trouble)
        outcomes.try_again(
            tx, call, code, message, retry_at=retry_at, in_doubt=in_doubt, count=count
        )


def not_read(settings: Settings, tx: Transaction, call: Call, trouble: RapportError) -> None:
    """Have the provider's list read again, unless it is closed to us or was asked often enough."""
    retry_at, count = _again(settings, tx, call, trouble)
    reconciling.unreadable(
        tx,
        call,
        trouble.reason_code,
        trouble.message,
        retry_at=retry_at,
        count=count,
    )


def reply_not_read(settings: Settings, tx: Transaction, call: Call, trouble: RapportError) -> None:
    """Have a reply sorted by the model later, or let it be what the rules made of it."""
    retry_at, count = _again(settings, tx, call, trouble)
    reading.not_read(tx, call, trouble.reason_code, trouble.message, retry_at=retry_at, count=count)


def page_not_read(settings: Settings, tx: Transaction, call: Call, trouble: RapportError) -> None:
    """Have a listed page read later, unless it is refused or was asked for often enough."""
    retry_at, count = _again(settings, tx, call, trouble)
    pages.not_read(tx, call, trouble.reason_code, trouble.message, retry_at=retry_at, count=count)


def finding_not_worded(
    settings: Settings, tx: Transaction, call: Call, trouble: RapportError
) -> None:
    """Have a finding worded once more, or let the rule's words be.

    Each try counts, whatever the outside wants us to wait for: nobody waits for a wording.
    """
    over = isinstance(trouble, Reject) or call.attempts >= call.max_attempts
    retry_at = None if over else tx.now + _pause(settings, call, trouble)
    wording.not_told(tx, call, trouble.reason_code, trouble.message, retry_at=retry_at)


def _again(
    settings: Settings, tx: Transaction, call: Call, trouble: RapportError
) -> tuple[datetime | None, bool]:
    """Return when the next try is, None if there is none, and whether this one counts."""
    retry_at = None if _is_over(call, trouble) else tx.now + _pause(settings, call, trouble)
    return retry_at, not is_snooze(trouble)


def _is_over(call: Call, trouble: RapportError) -> bool:
    """Tell whether a try was the last: the outside said no, or was asked often enough."""
    worn_out = not is_snooze(trouble) and call.attempts >= call.max_attempts
    return isinstance(trouble, Reject) or worn_out


def _next_try(settings: Settings, tx: Transaction, call: Call, trouble: RapportError) -> datetime:
    """Return when the next try is; a quota that is used up is everybody's, and is told."""
    quota = quotas.BY_CODE.get(trouble.reason_code)
    after = getattr(trouble, "after", None)
    if quota is None or after is None or call.draft_id is None:
        return tx.now + _pause(settings, call, trouble)
    until = tx.now + timedelta(seconds=after)
    quotas.note_spent(tx, carrier(settings), quota, until)
    return quotas.turn(call.draft_id, until)


def is_snooze(trouble: RapportError) -> bool:
    """Tell whether the outside only wants us to wait: that is no failed try.

    For long, as for a spent quota, or because others were quicker to use up the moment.
    """
    paced = trouble.reason_code == "MAIL_RATE_LIMITED"
    return isinstance(trouble, Retry) and (paced or (trouble.after or 0) >= SNOOZE_SECONDS)


def _pause(settings: Settings, call: Call, trouble: RapportError) -> timedelta:
    seconds = full_jitter(
        call.attempts,
        base=settings.retry_base_seconds,
        cap=LONGEST_PAUSE,
        after=getattr(trouble, "after", None),
    )
    return timedelta(seconds=seconds)
