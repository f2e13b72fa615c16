"""The follow-up agent: from the first mail to an answer, or to a person.

It wants from the world: the time of the last mail really sent, a reminder when
the next step is due, its text, and leave to send it, which came with the first
mail's approval unless the settings ask for one each.  When the last mail has had
its whole wait without an answer, it asks a person: once.
"""

from datetime import datetime

from agents.listening import Listener
from runtime.actors.agent import handles
from runtime.actors.turn import Turn
from runtime.crm import contacts, enrolment, opportunities, queueing, tasks, workspaces
from runtime.mail import (
    approvals,
    drafts,
    follow_ups,
    grounds,
    outcomes,
    replies,
    sending,
    sent,
    threads,
    timing,
    writing,
)
from runtime.messages import (
    AboutTask,
    AnswerOverdue,
    ApprovalOverdue,
    CallFailed,
    ContactSilent,
    DraftApproved,
    DraftRejected,
    EmailRefused,
    EmailSent,
    EmailUnknown,
    FollowUpDue,
    OutreachSent,
    StepsExtended,
    TaskRetried,
    TextWritten,
)
from runtime.models import (
    CLOSED_STAGE,
    AgentKind,
    ApprovalKind,
    Call,
    Contact,
    DeliveryStatus,
    Draft,
    DraftStatus,
    EscalationKind,
    FollowUpStatus,
    SentEmail,
    TaskStatus,
)
from runtime.models import FollowUp as Step

MAX_ATTEMPTS = 6
_REPLIED = "no_reply"
_ENDS_IT = ("not_suppressed", _REPLIED)


class FollowUp(Listener):
    """Writes again when nobody answers, up to the maximum, then asks a person."""

    kind = AgentKind.FOLLOW_UP

    @handles(OutreachSent)
    def begin(self, turn: Turn, said: OutreachSent) -> None:
        """Plan the first step, counted from the first mail."""
        maximum = len(timing.settings(turn.tx).waits)
        if not maximum or not _may_go_on(turn):
            queueing.knock(turn.tx, turn.task.contact_id)
        elif other := enrolment.writing_beside(turn.tx, turn.task):
            turn.ask_human(
                EscalationKind.QUESTION,
                f"The first mail is out, but task {enrolment.name(other.id)} writes to the same "
                "contact: no follow-ups are planned for this one.",
                dedup_key=f"enrolled:{turn.task.id}",
            )
        else:
            self._plan(turn, step=1, maximum=maximum, said=said)

    @handles(FollowUpDue)
    def write(self, turn: Turn, said: FollowUpDue) -> None:
        """Have the step's text written, now that it is due, or ahead for a person to read.

        One that is late, outside its hours, first moves to its place in the next ones.
        """
        step = _step(turn, said)
        if step.status is not FollowUpStatus.SCHEDULED:
            return
        if timing.begins_at(turn.tx, step) > turn.now:
            # Moved, or its approval no longer asked for, after its timer had fired.
            follow_ups.set_timer(turn.tx, turn.task, step)
            return
        if (why := _in_the_way(turn)) is not None:
            _move(turn, step, FollowUpStatus.SKIPPED, "was skipped", why)
            return
        if step.due_at < turn.now and self._planned_again(turn, step):
            return
        _move(turn, step, FollowUpStatus.DRAFTING, "is being written")
        turn.call(writing.plan, follow_up=step, max_attempts=MAX_ATTEMPTS)

    @handles(TextWritten)
    def present(self, turn: Turn, said: TextWritten) -> None:
        """Send the text under the standing approval, or put it before a person."""
        step = _step(turn, said)
        if step.status is not FollowUpStatus.DRAFTING:
            return
        contact = turn.tx.get_one(Contact, (turn.tx.workspace_id, step.contact_id))
        draft = drafts.store(
            turn.tx,
            turn.task,
            to=contact.email,
            subject=threads.subject(turn.tx, turn.task, step, said.subject),
            body=said.body,
            writer=said.writer,
            actor=turn.name,
            known=writing.known(turn.tx, said.call_id, contact),
            grounds=grounds.of_text(turn.tx, said, turn.task, contact),
            follow_up=step,
        )
        standing = approvals.standing(turn.tx, turn.task)
        why = _too_late(turn, step) or grounds.why_a_person(turn.tx, draft)
        if standing is None or why or timing.settings(turn.tx).require_approval:
            _move(turn, step, FollowUpStatus.AWAITING_APPROVAL, "awaits approval", why)
            follow_ups.remind_of_approval(turn.tx, turn.task, step)
            return
        approvals.give(
            turn.tx,
            draft,
            kind=ApprovalKind.STANDING,
            by=standing.approved_by,
            by_id=standing.approver_id,
            at=standing.approved_at,
        )
        self._send(turn, step, draft)

    @handles(DraftApproved)
    def send(self, turn: Turn, said: DraftApproved) -> None:
        """Have the approved text sent when the step is due; later, as soon as it may leave."""
        step, draft = _step(turn, said), turn.tx.find(Draft, said.draft_id)
        if step.status is FollowUpStatus.SENDING and draft and draft.status is DraftStatus.APPROVED:
            turn.call(
                sending.plan,
                draft,
                follow_up=step,
                max_attempts=MAX_ATTEMPTS,
                not_before=step.due_at,
            )

    @handles(ApprovalOverdue)
    def remind_of_approval(self, turn: Turn, said: ApprovalOverdue) -> None:
        """Say once that a step's time has come, and nobody has decided on its text."""
        step = _step(turn, said)
        if step.status is FollowUpStatus.AWAITING_APPROVAL and step.due_at <= turn.now:
            turn.record(
                "approval.overdue",
                f"Follow-up {step.step} is due, and its text still awaits approval: approved "
                "later, it goes at the next time that its window allows.",
                follow_up_id=step.id,
            )

    @handles(DraftRejected)
    def revise(self, turn: Turn, said: DraftRejected) -> None:
        """Have another version written, with what the person said."""
        step = _step(turn, said)
        if step.status is FollowUpStatus.DRAFTING:
            turn.call(
                writing.plan, follow_up=step, feedback=said.feedback, max_attempts=MAX_ATTEMPTS
            )

    @handles(TaskRetried)
    def go_on(self, turn: Turn, said: TaskRetried) -> None:
        """Go on with a step that had stopped: send what is approved, else write."""
        step = _step(turn, said)
        its_turn = max(turn.now, said.not_before or turn.now)
        if step.status is not FollowUpStatus.SCHEDULED:
            return
        if step.due_at > its_turn:
            # Stopped ahead of its time, or moved since: it is written when that comes.
            follow_ups.set_timer(turn.tx, turn.task, step)
            return
        draft = drafts.newest(turn.tx, step.task_id, step.id)
        if draft is not None and approvals.outdated(turn.tx, draft):
            approvals.void(turn.tx, draft, "The follow-up settings changed.")
        if draft is None or draft.status in (DraftStatus.REJECTED, DraftStatus.SUPERSEDED):
            _move(turn, step, FollowUpStatus.DRAFTING, "is being written")
            rejected = draft is not None and draft.status is DraftStatus.REJECTED
            feedback = draft.reason if draft and rejected else None
            turn.call(writing.plan, follow_up=step, feedback=feedback, max_attempts=MAX_ATTEMPTS)
        elif draft.status is DraftStatus.APPROVED:
            self._send(turn, step, draft, not_before=said.not_before)
        else:
            _move(turn, step, FollowUpStatus.AWAITING_APPROVAL, "awaits approval")

    @handles(EmailSent)
    def plan_next(self, turn: Turn, said: EmailSent) -> None:
        """Plan the next step, or after the last one the moment an answer is overdue."""
        step = _step(turn, said)
        mail = turn.tx.get_one(SentEmail, (turn.tx.workspace_id, said.sent_email_id))
        if mail.status not in sent.OUT:
            return
        cancelled = step.status is FollowUpStatus.CANCELLED
        step.executed_at = said.sent_at
        _move(turn, step, FollowUpStatus.SENT, "is out")
        if cancelled or not _may_go_on(turn):
            return  # whoever cancelled it just as it left wants none after it either
        if step.step < step.max_steps:
            self._plan(turn, step=step.step + 1, maximum=step.max_steps, said=said)
            return
        overdue = follow_ups.answer_due(turn.tx, turn.task, step=step.step, sent_at=said.sent_at)
        follow_ups.await_answer(turn.tx, turn.task, overdue)

    @handles(AnswerOverdue)
    def ask_a_person(self, turn: Turn, _said: AnswerOverdue) -> None:
        """Escalate: every step went out, and nobody answered."""
        steps = follow_ups.of_task(turn.tx, turn.task)
        if turn.task.status is not TaskStatus.COMPLETED or not _may_go_on(turn):
            return
        contact = turn.tx.get_one(Contact, (turn.tx.workspace_id, turn.task.contact_id))
        summary = f"{contact.name} has not answered {len(steps) + 1} mails."
        tasks.move(
            turn.tx, turn.task, TaskStatus.ESCALATED, "task.escalated", summary, actor=turn.name
        )
        turn.ask_human(
            EscalationKind.NO_ANSWER,
            f"{summary} Close it, extend it by more steps, or try another way.",
            dedup_key=f"no_answer:{turn.task.id}:{len(steps)}",
        )
        turn.tell(
            AgentKind.PLANNING,
            ContactSilent(task_id=turn.task.id, mails=len(steps) + 1),
            dedup_key=f"silent:{turn.task.id}:{len(steps)}",
        )

    @handles(StepsExtended)
    def extend(self, turn: Turn, said: StepsExtended) -> None:
        """Add steps after the last one, the first of them as soon as its wait allows."""
        steps = follow_ups.of_task(turn.tx, turn.task)
        maximum = len(steps) + said.steps
        if turn.task.status is not TaskStatus.COMPLETED or not _may_go_on(turn):
            return
        for step in steps:
            step.max_steps = maximum
        follow_ups.schedule(
            turn.tx,
            turn.task,
            step=len(steps) + 1,
            max_steps=maximum,
            sent_at=steps[-1].executed_at or turn.now,
            actor=turn.name,
            earliest=turn.now,
        )

    @handles(EmailRefused)
    def stop(self, turn: Turn, said: EmailRefused) -> None:
        """Block the step, and ask a person unless the contact wants no more of it anyhow.

        One that crossed with a reply ends, as all the others did when the reply came.
        """
        step = _step(turn, said)
        mail = turn.tx.get_one(SentEmail, (turn.tx.workspace_id, said.sent_email_id))
        if step.status is not FollowUpStatus.SENDING or drafts.overtaken(turn.tx, mail.draft_id):
            return
        if said.rule == _REPLIED:
            _move(turn, step, FollowUpStatus.CANCELLED, "was cancelled", said.detail)
            return
        _move(turn, step, FollowUpStatus.BLOCKED, "was refused by the gate", said.detail)
        if said.rule not in _ENDS_IT:
            # Its task is long completed: nobody would look there.
            turn.ask_human(
                EscalationKind.QUESTION,
                f"Follow-up {step.step} did not leave: {said.detail} Put that right and resume "
                "it, edit its draft, or cancel it.",
                dedup_key=f"refused:{turn.message.id}",
            )

    @handles(EmailUnknown)
    def ask_whether_it_left(self, turn: Turn, said: EmailUnknown) -> None:
        """Leave it to a person to find out whether the mail left, unless a report said so."""
        step = _step(turn, said)
        mail = turn.tx.get_one(SentEmail, (turn.tx.workspace_id, said.sent_email_id))
        if mail.status is not DeliveryStatus.UNKNOWN:
            return
        _move(turn, step, FollowUpStatus.UNKNOWN, "may or may not be out", said.detail)
        turn.ask_human(
            EscalationKind.OUTCOME_UNKNOWN,
            outcomes.question(mail),
            dedup_key=f"unknown:{turn.message.id}",
            sent=mail,
        )

    @handles(CallFailed)
    def give_up(self, turn: Turn, said: CallFailed) -> None:
        """Fail the step and ask a person, as nobody is waiting for it."""
        step = _step(turn, said)
        call = turn.tx.get_one(Call, (turn.tx.workspace_id, said.call_id))
        under_way = step.status in (FollowUpStatus.DRAFTING, FollowUpStatus.SENDING)
        if not under_way or drafts.overtaken(turn.tx, call.draft_id):
            return
        _move(turn, step, FollowUpStatus.FAILED, "failed", said.message)
        turn.ask_human(
            EscalationKind.AGENT_FAILED,
            f"Follow-up {step.step} failed: {said.message} Resume it when the cause is gone.",
            dedup_key=f"call_failed:{said.call_id}",
        )

    def _plan(self, turn: Turn, *, step: int, maximum: int, said: OutreachSent | EmailSent) -> None:
        planned = follow_ups.of_task(turn.tx, turn.task)[step - 1 : step]
        if not planned:
            follow_ups.schedule(
                turn.tx,
                turn.task,
                step=step,
                max_steps=maximum,
                sent_at=said.sent_at,
                actor=turn.name,
            )
        elif planned[0].status is FollowUpStatus.SCHEDULED:
            # The mail before it left anew, later than when this step was planned.
            follow_ups.put_off(turn.tx, turn.task, planned[0], sent_at=said.sent_at)
        elif _wanted_anew(turn, planned[0], said):
            follow_ups.plan_anew(
                turn.tx, turn.task, planned[0], sent_at=said.sent_at, actor=turn.name
            )

    def _planned_again(self, turn: Turn, step: Step) -> bool:
        """Move a late step into its coming window; return False if it may go on at once."""
        due = timing.slot(turn.tx, step, turn.now)
        if due == turn.now:
            return False
        step.overdue_since = step.overdue_since or step.due_at
        why = "it was late, and is not sent outside its hours."
        follow_ups.plan_again(turn.tx, turn.task, step, due, why=why, actor=turn.name)
        return True

    def _send(
        self, turn: Turn, step: Step, draft: Draft, *, not_before: datetime | None = None
    ) -> None:
        _move(turn, step, FollowUpStatus.SENDING, "goes out")
        turn.call(
            sending.plan,
            draft,
            follow_up=step,
            max_attempts=MAX_ATTEMPTS,
            not_before=not_before,
        )


def _step(turn: Turn, said: AboutTask) -> Step:
    return turn.tx.get_one(Step, (turn.tx.workspace_id, said.follow_up_id))


def _may_go_on(turn: Turn) -> bool:
    """Tell whether the contact of the turn's task may still be followed up."""
    return _in_the_way(turn) is None


def _in_the_way(turn: Turn) -> str | None:
    """Return why the contact of the turn's task is not followed up any more; None if nothing."""
    contact = turn.tx.get_one(Contact, (turn.tx.workspace_id, turn.task.contact_id))
    first = sent.first_of(turn.tx, turn.task)
    if first is None or sent.given_up(first):
        return "The first mail did not leave."
    if not replies.known_to_approver(turn.tx, contact, first):
        # One that came after its approval crossed it: whoever approved it did not know.
        return "The contact has replied."
    deal = opportunities.of_task(turn.tx, turn.task)
    if deal and deal.stage in CLOSED_STAGE:
        return f"The opportunity is {deal.stage}."
    if contact.status not in contacts.MAY_BE_WRITTEN_TO:
        return f"The contact is {contact.status}."
    return "The task is cancelled." if turn.task.status is TaskStatus.CANCELLED else None


def _wanted_anew(turn: Turn, step: Step, said: OutreachSent | EmailSent) -> bool:
    """Tell whether a cancelled step is meant again: the mail before it was approved since."""
    mail = turn.tx.get_one(SentEmail, (turn.tx.workspace_id, said.sent_email_id))
    leave = approvals.in_force(turn.tx, turn.tx.get_one(Draft, (mail.workspace_id, mail.draft_id)))
    cancelled = step.status is FollowUpStatus.CANCELLED
    return cancelled and leave is not None and leave.approved_at > step.updated_at


def _too_late(turn: Turn, step: Step) -> str | None:
    """Return why a step so late needs a person's word, or None if it does not."""
    days = timing.days_late(turn.tx, step)
    if days <= workspaces.settings(turn.tx).late_after_days:
        return None
    return f"It is late by {days} business days: is it still wanted?"


def _move(
    turn: Turn, step: Step, status: FollowUpStatus, what: str, reason: str | None = None
) -> None:
    follow_ups.move(
        turn.tx,
        step,
        status,
        actor=turn.name,
        summary=f"Follow-up {step.step} {what}." + (f" {reason}" if reason else ""),
        reason=reason,
    )
