"""What a person may do with mail that came in: say whose it is, or nobody's, or what it is."""

import uuid

from runtime.crm import contacts, erased, escalations
from runtime.db import Transaction
from runtime.desk.words import required
from runtime.errors import Conflict, NotFound, Refused
from runtime.mail import inbound, replies, waking
from runtime.mail.inbound import effects
from runtime.mail.inbound.quoted import new_words
from runtime.mail.replies import Heard
from runtime.models import (
    WORDS,
    Confidence,
    Contact,
    InboundEmail,
    InboundStatus,
    MatchedBy,
    Reply,
    ReplyKind,
    SentEmail,
)

LONGEST_REASON = 500
_OPEN = (InboundStatus.SUGGESTED, InboundStatus.UNMATCHED, InboundStatus.DISMISSED)


def attach(
    tx: Transaction,
    *,
    who: str,
    inbound_email_id: uuid.UUID,
    contact_id: uuid.UUID | None = None,
    sent_email_id: uuid.UUID | None = None,
) -> Reply:
    """Take a mail for a contact's, with all that follows from what it is.

    Whose: the one named, else the one it was guessed to be; a mail of ours names its contact.
    """
    row = _wanted(tx, inbound_email_id)
    sent = _answered(tx, sent_email_id or (None if contact_id else row.sent_email_id))
    key = contact_id or (sent.contact_id if sent else row.contact_id)
    if key is None:
        raise Refused("Say whose mail this is.", code="MISSING", field="contactId")
    contact = contacts.wanted(tx, key, lock=True)
    erased.refuse_contact(contact)
    if sent is not None and sent.contact_id != contact.id:
        raise NotFound("There is no such mail to this contact.", field="sentEmailId")
    row = _wanted(tx, inbound_email_id, lock=True)
    if row.status not in _OPEN:
        raise Conflict("This mail is attached already.", field="inboundEmailId")
    _settle(tx, row, InboundStatus.ATTACHED, who=who)
    row.contact_id, row.sent_email_id = contact.id, sent.id if sent else None
    row.matched_by, row.confidence = MatchedBy.PERSON, Confidence.HIGH
    reply = effects.act(tx, contact, _heard(row, sent), actor=who)
    escalations.settle(tx, inbound.question_key(row), "ATTACHED", by=who)
    tx.record(
        "reply.attached",
        f"{who} found that a mail is {contact.name}'s.",
        actor=who,
        contact=contact,
        task=sent.task_id if sent else None,
        inbound_email_id=row.id,
        reply_id=reply.id,
    )
    return reply


def dismiss(tx: Transaction, *, who: str, inbound_email_id: uuid.UUID, reason: str) -> InboundEmail:
    """Say that a mail is nobody's answer; what waited for that goes on."""
    why = required(reason, "reason", longest=LONGEST_REASON)
    row = _wanted(tx, inbound_email_id, lock=True)
    if row.status is InboundStatus.ATTACHED:
        raise Conflict("This mail is attached already.", field="inboundEmailId")
    _settle(tx, row, InboundStatus.DISMISSED, who=who)
    escalations.settle(tx, inbound.question_key(row), f"DISMISSED: {why}", by=who)
    if row.contact_id is not None:
        waking.mail_read(tx, row.contact_id)
    tx.record(
        "reply.dismissed",
        f"{who} put a mail aside: {why}",
        actor=who,
        contact=row.contact_id,
        inbound_email_id=row.id,
    )
    return row


def review(tx: Transaction, *, who: str, reply_id: uuid.UUID, kind: str | None = None) -> Reply:
    """Confirm what rules or a model took a reply for, or say what it is, with what follows.

    What ended or was suppressed because of the old word stays so; removeSuppression lifts it.
    """
    seen = tx.find(Reply, reply_id)
    if seen is None:
        raise NotFound("There is no reply with this id here.", field="replyId")
    contact = contacts.wanted(tx, seen.contact_id, lock=True)
    tx.refresh(seen, with_for_update={"key_share": True})
    if kind is not None and kind != seen.kind:
        _correct(tx, contact, seen, kind, who=who)
    seen.needs_review = False
    escalations.settle(tx, effects.question_key(seen), f"REVIEWED: {seen.kind}", by=who)
    tx.record(
        "reply.reviewed",
        f"{who} read {contact.name}'s reply: {seen.kind}.",
        actor=who,
        contact=contact,
        reply_id=seen.id,
        kind=seen.kind,
    )
    return seen


def _correct(tx: Transaction, contact: Contact, reply: Reply, kind: str, *, who: str) -> None:
    if kind not in list(ReplyKind):
        known = ", ".join(ReplyKind)
        raise Refused(f"A reply is one of: {known}.", code="MALFORMED", field="kind")
    erased.refuse_contact(contact)
    was_words = reply.kind in (*WORDS, ReplyKind.UNSUBSCRIBE)
    reply.kind = kind
    if kind in (*WORDS, ReplyKind.UNSUBSCRIBE) and not was_words:
        replies.stop(tx, contact, actor=who)
    if kind == ReplyKind.UNSUBSCRIBE:
        effects.grant_wish(tx, contact, reply, actor=who)


def _wanted(tx: Transaction, id_: uuid.UUID, *, lock: bool = False) -> InboundEmail:
    row = tx.find(InboundEmail, id_, lock=lock)
    if row is None:
        raise NotFound("There is no inbound e-mail with this id here.", field="inboundEmailId")
    return row


def _answered(tx: Transaction, id_: uuid.UUID | None) -> SentEmail | None:
    sent = tx.find(SentEmail, id_) if id_ else None
    if id_ and sent is None:
        raise NotFound("There is no sent e-mail with this id here.", field="sentEmailId")
    return sent


def _settle(tx: Transaction, row: InboundEmail, status: InboundStatus, *, who: str) -> None:
    row.status, row.settled_at, row.settled_by = status, tx.now, who


def _heard(row: InboundEmail, sent: SentEmail | None) -> Heard:
    return Heard(
        kind=ReplyKind(row.kind),
        text=new_words(row.text) or row.text,
        sent=sent,
        received_at=row.received_at,
        inbound=row,
        returns_on=row.returns_on,
    )
