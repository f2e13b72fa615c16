"""Unsubscribing: somebody uses the link in a mail of ours, and is left alone from then on.

The token names the mail, so that it works as long as the mail lies in their mailbox:
after the contact took another address, and after it was erased.
"""

from dataclasses import dataclass
from enum import StrEnum

from runtime.crm import contacts, suppression, tasks, workspaces
from runtime.db import Transaction
from runtime.mail import stopping, tokens
from runtime.models import Contact, ContactStatus, SentEmail

ACTOR = "recipient"


class Way(StrEnum):
    """How somebody said it; the value stands in the reason."""

    ONE_CLICK = "by one click in their mail program"
    PAGE = "on our page"


@dataclass(frozen=True, slots=True)
class Wish:
    """Whose mail a token is about.  ``email`` is empty when it is no longer known.

    ``done``: nothing more comes to them from here.
    """

    workspace: str
    email: str
    done: bool


def look(tx: Transaction, token: str) -> Wish | None:
    """Return what a token is about, and change nothing; None for a token that is none."""
    mail = tokens.mail_of(tx, token, tokens.UNSUBSCRIBE)
    if mail is None:
        return None
    contact = contacts.wanted(tx, mail.contact_id)
    return _wish(tx, mail, contact, done=_done(tx, mail, contact))


def take(tx: Transaction, token: str, way: Way) -> Wish | None:
    """Leave the reader of this mail alone: the list, the contact, and all that is open.

    Done already, it changes nothing and says so (``done``).  None for a token that is none.
    """
    mail = tokens.mail_of(tx, token, tokens.UNSUBSCRIBE)
    if mail is None:
        return None
    contact = contacts.wanted(tx, mail.contact_id, lock=True)
    # Before anything is written: who locks a whole contact holds its tasks as well.
    tasks.lock_of_contact(tx, contact)
    if _done(tx, mail, contact):
        return _wish(tx, mail, contact, done=True)
    reason = f"Unsubscribed {way.value}, from “{mail.subject}”."
    # The wish is a person's: it holds for the address they have by now as well.
    for email in sorted({mail.to, contact.email}):
        suppression.asked(tx, email, reason=reason, source=suppression.UNSUBSCRIBE)
    if contact.status is not ContactStatus.COMPLAINED:
        contact.status = ContactStatus.UNSUBSCRIBED
    contact.updated_at = tx.now
    tx.record(
        "contact.unsubscribed",
        f"{contact.name} is left alone. {reason}",
        actor=ACTOR,
        contact=contact,
        task=mail.task_id,
        sent_email_id=mail.id,
        way=way.name,
    )
    stopping.left_alone(tx, contact, reason=reason, actor=ACTOR)
    return _wish(tx, mail, contact, done=False)


def _done(tx: Transaction, mail: SentEmail, contact: Contact) -> bool:
    """Tell whether their wish is on record; what they wrote to us since may have taken it back."""
    if contact.erased_at is not None:
        return True
    if contact.status not in (ContactStatus.UNSUBSCRIBED, ContactStatus.COMPLAINED):
        return False
    entry = suppression.entry(tx, mail.to)
    if entry is None or not entry.source.startswith(suppression.WISHES):
        return False
    return contact.replied_at is None or contact.replied_at <= entry.created_at


def _wish(tx: Transaction, mail: SentEmail, contact: Contact, *, done: bool) -> Wish:
    email = "" if contact.erased_at else mail.to
    return Wish(workspaces.here(tx).name, email, done)
