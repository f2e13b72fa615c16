"""What a person may do with the suppression list: take an address off it, if that is ours to do.

What we decided ourselves, we may undo.  What somebody asked of us, only they can take
back, by writing to us; and a complaint nobody takes back.
"""

import uuid

import sqlalchemy as sa

from runtime.crm import erased, suppression
from runtime.db import Transaction
from runtime.desk.words import required
from runtime.errors import Refused
from runtime.models import Contact, ContactStatus, Reply, Suppression

LONGEST_REASON = 500

OURS = ("person:", "import:", *suppression.BOUNCES, "reply")
"""How the sources begin that are no act of the contact: people here, a list of ours, a mail
that bounced, and what was only read out of a reply.  Any other counts as the contact's wish."""

CONSENTING = ("human", "positive", "question")
"""Kinds of reply by which somebody takes back that they wanted no mail."""

_LIFTED = (ContactStatus.DO_NOT_CONTACT, ContactStatus.BOUNCED, ContactStatus.UNSUBSCRIBED)


def remove(
    tx: Transaction, *, who: str, suppression_id: uuid.UUID, reason: str, owner: bool = False
) -> Contact | None:
    """Take an address off the list; return its contact, if there is one, who may be written to.

    What was cancelled when the address came onto the list stays cancelled.  ``owner``: whether
    the one who asks is the workspace's owner, who alone may let somebody back who was erased.
    """
    why = required(reason, "reason", longest=LONGEST_REASON)
    contact = _contact(tx, suppression.wanted(tx, suppression_id).email)
    entry = suppression.wanted(tx, suppression_id, lock=True)
    if entry.email is None:
        _refuse_unless_theirs_again(entry, owner=owner)
    else:
        _refuse_complained(entry, contact)
        _refuse_own_wish(tx, entry, contact)
    if contact is not None and contact.status in _LIFTED and contact.erased_at is None:
        contact.status = ContactStatus.REPLIED if contact.replied_at else ContactStatus.ACTIVE
        contact.updated_at = tx.now
    tx.record(
        "suppression.removed",
        f"{who} took {name(entry)} off the suppression list: {why}",
        actor=who,
        contact=contact,
        suppression_id=entry.id,
        reason=why,
        was={"reason": entry.reason, "source": entry.source, "since": entry.created_at},
    )
    tx.delete(entry)
    return contact


def name(entry: Suppression) -> str:
    """Return how people read an entry: its address, or when its owner was erased."""
    return entry.email or f"erased on {entry.created_at:%Y-%m-%d}"


def _contact(tx: Transaction, email: str | None) -> Contact | None:
    """Lock the contact first, as ``contacts.suppress`` does."""
    return tx.scalars(
        sa.select(Contact)
        .where(Contact.workspace_id == tx.workspace_id, Contact.email == email)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()


def _refuse_unless_theirs_again(entry: Suppression, *, owner: bool) -> None:
    if entry.source == erased.SOURCE and not owner:
        raise Refused(
            "Somebody was erased at their own wish. Only an owner may let them back, with their "
            "new consent for the reason.",
            code="ERASED",
            field="suppressionId",
        )


def _refuse_complained(entry: Suppression, contact: Contact | None) -> None:
    complained = contact is not None and contact.status is ContactStatus.COMPLAINED
    if complained or entry.source.startswith(suppression.COMPLAINTS):
        raise Refused(
            f"{entry.email} reported our mail as spam: that is not taken back.",
            code="COMPLAINED",
            field="suppressionId",
        )


def _refuse_own_wish(tx: Transaction, entry: Suppression, contact: Contact | None) -> None:
    if _own_wish(entry, contact) and not _wrote_since(tx, entry, contact):
        raise Refused(
            f"{entry.email} asked for no more mail. Only they can take that back: record the "
            "reply in which they do, then remove the suppression.",
            code="OWN_WISH",
            field="suppressionId",
        )


def _own_wish(entry: Suppression, contact: Contact | None) -> bool:
    """Tell whether the contact wanted it, as far as we know; in doubt, they did."""
    if contact is not None and contact.status is ContactStatus.UNSUBSCRIBED:
        # They may have unsubscribed after one of us had put them onto the list already.
        return not entry.source.startswith("reply")
    if contact is not None and contact.status is ContactStatus.BOUNCED:
        return False
    return not entry.source.startswith(OURS)


def _wrote_since(tx: Transaction, entry: Suppression, contact: Contact | None) -> bool:
    if contact is None:
        return False
    return bool(
        tx.scalar(
            sa.select(
                sa.exists().where(
                    Reply.workspace_id == tx.workspace_id,
                    Reply.contact_id == contact.id,
                    Reply.kind.in_(CONSENTING),
                    Reply.received_at > entry.created_at,
                )
            )
        )
    )
