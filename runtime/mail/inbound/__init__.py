"""Inbound: a mail that came in, from the provider's answer to what follows from it.

``take_in`` is the whole of it, one transaction: kept, matched, sorted and acted upon.
A mail's text is data: it is read by rules that return a word of a list, and nothing in
it names a recipient, a link or a deed.  Nobody is ever answered by itself.
"""

from dataclasses import replace

from runtime import arrivals
from runtime.arrivals import Held
from runtime.crm import contacts, erased, escalations, suppression
from runtime.db import Transaction
from runtime.mail.inbound import effects, matching
from runtime.mail.inbound.letter import Letter
from runtime.mail.inbound.matching import Match
from runtime.mail.inbound.sorting import Sorted, sort
from runtime.mail.replies import Heard
from runtime.models import (
    WORDS,
    Confidence,
    Contact,
    EscalationKind,
    InboundEmail,
    InboundStatus,
    MatchedBy,
    ReplyKind,
    Task,
    new_id,
)

ACTOR = "resend"
"""Who is said to have brought it."""


def take_in(tx: Transaction, held: Held, letter: Letter) -> InboundEmail | None:
    """Keep a mail and do what follows; None, and nothing is done, if it is no longer ours."""
    if not arrivals.finish(tx, held, tx.now):
        return None
    match = matching.find(tx, letter)
    is_answer = match is not None and match.by is not MatchedBy.SENDER
    told = sort(letter, today=tx.now.date(), is_answer=is_answer)
    match = match or _asker(tx, letter, told)
    contact, writer = _locked(tx, match, _writer(tx, letter, told, match))
    if (contact and contact.erased_at) or erased.among(tx, [letter.sender]):
        # Nothing of theirs is taken in any more, and nothing is sent to them as it is.
        letter, match, contact = letter.without_words(), None, None
        told = replace(told, words="")
    row = _keep(tx, held, letter, told, match)
    unknown = row.status is not InboundStatus.ATTACHED
    if unknown and told.kind is ReplyKind.UNSUBSCRIBE and letter.sender:
        # People find out whom they mean, but this address may come with the next list.
        why = "They asked for no more mail, and are none of the contacts by this address."
        suppression.suppress(tx, letter.sender, reason=why, source=f"reply:inbound:{row.id}")
    tx.record(
        "inbound_email.received",
        f"A mail came in ({told.kind.value.replace('_', ' ')}): {row.reason}",
        actor=ACTOR,
        contact=contact,
        task=match.sent.task_id if match and match.sent else None,
        inbound_email_id=row.id,
        kind=told.kind.value,
        status=row.status.value,
    )
    if match and contact:
        _act(tx, contact, row, told, match)
    if writer:
        by_sender = Match(writer, None, MatchedBy.SENDER, Confidence.LOW)
        effects.act(tx, writer, _heard(row, told, by_sender), actor=ACTOR)
    return row


def question_key(row: InboundEmail) -> str:
    """Return under which key a person is asked whose mail this is."""
    return f"inbound:{row.id}"


def _asker(tx: Transaction, letter: Letter, told: Sorted) -> Match | None:
    """Let somebody who asks for no more mail have it, though we can tell of no outreach."""
    if told.kind is not ReplyKind.UNSUBSCRIBE:
        return None
    return matching.by_address(tx, letter.sender)


def _writer(tx: Transaction, letter: Letter, told: Sorted, match: Match | None) -> Contact | None:
    """Return the contact who wrote it in another one's thread: it is their answer as well."""
    if match is None or told.kind in (ReplyKind.BOUNCE, ReplyKind.AUTOMATIC):
        return None
    found = matching.by_address(tx, letter.sender)
    return found.contact if found and found.contact.id != match.contact.id else None


def _locked(
    tx: Transaction, match: Match | None, writer: Contact | None
) -> tuple[Contact | None, Contact | None]:
    """Lock both contacts, in the order of their ids, before any of their tasks."""
    ids = {each.id for each in (match and match.contact, writer) if each}
    held = {id_: contacts.wanted(tx, id_, lock=True) for id_ in sorted(ids)}
    return held.get(match.contact.id) if match else None, held.get(writer.id) if writer else None


def _keep(
    tx: Transaction, held: Held, letter: Letter, told: Sorted, match: Match | None
) -> InboundEmail:
    status = _status(told, match)
    row = tx.insert(
        InboundEmail,
        id=new_id(),
        provider_email_id=letter.email_id,
        status=status,
        kind=told.kind.value,
        sender=letter.sender,
        named=list(letter.named),
        subject=letter.subject,
        text=letter.text,
        reason=_reason(status, match),
        contact_id=match.contact.id if match else None,
        sent_email_id=match.sent.id if match and match.sent else None,
        matched_by=match.by if match else None,
        confidence=match.confidence if match else None,
        returns_on=told.returns_on,
        received_at=min(letter.received_at or held.received_at, tx.now),
        created_at=tx.now,
        settled_at=tx.now if status is InboundStatus.ATTACHED else None,
        settled_by=ACTOR if status is InboundStatus.ATTACHED else None,
    )
    tx.flush()
    return row


def _status(told: Sorted, match: Match | None) -> InboundStatus:
    """Return whether a guess is enough: never to call something somebody's answer."""
    if match is None:
        return InboundStatus.UNMATCHED
    if match.confidence is not Confidence.LOW:
        return InboundStatus.ATTACHED
    stranger = match.by is MatchedBy.MESSAGE_ID
    guessed = told.kind in WORDS or (stranger and told.kind is ReplyKind.UNSUBSCRIBE)
    return InboundStatus.SUGGESTED if guessed else InboundStatus.ATTACHED


def _reason(status: InboundStatus, match: Match | None) -> str:
    if match is None:
        return "it answers no mail of ours and comes from nobody who was written to lately."
    if match.confidence is Confidence.HIGH:
        return f"it is {match.contact.name}'s."
    if match.confidence is Confidence.MEDIUM:
        return f"it is taken for {match.contact.name}'s, from another address than the contact's."
    if match.by is MatchedBy.MESSAGE_ID:
        return f"it answers a mail to {match.contact.name}, from an address nobody knows."
    if status is InboundStatus.SUGGESTED:
        return f"{match.contact.name} wrote it, but not as an answer to a mail of ours."
    return f"it comes from {match.contact.name}'s address."


def _act(tx: Transaction, contact: Contact, row: InboundEmail, told: Sorted, match: Match) -> None:
    if row.status is InboundStatus.ATTACHED:
        heard = _heard(row, told, match)
        effects.act(tx, contact, heard, permanent=told.permanent, actor=ACTOR)
        return
    task = tx.get_one(Task, (tx.workspace_id, match.sent.task_id)) if match.sent else None
    escalations.ask(
        tx,
        EscalationKind.QUESTION,
        f"Is this an answer of {contact.name}'s? A mail came in: {row.reason} "
        "Attach it (attachReply) or dismiss it (dismissReply); nothing goes to them before.",
        dedup_key=question_key(row),
        actor=ACTOR,
        task=task,
        contact=contact,
        sent=match.sent,
    )


def _heard(row: InboundEmail, told: Sorted, match: Match) -> Heard:
    return Heard(
        kind=told.kind,
        text=told.words or row.text,
        sent=match.sent,
        received_at=row.received_at,
        matched_by=match.by,
        confidence=match.confidence,
        inbound=row,
        returns_on=told.returns_on,
    )
