"""Enrolling: room for one more task of a contact whom another writes to already."""

from runtime import outbox
from runtime.crm import enrolment, tasks
from runtime.crm.enrolment import IfEnrolled
from runtime.db import Transaction
from runtime.errors import Conflict
from runtime.mail import follow_ups, sent, stopping
from runtime.models import Contact, Task


def make_room(
    tx: Transaction, contact: Contact, if_enrolled: IfEnrolled, *, who: str
) -> Task | None:
    """Make room for a task of a locked contact; return the one that it has to wait for."""
    match if_enrolled:
        case IfEnrolled.REFUSE:
            enrolment.refuse_while_enrolled(tx, contact.id, field="contactId")
        case IfEnrolled.QUEUE_AFTER:
            return next(iter(enrolment.others(tx, contact.id)), None)
        case IfEnrolled.REPLACE:
            _replace(tx, contact, who=who)
    return None


def _replace(tx: Transaction, contact: Contact, *, who: str) -> None:
    reason = f"{who} gave another task for the contact in its place."
    tasks.lock(tx, {task.id for task in enrolment.others(tx, contact.id)})
    # Once more, under the locks: one of them may have come to its end meanwhile.
    for task in enrolment.others(tx, contact.id):
        calls = outbox.open_calls(tx, task.id)
        if any(call.in_doubt for call in calls) or sent.any_unknown(tx, task):
            raise Conflict(
                f"A mail of task {enrolment.name(task.id)} may be on its way: see what came of "
                "it, then replace.",
                code="MAIL_ON_ITS_WAY",
                field="contactId",
            )
        follow_ups.cancel_open(tx, task, reason=reason, actor=who)
        stopping.end(tx, task, reason=reason, actor=who)
