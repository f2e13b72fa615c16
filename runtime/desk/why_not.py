"""Why not: what keeps a task's first mail, or a follow-up, from leaving, as a person would ask.

First how far it has come, then every rule of the gate that would not let it pass now.
Asking changes nothing.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from runtime import timers
from runtime.crm.research import need
from runtime.db import Transaction
from runtime.desk.standing import Standing, of_follow_up, of_task
from runtime.errors import NotFound
from runtime.mail import drafts, gate, sent, staleness
from runtime.mail.envelope import envelope
from runtime.mail.staleness import StaleCode
from runtime.models import (
    OPEN_CALL,
    AgentKind,
    Call,
    CallKind,
    CallStatus,
    Contact,
    Draft,
    DraftStatus,
    FollowUp,
    Message,
    MessageStatus,
    SentEmail,
    Task,
    TaskStatus,
    new_id,
)
from runtime.settings import Settings

_NO_TIME = ("agent_active", "kill_switch", "nothing_unread")
"""Rules that wait for a person's switch: the gate looks again soon, but nobody knows when it is."""

_WITH_THE_APPROVAL = ("approval", "no_reply")
"""Rules that mean nothing as long as nobody has approved the text."""

_REMEDIES = {
    "approval": "Read the draft, then approve it again: withdrawApproval, then approveDraft.",
    "newest_version": "Approve the newest version of the draft.",
    "recipient": "Edit the draft: a new version goes to the contact's present address.",
    "not_suppressed": "Take the address off the list (removeSuppression), if they agree.",
    "nothing_unread": "Read the mail (inboundEmails); then attachReply or dismissReply.",
    "reader_away": "Wait, or cancel it.",
    "lawful_basis": "Say why the contact may be written to (updateContact: lawfulBasis).",
    "no_reply": "Read the reply; if the mail still fits, withdraw its approval, approve it anew.",
    "fresh": "Nothing yet: as it comes to the gate its approval ends, and people decide again.",
    "settings": "Read the draft anew: its present fingerprint stands for the present settings.",
    "stale": "Edit it, reject it with feedback, or approve it with acknowledgeStale.",
    "complete": "Write the draft anew without the placeholder (editDraft).",
    "unsubscribe": "Have EMAIL_FROM or EMAIL_REPLY_TO set to an address where Rapport runs.",
    "opportunity_open": "Move the opportunity to an open stage (updateOpportunity).",
    "agent_active": "Resume the agent (resumeAgent).",
    "dead_letter": "Have the message tried again (replayMessage).",
    "window": "Wait, or set another window for follow-ups (updateAgent).",
    "daily_cap": "Wait, or raise dailyCap, if the address bears more (updateWorkspace).",
    "ramp": "Wait: a new address grows by half a day, so that it is not taken for a spammer's; "
    "rampStart says where it starts (updateWorkspace).",
    "burst": "Wait, or set burst and secondsPerMail (updateWorkspace).",
    "contact_gap": "Wait, or set contactGapDays (updateWorkspace).",
    "contact_touches": "Wait, or set contactTouches (updateWorkspace).",
    "kill_switch": "Let mail out again (resumeSending).",
    "quota": "Wait, or raise the plan at Resend.",
    "mail_before": "Wait, or cancel it (cancelFollowUp).",
    "sending_allowed": "Have ALLOW_EMAIL_SENDING=true set where Rapport runs, then release what "
    "is held (releaseHeldEmails).",
}


@dataclass(frozen=True, slots=True)
class WhyNot:
    """One thing in the way.  ``until``: when it ends by itself; ``remedy``: what people can do."""

    rule: str
    detail: str
    until: datetime | None = None
    remedy: str | None = None


@dataclass(frozen=True, slots=True)
class _Mail:
    """What is asked about: the mail of a task, or of one of its steps."""

    task: Task
    step: FollowUp | None
    draft: Draft | None
    sent: SentEmail | None
    call: Call | None


def about_task(tx: Transaction, task_id: uuid.UUID, *, settings: Settings) -> list[WhyNot]:
    """Return what keeps a task's first mail from leaving; nothing if nothing does, or it left."""
    task = tx.find(Task, task_id)
    if task is None:
        raise NotFound("There is no task with this id here.")
    mail = _mail(tx, task, None)
    standing = _researched(tx, task) or of_task(task, mail.draft, mail.sent)
    return _reasons(tx, mail, standing, settings)


def about_follow_up(
    tx: Transaction, follow_up_id: uuid.UUID, *, settings: Settings
) -> list[WhyNot]:
    """Return what keeps a follow-up from leaving; nothing if nothing does, or it left."""
    step = tx.find(FollowUp, follow_up_id)
    if step is None:
        raise NotFound("There is no follow-up with this id here.")
    mail = _mail(tx, tx.get_one(Task, (tx.workspace_id, step.task_id)), step)
    return _reasons(tx, mail, of_follow_up(step, mail.draft, mail.sent, tx.now), settings)


def _researched(tx: Transaction, task: Task) -> Standing | None:
    """Return until when a mail waits to be written, if the research agent was asked for facts."""
    if task.status is not TaskStatus.WORKING:
        return None
    until = timers.due_at(tx, AgentKind.OUTREACH, need.timer_name(task))
    if until is None:
        return None
    return Standing(
        "facts",
        "The research agent looks for facts; then the mail is written, with or without them.",
        until,
        "Wait, or see what the research agent is at (its messages about the task).",
    )


def _mail(tx: Transaction, task: Task, step: FollowUp | None) -> _Mail:
    draft = drafts.newest(tx, task.id, step.id if step else None)
    if draft is not None and draft.status not in (DraftStatus.PENDING, DraftStatus.APPROVED):
        draft = None
    return _Mail(
        task, step, draft, sent.of(tx, draft) if draft else None, _open_call(tx, task, step)
    )


def _open_call(tx: Transaction, task: Task, step: FollowUp | None) -> Call | None:
    return tx.scalars(
        sa.select(Call)
        .where(
            Call.workspace_id == tx.workspace_id,
            Call.task_id == task.id,
            Call.follow_up_id.is_not_distinct_from(step.id if step else None),
            Call.status.in_(OPEN_CALL),
        )
        .order_by(Call.created_at.desc())
        .limit(1)
    ).one_or_none()


def _reasons(tx: Transaction, mail: _Mail, standing: Standing, settings: Settings) -> list[WhyNot]:
    if looking := _looked_for(mail):
        return [looking]
    found = []
    if standing.rule is not None:
        found.append(WhyNot(standing.rule, standing.detail, standing.until, standing.remedy))
    if standing.over:
        return found
    found += _dead_letters(tx, mail)
    found += _stale(tx, mail)
    at_the_gate = list(_at_the_gate(tx, mail, settings))
    waits = any(check.wait_until for check in at_the_gate)
    found += [
        WhyNot(
            check.rule,
            check.detail,
            None if check.rule in _NO_TIME else check.wait_until,
            _REMEDIES.get(check.rule),
        )
        for check in at_the_gate
    ]
    return [*found, *_next_try(tx, mail, waits=waits)]


def _looked_for(mail: _Mail) -> WhyNot | None:
    """Return what is being done about a mail of which nobody knows whether it left."""
    call = mail.call
    if call is None or call.kind is not CallKind.RECONCILE:
        return None
    said = f" {call.error_message}" if call.error_message else ""
    return WhyNot(
        "reconciling",
        f"It may have left already: the provider's list of mails is being looked through.{said}",
        call.available_at if call.status is CallStatus.PLANNED else None,
    )


def _dead_letters(tx: Transaction, mail: _Mail) -> Iterator[WhyNot]:
    """Return what nobody could handle: the mail goes no further before somebody sees to it."""
    step = str(mail.step.id) if mail.step else None
    dead = tx.scalars(
        sa.select(Message)
        .where(
            Message.workspace_id == tx.workspace_id,
            Message.task_id == mail.task.id,
            Message.status == MessageStatus.DEAD,
            Message.body["follow_up_id"].astext.is_not_distinct_from(step),
        )
        .order_by(Message.id)
    )
    for message in dead:
        detail = f"{message.type} could not be handled: {message.error or 'no reason given'}"
        yield WhyNot("dead_letter", detail, remedy=_REMEDIES["dead_letter"])


def _stale(tx: Transaction, mail: _Mail) -> Iterator[WhyNot]:
    """Return what overtook a draft since it was written."""
    for reason in staleness.of(tx, mail.draft) if mail.draft else ():
        settings = reason.code is StaleCode.SETTINGS_CHANGED
        remedy = _REMEDIES["settings" if settings else "stale"]
        yield WhyNot("stale", reason.detail, remedy=remedy)


def _at_the_gate(tx: Transaction, mail: _Mail, settings: Settings) -> Iterator[gate.Check]:
    contact = tx.get_one(Contact, (tx.workspace_id, mail.task.contact_id))
    letter = (mail.sent and mail.sent.envelope) or (
        envelope(tx, mail.draft, settings) if mail.draft else {}
    )
    checks = gate.in_the_way(
        tx,
        call=mail.call or _as_planned(tx, mail),
        draft=mail.draft,
        contact=contact,
        settings=settings,
        letter=letter,
    )
    undecided = mail.draft is not None and mail.draft.status is DraftStatus.PENDING
    return (c for c in checks if not (undecided and c.rule in _WITH_THE_APPROVAL))


def _as_planned(tx: Transaction, mail: _Mail) -> Call:
    """Return the call that would be planned; it is in no session, and never stored."""
    return Call(
        workspace_id=tx.workspace_id,
        kind=CallKind.SEND_EMAIL,
        agent=AgentKind.FOLLOW_UP if mail.step else AgentKind.OUTREACH,
        status=CallStatus.PLANNED,
        body={},
        task_id=mail.task.id,
        follow_up_id=mail.step.id if mail.step else None,
        draft_id=mail.draft.id if mail.draft else None,
        in_doubt=False,
        attempts=0,
        id=new_id(),
        priority=mail.task.priority,
        created_at=tx.now,
    )


def _next_try(tx: Transaction, mail: _Mail, *, waits: bool) -> Iterator[WhyNot]:
    call = mail.call
    if call is None or call.status is not CallStatus.PLANNED or call.available_at <= tx.now:
        return
    if call.error_code:
        detail = f"The last try failed and is repeated: {call.error_message}"
        yield WhyNot("retry", detail, call.available_at)
    elif mail.step is not None and mail.step.due_at == call.available_at:
        detail = "It is approved, and goes out when it is due."
        yield WhyNot("scheduled", detail, call.available_at)
    elif not waits:
        yield WhyNot(
            "turn",
            "Mails go to the gate one after the other; then it is its turn.",
            call.available_at,
        )
