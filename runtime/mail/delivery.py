"""Delivery: what a report changes about a mail, and about whom it went to.

Reports come late, twice and in any order.  Each has a rank, and only one that ranks
higher than what is known changes the mail's state: the end is the same in every
order.  All of it happens in one transaction, under the locks of the tasks it touches.
"""

from datetime import datetime

from runtime import mailbox, outbox
from runtime.crm import contacts, escalations, tasks
from runtime.db import Transaction
from runtime.logs import get_logger
from runtime.mail import (
    breaker,
    outcomes,
    reports,
    requeueing,
    returned,
    sent,
    settling,
    soft,
)
from runtime.mail.reports import Told
from runtime.models import CallKind, Contact, DeliveryStatus, SentEmail, Task

RESEND = "resend"

_RANKS = (
    DeliveryStatus.SENT,
    DeliveryStatus.DELAYED,
    DeliveryStatus.FAILED,
    DeliveryStatus.DELIVERED,
    DeliveryStatus.BOUNCED,
    DeliveryStatus.COMPLAINED,
)
_MEANS = {
    "email.sent": DeliveryStatus.SENT,
    # Scanners open and click too: it left, and more is not known from it.
    "email.opened": DeliveryStatus.SENT,
    "email.clicked": DeliveryStatus.SENT,
    "email.delivery_delayed": DeliveryStatus.DELAYED,
    "email.failed": DeliveryStatus.FAILED,
    "email.delivered": DeliveryStatus.DELIVERED,
    # The provider did not even try an address that had bounced before.
    "email.suppressed": DeliveryStatus.BOUNCED,
    "email.complained": DeliveryStatus.COMPLAINED,
}
_SAYS = {
    DeliveryStatus.DELAYED: "has not reached {} yet; it is still being tried",
    DeliveryStatus.FAILED: "was given up by the provider before it left for {}",
    DeliveryStatus.DELIVERED: "reached {}",
    DeliveryStatus.BOUNCED: "came back: {} cannot be reached",
    DeliveryStatus.COMPLAINED: "was reported as spam by {}",
}

log = get_logger(__name__)


def take(tx: Transaction, svix_id: str, told: Told) -> bool:
    """Keep a report and act on it; False if this workspace knows no such mail.

    The same report again changes nothing.
    """
    mail = reports.mail_of(tx, told)
    if mail is None:
        return False
    if contacts.wanted(tx, mail.contact_id, lock=True).erased_at is not None:
        told = reports.without_words(told)
    status = _meaning(told)
    if reports.keep(tx, mail, svix_id, told) and status is not None:
        _merge(tx, mail, told, status)
    return True


def _meaning(told: Told) -> DeliveryStatus | None:
    """Return the state a report speaks of; None for a type that changes nothing."""
    if told.type != "email.bounced":
        return _MEANS.get(told.type)
    # By the kind of bounce: a full mailbox may come under this name too, or a mail that was
    # too large, and neither is a reason never to write again.
    for_good = told.bounce == "Permanent" and not soft.about_content(told)
    return DeliveryStatus.BOUNCED if for_good else DeliveryStatus.DELAYED


def _merge(tx: Transaction, mail: SentEmail, told: Told, status: DeliveryStatus) -> None:
    stops, may_pass = status in returned.STOPS, soft.is_soft(told)
    contact, task = _locked(tx, mail, whole=stops or may_pass)
    tx.refresh(mail)
    if _is_about(mail, told, status):
        _raise(tx, mail, task, told, status)
    else:
        log.warning("a report on another mail under the same tags", type=told.type)
    known = contact.erased_at is None
    if stops and known:
        why = _summary(mail, told, status)
        returned.leave_alone(tx, contact, mail, status, why=why, actor=RESEND)
    if stops:
        breaker.check(tx)
    elif may_pass and known:
        soft.leave_alone_if_worn(tx, contact, mail, actor=RESEND)


def _is_about(mail: SentEmail, told: Told, status: DeliveryStatus) -> bool:
    """Tell whether a report speaks of the mail as it stands, and not of an earlier try of it.

    Of a try that the provider gave up it says nothing new, unless that it left after all.
    """
    if told.message_id in mail.given_up_ids:
        left = _RANKS.index(status) > _RANKS.index(DeliveryStatus.FAILED)
        return left and mail.provider_message_id is None
    return mail.provider_message_id in (None, told.message_id)


def _locked(tx: Transaction, mail: SentEmail, *, whole: bool) -> tuple[Contact, Task]:
    """Lock the mail's task; ``whole``: the contact and all its tasks, in the order of all."""
    contact = contacts.wanted(tx, mail.contact_id, lock=whole)
    if whole:
        tasks.lock_of_contact(tx, contact)
    return contact, tasks.wanted(tx, mail.task_id)


def _raise(
    tx: Transaction, mail: SentEmail, task: Task, told: Told, status: DeliveryStatus
) -> None:
    if not sent.is_known_out(mail):
        _confirm(tx, mail, task, told)
    mail.provider_message_id = told.message_id
    mail.message_id = mail.message_id or told.known_as
    if status is DeliveryStatus.DELIVERED:
        at = _bounded(tx, mail, told.at)
        mail.delivered_at = min(at, mail.delivered_at or at)
    if status is DeliveryStatus.DELAYED:
        mail.delayed_at = mail.delayed_at or _bounded(tx, mail, told.at)
    if soft.is_soft(told):
        mail.soft_bounced_at = mail.soft_bounced_at or _bounded(tx, mail, told.at)
    if _RANKS.index(status) <= _RANKS.index(mail.status):
        return
    if mail.status is DeliveryStatus.DELAYED:
        soft.knock_again(tx, task)
    mail.status = status
    tx.record(
        f"email.{told.type.removeprefix('email.')}",
        _summary(mail, told, status),
        actor=RESEND,
        task=task,
        sent_email_id=mail.id,
        status=status.value,
    )
    if status is DeliveryStatus.FAILED:
        give_up = requeueing.requeue if requeueing.may(tx, mail, task, told) else returned.given_up
        give_up(tx, mail, task, why=_summary(mail, told, status), actor=RESEND)


def _confirm(tx: Transaction, mail: SentEmail, task: Task, told: Told) -> None:
    """Go on as if the provider had accepted the mail in its answer, and ask nobody any more."""
    calls = [c for c in outbox.open_calls(tx, task.id) if c.draft_id == mail.draft_id]
    if sends := [call for call in calls if call.kind is CallKind.SEND_EMAIL]:
        outcomes.accepted(tx, sends[0], told.message_id)
    else:
        outbox.void(tx, calls)
        at = max(_bounded(tx, mail, told.accepted_at), sent.tried_at(tx, mail))
        settling.as_sent(tx, mail, task, who=RESEND, sender=mailbox.SYSTEM, at=at)
    escalations.settle_of_mail(tx, mail, "SENT", by=RESEND)


def _bounded(tx: Transaction, mail: SentEmail, moment: datetime | None) -> datetime:
    """Return a moment of the provider's clock, which may be off, within what is possible."""
    return max(mail.created_at, min(moment or tx.now, tx.now))


def _summary(mail: SentEmail, told: Told, status: DeliveryStatus) -> str:
    extra = f" ({told.detail.rstrip('.')})" if told.detail else ""
    return f"“{mail.subject}” {_SAYS[status].format(mail.to)}{extra}."
