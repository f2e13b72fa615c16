"""What a person may do with a draft: let it out, send it back, write it anew.

Each decision is bound to what the person has read: a stale fingerprint is refused.
"""

import uuid

from runtime import mailbox, outbox
from runtime.crm import contacts, enrolment, tasks, workspaces
from runtime.db import Transaction
from runtime.desk import reading
from runtime.desk.words import one_line, optional, required
from runtime.errors import Conflict, Refused
from runtime.mail import (
    approvals,
    drafts,
    follow_ups,
    footer,
    grounds,
    merge,
    sent,
    staleness,
    stopping,
)
from runtime.messages import DraftApproved, DraftRejected
from runtime.models import (
    AgentKind,
    ApprovalKind,
    Draft,
    DraftStatus,
    FollowUp,
    FollowUpStatus,
    Task,
    TaskStatus,
)

LONGEST_FEEDBACK = 5_000
_STOPPED = (FollowUpStatus.SENDING, FollowUpStatus.BLOCKED, FollowUpStatus.FAILED)


def approve(
    tx: Transaction,
    *,
    who: str,
    draft_id: uuid.UUID,
    fingerprint: str,
    who_id: uuid.UUID | None = None,
    acknowledge_stale: bool = False,
) -> Draft:
    """Let this very text out: once, by one person, to somebody who may be written to.

    ``who_id``: the person, as their token says; with ``acknowledge_stale`` they know what
    overtook the draft since it was written, and want it sent all the same.
    """
    task, step, draft = _locked(tx, draft_id)
    reading.refuse_if_decided(draft, who_id)
    read_under = reading.refuse_other_text(tx, draft, fingerprint)
    reading.refuse_other_settings(tx, draft, read_under)
    contacts.refuse_unless_writable(contacts.wanted(tx, task.contact_id))
    reading.refuse_own_hand(tx, draft, who_id)
    known = reading.refuse_stale(tx, draft, acknowledged=acknowledge_stale)
    approvals.give(tx, draft, kind=ApprovalKind.PERSON, by=who, by_id=who_id)
    tx.record(
        "draft.approved",
        f"{who} approved version {draft.version}" + (", knowing it was stale." if known else "."),
        actor=who,
        task=task,
        draft_id=draft.id,
        stale=[reason.code for reason in known],
    )
    _move(tx, task, step, sending=True, summary="The approved mail goes to the gate.", who=who)
    said = DraftApproved(task_id=task.id, follow_up_id=draft.follow_up_id, draft_id=draft.id)
    mailbox.post(tx, said, to=_author(step), sender=mailbox.PERSON, task=task)
    return draft


def reject(
    tx: Transaction,
    *,
    who: str,
    draft_id: uuid.UUID,
    fingerprint: str | None = None,
    feedback: str | None = None,
    who_id: uuid.UUID | None = None,
) -> Draft:
    """Send a draft back; with feedback for another version, without it for good."""
    text = optional(feedback, "feedback", longest=LONGEST_FEEDBACK)
    task, step, draft = _locked(tx, draft_id)
    reading.refuse_if_decided(draft, who_id)
    if fingerprint is not None:
        reading.refuse_other_text(tx, draft, fingerprint)
    merge.resolved(text or "", _known(tx, task, who), field="feedback")
    draft.status, draft.reason = DraftStatus.REJECTED, text
    draft.decided_at, draft.decided_by, draft.decided_by_id = tx.now, who, who_id
    tx.record(
        "draft.rejected",
        f"{who} rejected version {draft.version}" + (f": {text}" if text else "."),
        actor=who,
        task=task,
        draft_id=draft.id,
    )
    if text is None:
        _end(tx, task, step, who=who)
        return draft
    _move(tx, task, step, sending=False, summary="A new version was asked for.", who=who)
    said = DraftRejected(
        task_id=task.id, follow_up_id=draft.follow_up_id, draft_id=draft.id, feedback=text
    )
    mailbox.post(tx, said, to=_author(step), sender=mailbox.PERSON, task=task)
    return draft


def edit(
    tx: Transaction,
    *,
    who: str,
    draft_id: uuid.UUID,
    fingerprint: str | None = None,
    subject: str | None = None,
    body: str | None = None,
    sender: str | None = None,
    who_id: uuid.UUID | None = None,
) -> Draft:
    """Write the next version by hand; an approval of the one before is void.

    It goes to the contact's present address, and what was known before is known to its writer.
    Fields such as {{name}} become words.  ``sender``: what {{sender}} stands for, if not for
    the workspace's name.
    """
    task, step, draft = _locked(tx, draft_id, whole_contact=True)
    if fingerprint is not None:
        reading.refuse_other_text(tx, draft, fingerprint)
    if subject is None and body is None:
        raise Refused("Give a new subject, a new body, or both.", field="body")
    known = _known(tx, task, sender or workspaces.here(tx).name)
    new_subject, new_body = _subject(draft, subject, known), _body(draft, body, known)
    enrolment.refuse_beside_another(tx, task, step, field="draftId")
    _take_back(tx, task, draft)
    reading.refuse_if_decided(draft, who_id)
    contact = contacts.wanted(tx, task.contact_id)
    new = drafts.store(
        tx,
        task,
        to=contact.email,
        subject=new_subject,
        body=new_body,
        writer=f"{reading.BY_HAND}{who}",
        actor=who,
        known=staleness.knowledge(tx, contact),
        grounds=grounds.of_order(tx, task, contact),
        follow_up=step,
        author_id=who_id,
        edited_from=draft,
    )
    _await(tx, task, step, who=who)
    return new


def _known(tx: Transaction, task: Task, sender: str) -> merge.Values:
    return merge.values(contacts.wanted(tx, task.contact_id), sender=sender)


def _subject(draft: Draft, given: str | None, known: merge.Values) -> str:
    # A follow-up's own, with its Re:, may be longer than what a person may write.
    if given is None or given.strip() == draft.subject:
        return draft.subject
    line = merge.resolved(given, known, field="subject")
    return one_line(line, "subject", longest=drafts.LONGEST_SUBJECT)


def _body(draft: Draft, given: str | None, known: merge.Values) -> str:
    if given is None:
        return draft.body
    text = footer.without(merge.resolved(given, known, field="body"))
    return required(text, "body", longest=drafts.LONGEST_BODY)


def _locked(
    tx: Transaction, draft_id: uuid.UUID, *, whole_contact: bool = False
) -> tuple[Task, FollowUp | None, Draft]:
    """Return a draft under its task's lock, and the step it belongs to.

    ``whole_contact``: under the contact's too, for what may set a stopped task going again.
    """
    draft = drafts.wanted(tx, draft_id)
    task = tasks.wanted(tx, draft.task_id, field="draftId", whole_contact=whole_contact)
    tx.refresh(draft)
    step = tx.find(FollowUp, draft.follow_up_id, lock=True) if draft.follow_up_id else None
    return task, step, draft


def _take_back(tx: Transaction, task: Task, draft: Draft) -> None:
    """Void an approval whose mail has not begun to leave."""
    calls = [call for call in outbox.open_calls(tx, task.id) if call.draft_id == draft.id]
    if any(call.in_doubt for call in calls):
        raise Conflict("This mail is just being sent; see what came of it.", field="draftId")
    if sent.may_be_out(tx, draft):
        # Another version would go out under another key: perhaps a second mail.
        raise Conflict("This mail has left, or may have.", field="draftId")
    stopped = task.status in (TaskStatus.SENDING, TaskStatus.BLOCKED, TaskStatus.FAILED)
    if draft.status is DraftStatus.APPROVED and (draft.follow_up_id or stopped):
        step = tx.find(FollowUp, draft.follow_up_id) if draft.follow_up_id else None
        if step and step.status not in _STOPPED:
            return
        sent.call_off(tx, calls)
        approvals.void(tx, draft, "The text was edited.")


def _move(
    tx: Transaction, task: Task, step: FollowUp | None, *, sending: bool, summary: str, who: str
) -> None:
    if step is None:
        status, event = (
            (TaskStatus.SENDING, "email.released")
            if sending
            else (TaskStatus.WORKING, "task.started")
        )
        tasks.move(tx, task, status, event, summary, actor=who)
    else:
        step_status = FollowUpStatus.SENDING if sending else FollowUpStatus.DRAFTING
        follow_ups.move(tx, step, step_status, actor=who, summary=summary)


def _await(tx: Transaction, task: Task, step: FollowUp | None, *, who: str) -> None:
    summary = f"{who} wrote a new version; it awaits approval."
    if step is None:
        status = TaskStatus.AWAITING_APPROVAL
        tasks.move(tx, task, status, "approval.requested", summary, actor=who)
    else:
        follow_ups.move(tx, step, FollowUpStatus.AWAITING_APPROVAL, actor=who, summary=summary)


def _end(tx: Transaction, task: Task, step: FollowUp | None, *, who: str) -> None:
    reason = f"{who} rejected the draft."
    if step is None:
        # One that is sent anew may have steps planned already.
        follow_ups.cancel_open(tx, task, reason=reason, actor=who)
        stopping.end(tx, task, reason=reason, actor=who)
    else:
        summary = f"Follow-up {step.step} was cancelled: {reason}"
        follow_ups.move(
            tx, step, FollowUpStatus.CANCELLED, actor=who, summary=summary, reason=reason
        )


def _author(step: FollowUp | None) -> AgentKind:
    return AgentKind.OUTREACH if step is None else AgentKind.FOLLOW_UP
