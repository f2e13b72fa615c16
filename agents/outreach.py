"""The outreach agent: from a task to the first mail.

It wants from the world: a text from the writer, a person's approval of that very
text, and the mail's way out through the gate.  Then it hands over to the
follow-up agent.  Each method is one step; what it waits for comes as a message.
"""

from datetime import datetime, timedelta

from agents.listening import Listener
from runtime import timers
from runtime.actors.agent import handles
from runtime.actors.turn import Turn
from runtime.crm import enrolment, opportunities, queueing, tasks, team
from runtime.crm.research import need
from runtime.crm.team import OutreachSettings
from runtime.mail import approvals, drafts, grounds, outcomes, sending, sent, writing
from runtime.messages import (
    Briefing,
    CallFailed,
    DraftApproved,
    DraftRejected,
    EmailRefused,
    EmailSent,
    EmailUnknown,
    FactsGathered,
    FactsWanted,
    OutreachSent,
    QuestionAsked,
    ResearchOverdue,
    TaskAssigned,
    TaskRetried,
    TextWritten,
)
from runtime.models import (
    OPEN_TASK,
    AgentKind,
    ApprovalKind,
    Call,
    Contact,
    DeliveryStatus,
    Draft,
    DraftStatus,
    EscalationKind,
    SentEmail,
    Stage,
    TaskStatus,
)


class Outreach(Listener):
    """Writes the first mail and sees it out."""

    kind = AgentKind.OUTREACH

    @handles(TaskAssigned)
    def begin(self, turn: Turn, _said: TaskAssigned) -> None:
        """Have the first version written, unless another task of the contact comes first.

        Where too little is known of the contact, the research agent is asked first.
        """
        self._begin(turn)

    @handles(Briefing)
    def begin_as_briefed(self, turn: Turn, _said: Briefing) -> None:
        """Begin what the planning agent recommended and somebody accepted."""
        self._begin(turn)

    @handles(FactsGathered)
    def write_with_facts(self, turn: Turn, said: FactsGathered) -> None:
        """Write, now that the research agent has answered."""
        if self._waits_for_facts(turn):
            timers.forget(turn.tx, AgentKind.OUTREACH, need.timer_name(turn.task))
            self._write_first(turn, f"{said.facts} facts are known; the mail is being written.")

    @handles(ResearchOverdue)
    def write_without(self, turn: Turn, _said: ResearchOverdue) -> None:
        """Write all the same: a mail does not wait for ever."""
        if self._waits_for_facts(turn):
            summary = "Facts did not come in time; the mail is written with what is known."
            self._write_first(turn, summary)

    @handles(QuestionAsked)
    def hand_to_a_person(self, turn: Turn, said: QuestionAsked) -> None:
        """Put a question that somebody asked us before a person: an answer is a promise."""
        contact = turn.tx.get_one(Contact, (turn.tx.workspace_id, turn.task.contact_id))
        turn.ask_human(
            EscalationKind.QUESTION,
            f"{contact.name} asks something in a reply. Read it and answer, or hand the answer "
            "to the outreach agent as a new task.",
            dedup_key=f"asked:{said.reply_id}",
        )

    def _begin(self, turn: Turn) -> None:
        if turn.task.status is not TaskStatus.QUEUED:
            return
        if turn.task.queued_after_id is not None:
            if first := enrolment.in_front_of(turn.tx, turn.task):
                queueing.wait(turn.tx, turn.task, first)
                return
            turn.task.queued_after_id = None
        contact = turn.tx.get_one(Contact, (turn.tx.workspace_id, turn.task.contact_id))
        if (wait := need.before_writing(turn.tx, turn.task, contact)) is not None:
            self._ask_for_facts(turn, contact, wait)
        else:
            self._write(turn, "The outreach agent has begun to draft.")

    def _ask_for_facts(self, turn: Turn, contact: Contact, wait: timedelta) -> None:
        turn.task.attempts += 1
        summary = f"The outreach agent has asked the research agent about {contact.name}."
        _move(turn, TaskStatus.WORKING, "research.asked", summary)
        turn.tell(AgentKind.RESEARCH, FactsWanted(task_id=turn.task.id))
        overdue = ResearchOverdue(task_id=turn.task.id)
        turn.remind(need.timer_name(turn.task), turn.now + wait, overdue)

    def _waits_for_facts(self, turn: Turn) -> bool:
        """Tell whether nothing was asked of the writer yet: of two that come, the first counts."""
        working = turn.task.status is TaskStatus.WORKING
        return working and not writing.asked_for(turn.tx, turn.task)

    def _write_first(self, turn: Turn, summary: str) -> None:
        turn.record("task.started", summary)
        turn.call(writing.plan, max_attempts=_settings(turn).max_attempts)

    @handles(TaskRetried)
    def go_on(self, turn: Turn, said: TaskRetried) -> None:
        """Go on from where the task stopped: send what is approved, else write."""
        if turn.task.status is not TaskStatus.QUEUED:
            return
        draft = drafts.newest(turn.tx, said.task_id, None)
        if draft is None or draft.status in (DraftStatus.REJECTED, DraftStatus.SUPERSEDED):
            rejected = draft is not None and draft.status is DraftStatus.REJECTED
            feedback = draft.reason if draft and rejected else None
            self._write(turn, "The outreach agent tries to draft again.", feedback=feedback)
        elif draft.status is DraftStatus.APPROVED:
            summary = "The approved mail is tried again."
            self._send(turn, draft, summary, not_before=said.not_before)
        else:
            _move(turn, TaskStatus.AWAITING_APPROVAL, "draft.awaited", "The draft is waiting.")

    @handles(TextWritten)
    def present(self, turn: Turn, said: TextWritten) -> None:
        """Put the text before a person, or let it out where the settings say so."""
        if turn.task.status is not TaskStatus.WORKING:
            return
        contact = turn.tx.get_one(Contact, (turn.tx.workspace_id, turn.task.contact_id))
        draft = drafts.store(
            turn.tx,
            turn.task,
            to=contact.email,
            subject=said.subject,
            body=said.body,
            writer=said.writer,
            actor=turn.name,
            known=writing.known(turn.tx, said.call_id, contact),
            grounds=grounds.of_text(turn.tx, said, turn.task, contact),
        )
        # Nobody has decided to write to somebody who answered since the task was given.
        answered = contact.replied_at is not None and contact.replied_at >= turn.task.created_at
        asked = _settings(turn).require_approval or answered
        doubt = None if asked else grounds.why_a_person(turn.tx, draft)
        if asked or doubt:
            summary = f"The draft for {contact.name} awaits approval."
            summary += f" {doubt}" if doubt else ""
            _move(turn, TaskStatus.AWAITING_APPROVAL, "approval.requested", summary)
            return
        approvals.give(
            turn.tx, draft, kind=ApprovalKind.POLICY, by="the setting requireApproval=false"
        )
        self._send(turn, draft, "The draft goes out without asking, as the settings say.")

    @handles(DraftApproved)
    def send(self, turn: Turn, said: DraftApproved) -> None:
        """Have the approved text sent."""
        draft = turn.tx.find(Draft, said.draft_id)
        if draft is None or draft.status is not DraftStatus.APPROVED or draft.follow_up_id:
            return
        if turn.task.status is TaskStatus.SENDING:
            turn.call(sending.plan, draft, max_attempts=_settings(turn).max_attempts)

    @handles(DraftRejected)
    def revise(self, turn: Turn, said: DraftRejected) -> None:
        """Have another version written, with what the person said."""
        if turn.task.status is TaskStatus.WORKING:
            attempts = _settings(turn).max_attempts
            turn.call(writing.plan, feedback=said.feedback, max_attempts=attempts)

    @handles(EmailSent)
    def hand_over(self, turn: Turn, said: EmailSent) -> None:
        """Complete the task and have the mail followed up.

        Unless the task was cancelled meanwhile, or the provider has given the mail up.
        """
        mail = turn.tx.get_one(SentEmail, (turn.tx.workspace_id, said.sent_email_id))
        if turn.task.status is TaskStatus.CANCELLED or mail.status not in sent.OUT:
            return
        _move(turn, TaskStatus.COMPLETED, "task.completed", "The first mail is out.")
        if turn.task.opportunity_id:
            opportunities.advance(
                turn.tx, turn.task.opportunity_id, Stage.CONTACTED, reason="The first mail is out."
            )
        turn.tell(
            AgentKind.FOLLOW_UP,
            OutreachSent(
                task_id=said.task_id, sent_email_id=said.sent_email_id, sent_at=said.sent_at
            ),
            dedup_key=f"outreach_sent:{said.sent_email_id}:{said.sent_at.isoformat()}",
        )

    @handles(EmailRefused)
    def stop(self, turn: Turn, said: EmailRefused) -> None:
        """Block the task and show the rule that refused."""
        mail = turn.tx.get_one(SentEmail, (turn.tx.workspace_id, said.sent_email_id))
        if turn.task.status in OPEN_TASK and not drafts.overtaken(turn.tx, mail.draft_id):
            code = said.rule.upper()
            tasks.fail(turn.tx, turn.task, TaskStatus.BLOCKED, code, said.detail, actor=turn.name)

    @handles(EmailUnknown)
    def ask_whether_it_left(self, turn: Turn, said: EmailUnknown) -> None:
        """Leave it to a person to find out whether the mail left, unless a report said so."""
        mail = turn.tx.get_one(SentEmail, (turn.tx.workspace_id, said.sent_email_id))
        if mail.status is not DeliveryStatus.UNKNOWN:
            return
        if turn.task.status is not TaskStatus.CANCELLED:
            code = "OUTCOME_UNKNOWN"
            tasks.fail(turn.tx, turn.task, TaskStatus.BLOCKED, code, said.detail, actor=turn.name)
        turn.ask_human(
            EscalationKind.OUTCOME_UNKNOWN,
            outcomes.question(mail),
            dedup_key=f"unknown:{turn.message.id}",
            sent=mail,
        )

    @handles(CallFailed)
    def give_up(self, turn: Turn, said: CallFailed) -> None:
        """Fail the task and say why."""
        call = turn.tx.get_one(Call, (turn.tx.workspace_id, said.call_id))
        if turn.task.status in OPEN_TASK and not drafts.overtaken(turn.tx, call.draft_id):
            tasks.fail(
                turn.tx, turn.task, TaskStatus.FAILED, said.code, said.message, actor=turn.name
            )

    def _write(self, turn: Turn, summary: str, *, feedback: str | None = None) -> None:
        turn.task.attempts += 1
        _move(turn, TaskStatus.WORKING, "task.started", summary)
        turn.call(writing.plan, feedback=feedback, max_attempts=_settings(turn).max_attempts)

    def _send(
        self, turn: Turn, draft: Draft, summary: str, *, not_before: datetime | None = None
    ) -> None:
        turn.task.attempts += 1
        _move(turn, TaskStatus.SENDING, "email.released", summary)
        attempts = _settings(turn).max_attempts
        turn.call(sending.plan, draft, max_attempts=attempts, not_before=not_before)


def _settings(turn: Turn) -> OutreachSettings:
    return team.settings_of(turn.agent, OutreachSettings)


def _move(turn: Turn, status: TaskStatus, event: str, summary: str) -> None:
    tasks.move(turn.tx, turn.task, status, event, summary, actor=turn.name)
