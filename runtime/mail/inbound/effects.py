"""Effects: what follows from a mail once it is known whose it is and what it is.

Everything errs to the side of silence: an answer ends what is open, a wish is granted
before anybody looks at it, an absence postpones.  Runs in the transaction that keeps the
mail, under the contact's lock.
"""

import uuid

from runtime import outbox
from runtime.crm import contacts, escalations, suppression, tasks
from runtime.db import Transaction
from runtime.mail import breaker, postponing, reading, replies, returned, stopping
from runtime.mail.replies import Heard
from runtime.models import (
    WORDS,
    AgentKind,
    Call,
    Contact,
    ContactStatus,
    DeliveryStatus,
    EscalationKind,
    MatchedBy,
    Reply,
    ReplyKind,
    SentEmail,
    Task,
)

_WEAKER = (*contacts.MAY_BE_WRITTEN_TO, ContactStatus.DO_NOT_CONTACT, ContactStatus.BOUNCED)
_MAY_BOUNCE = (DeliveryStatus.SENT, DeliveryStatus.DELAYED, DeliveryStatus.DELIVERED)


def act(
    tx: Transaction, contact: Contact, heard: Heard, *, actor: str, permanent: str = ""
) -> Reply:
    """Keep what came from a locked contact, and do what follows from it.

    ``permanent``: the status (5.x.x) of a bounce that says the address is no good.
    """
    if heard.kind in WORDS:
        reply = replies.answered(tx, contact, heard, actor=actor)
        reading.plan(tx, reply, heard.sent)
    elif heard.kind == ReplyKind.UNSUBSCRIBE:
        reply = replies.answered(tx, contact, heard, actor=actor)
        grant_wish(tx, contact, reply, actor=actor)
    else:
        reply = replies.keep(tx, contact, heard)
        if heard.kind == ReplyKind.OUT_OF_OFFICE:
            postponing.postpone(tx, contact, heard.returns_on, actor=actor)
        elif heard.kind == ReplyKind.BOUNCE and permanent and heard.sent:
            _bounced(tx, contact, heard.sent, permanent, actor=actor)
    return reply


def read(tx: Transaction, call_id: uuid.UUID, fence: int, kind: str) -> None:
    """End the call in which a model read a reply; nothing if the call is no longer ours.

    It locks the contact first, as a wish reaches all their tasks.
    """
    call = tx.get_one(Call, (tx.workspace_id, call_id))
    reply = reading.reply_of(tx, call)
    contact = contacts.wanted(tx, reply.contact_id, lock=True) if reply else None
    if contact is not None:
        tasks.lock_of_contact(tx, contact)
    held = outbox.held(tx, call_id, fence)
    if held is None or contact is None:
        return
    news = reading.note(tx, held, contact, kind)
    if news is not None and kind == ReplyKind.UNSUBSCRIBE and contact.erased_at is None:
        grant_wish(tx, contact, news, actor=AgentKind.FOLLOW_UP.value)


def grant_wish(tx: Transaction, contact: Contact, reply: Reply, *, actor: str) -> None:
    """Leave somebody alone who asked for it, at once; what rules read, a person looks at after.

    A mail to the address for that is their own act; what is read out of a text is a guess,
    which a person may take back (docs/decisions/0010).
    """
    plain = reply.matched_by is MatchedBy.UNSUBSCRIBE_TOKEN
    source = f"{suppression.UNSUBSCRIBE}:mail" if plain else f"reply:{reply.id}"
    why = "They asked for no more mail" + ("." if plain else " in a reply.")
    # Beyond doubt it takes the place of a weaker reason (docs/decisions/0025); a guess does not.
    put = suppression.asked if plain else suppression.suppress
    put(tx, contact.email, reason=why, source=source)
    if reply.sender and reply.sender != contact.email:
        suppression.suppress(tx, reply.sender, reason=why, source=source)
    if contact.status in (_WEAKER if plain else contacts.MAY_BE_WRITTEN_TO):
        contact.status, contact.updated_at = ContactStatus.UNSUBSCRIBED, tx.now
        summary = f"{contact.name} is left alone: {why}"
        tx.record("contact.suppressed", summary, actor=actor, contact=contact)
    stopping.left_alone(tx, contact, reason=why, actor=actor)
    if not plain:
        reply.needs_review = True
        _have_it_looked_at(tx, contact, reply, actor=actor)


def question_key(reply: Reply) -> str:
    """Return under which key a person is asked whether rules read a reply rightly."""
    return f"reply:{reply.id}"


def _have_it_looked_at(tx: Transaction, contact: Contact, reply: Reply, *, actor: str) -> None:
    mail = tx.find(SentEmail, reply.sent_email_id) if reply.sent_email_id else None
    escalations.ask(
        tx,
        EscalationKind.QUESTION,
        f"{contact.name} seems to ask for no more mail, and gets none from now on. Read the "
        "reply: confirm it (reviewReply), or take the address off the list (removeSuppression).",
        dedup_key=question_key(reply),
        actor=actor,
        task=tx.get_one(Task, (tx.workspace_id, mail.task_id)) if mail else None,
        contact=contact,
        sent=mail,
    )


def _bounced(
    tx: Transaction, contact: Contact, mail: SentEmail, status: str, *, actor: str
) -> None:
    """Do as for the provider's own report of a bounce."""
    tasks.lock_of_contact(tx, contact)
    tx.refresh(mail)
    if mail.status not in _MAY_BOUNCE:
        return
    why = f"“{mail.subject}” came back: {mail.to} cannot be reached ({status})."
    mail.status = DeliveryStatus.BOUNCED
    tx.record(
        "email.bounced",
        why,
        actor=actor,
        task=mail.task_id,
        contact=contact,
        sent_email_id=mail.id,
        status=mail.status.value,
    )
    returned.leave_alone(tx, contact, mail, DeliveryStatus.BOUNCED, why=why, actor=actor)
    breaker.check(tx)
