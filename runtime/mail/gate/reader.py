"""Reader: whether the one it goes to may be written to, now."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from runtime.crm import contacts, suppression
from runtime.crm.addresses import normalise
from runtime.db import Transaction
from runtime.errors import Refused
from runtime.mail.gate.check import Check
from runtime.models import Approval, Contact, Draft, InboundEmail, InboundStatus

_UNREAD = timedelta(hours=1)
"""How soon a mail that waits for somebody to read another comes to the gate again."""


def recipient(draft: Draft, contact: Contact, letter: dict[str, Any]) -> Check:
    """Refuse a mail whose reader has another address by now, or none."""
    if draft.to != contact.email or letter["to"] != draft.to:
        return Check("recipient", False, "The contact's address is no longer the draft's.")
    try:
        normalise(draft.to)
    except Refused as error:
        return Check("recipient", False, error.message)
    return Check("recipient", True, f"{draft.to} is the contact's address and well formed.")


def not_suppressed(tx: Transaction, contact: Contact) -> Check:
    """Refuse a reader who must be left alone."""
    if contact.status not in contacts.MAY_BE_WRITTEN_TO:
        state = contact.status.value.lower().replace("_", " ")
        return Check("not_suppressed", False, f"The contact is {state}.")
    if (reason := suppression.why(tx, contact.email)) is not None:
        return Check("not_suppressed", False, f"The address is suppressed: {reason}")
    return Check("not_suppressed", True, "Neither the contact nor the address is suppressed.")


def nothing_unread(tx: Transaction, contact: Contact) -> Check:
    """Have a mail wait while one that may be its reader's answer waits for a person."""
    waits = sa.exists().where(
        InboundEmail.workspace_id == tx.workspace_id,
        InboundEmail.contact_id == contact.id,
        InboundEmail.status == InboundStatus.SUGGESTED,
    )
    if tx.scalar(sa.select(waits)):
        detail = "A mail came in that may be the contact's: attach it or dismiss it."
        return Check("nothing_unread", False, detail, tx.now + _UNREAD)
    return Check("nothing_unread", True, "No mail that may be the contact's waits for a person.")


def no_reply(contact: Contact, approval: Approval | None) -> Check:
    """Refuse a mail that was approved before its reader answered."""
    replied_at = contact.replied_at
    if replied_at and (approval is None or replied_at >= approval.approved_at):
        return Check("no_reply", False, "The contact has replied since the approval.")
    return Check("no_reply", True, "No reply since the approval.")
