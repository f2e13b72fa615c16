"""Decisions and news that cross each other on their way to an agent."""

from collections.abc import Sequence

import pytest

from runtime.desk import agents as desk_agents
from runtime.desk import contacts as desk_contacts
from runtime.desk import drafts, escalations, follow_ups, tasks
from runtime.desk.escalations import EscalationAction
from runtime.errors import Refused, Reject, Retry, Unknown
from runtime.models import (
    AgentKind,
    Contact,
    ContactStatus,
    DeliveryStatus,
    Draft,
    DraftStatus,
    EscalationKind,
    FollowUp,
    FollowUpStatus,
    Task,
    TaskStatus,
    Workspace,
)
from scheduler.integrations import Accepted, Brief, Mail, Mailer, Writer, Written
from tests.fakes.mailers import Unlisted
from tests.fakes.writers import Careless
from tests.house import House, text_of


class Faulty(Unlisted):
    """A transport that raises what it is given, one for each mail, before it works again."""

    def __init__(self, mailer: Mailer, *troubles: Exception) -> None:
        super().__init__(mailer)
        self._troubles = list(troubles)

    def send(self, mail: Mail) -> Accepted:
        if self._troubles:
            raise self._troubles.pop(0)
        return self.inside.send(mail)


class Reluctant:
    """A writer that refuses the second text, and keeps what it was told."""

    def __init__(self, writer: Writer) -> None:
        self.name = writer.name
        self.told: list[Brief] = []
        self._writer = writer

    def write(self, brief: Brief) -> Written:
        self.told.append(brief)
        if len(self.told) == 2:
            raise Reject("No.", code="WRITER_BLOCKED")
        return self._writer.write(brief)

    def classify(self, reply: str, kinds: Sequence[str]) -> str:
        return self._writer.classify(reply, kinds)

    def quote(self, page: str, about: Sequence[str]) -> tuple[str, ...]:
        return self._writer.quote(page, about)

    def word(self, title: str, why: str) -> str:
        return self._writer.word(title, why)


def stop_sending(house: House, *, stopped: bool) -> None:
    with house.tx() as tx:
        tx.get_one(Workspace, house.workspace_id).sending_stopped = stopped


def a_failed_step(house: House) -> tuple[Task, FollowUp]:
    """Return a task whose first follow-up was refused by the transport for good."""
    house.follow_up_settings(waits=["PT2S"])
    task = house.a_sent_task()
    house.mailer = Faulty(house.mailer, Reject("The text is refused.", code="MAIL_REFUSED"))
    house.wait(seconds=5)
    [step] = house.follow_ups(task)
    assert step.status is FollowUpStatus.FAILED
    return task, step


def draft_of(house: House, step: FollowUp) -> Draft:
    return max(house.all(Draft, Draft.follow_up_id == step.id), key=lambda draft: draft.version)


def test_a_mail_settled_as_sent_counts_from_its_try_not_from_its_first_time_at_the_gate(
    house: House,
) -> None:
    """Otherwise a mail that had waited for days would have its follow-up at its heels."""
    house.outreach_settings(maxAttempts=1)
    house.follow_up_settings(waits=["P3D"])
    stop_sending(house, stopped=True)
    task = house.a_sent_task()
    house.clock.advance(days=5)
    house.mailer = Faulty(house.mailer, Unknown())
    stop_sending(house, stopped=False)
    house.wait(minutes=1)
    [mail] = house.sent(task)
    assert mail.status is DeliveryStatus.UNKNOWN
    [asked] = house.escalations()

    house.run(escalations.resolve, escalation_id=asked.id, action=EscalationAction.SENT)
    house.settle()

    [step] = house.follow_ups(task)
    assert step.status is FollowUpStatus.SCHEDULED
    assert (step.due_at - house.clock.now).days >= 2


def test_more_steps_are_not_promised_for_somebody_who_is_left_alone(house: House) -> None:
    house.follow_up_settings(waits=["PT2S"])
    task = house.a_sent_task()
    house.wait(days=1)
    [asked] = house.escalations()
    assert asked.kind is EscalationKind.NO_ANSWER
    with house.tx() as tx:  # on the list since, and not by us: the question stands
        contact = tx.get_one(Contact, (tx.workspace_id, task.contact_id))
        contact.status = ContactStatus.DO_NOT_CONTACT

    with pytest.raises(Refused) as refused:
        house.run(
            escalations.resolve, escalation_id=asked.id, action=EscalationAction.EXTEND, steps=1
        )

    assert refused.value.reason_code == "CONTACT_SUPPRESSED"
    assert [each.id for each in house.escalations()] == [asked.id]
    assert house.fresh(task).status is TaskStatus.ESCALATED


def test_a_step_resumed_and_then_moved_leaves_at_its_new_time(house: House) -> None:
    task, step = a_failed_step(house)
    house.run(follow_ups.resume, follow_up_id=step.id)
    moved = house.clock.now.replace(microsecond=0)
    house.run(follow_ups.reschedule, follow_up_id=step.id, due_at=moved.replace(day=20))

    house.wait(days=10)
    assert len(house.mails()) == 1
    house.wait(days=10)

    assert [each.status for each in house.follow_ups(task)] == [FollowUpStatus.SENT]
    assert len(house.mails()) == 2


def test_the_text_of_a_step_that_failed_can_be_put_right(house: House) -> None:
    task, step = a_failed_step(house)
    house.run(drafts.edit, draft_id=draft_of(house, step).id, body="Another text.")
    assert house.fresh(step).status is FollowUpStatus.AWAITING_APPROVAL

    new = draft_of(house, step)
    house.run(drafts.approve, draft_id=new.id, fingerprint=new.fingerprint)
    house.settle()

    assert house.fresh(step).status is FollowUpStatus.SENT
    assert "Another text." in text_of(house.mails()[-1])
    assert house.fresh(task).status is TaskStatus.COMPLETED


def test_what_a_person_wanted_changed_outlives_a_writer_that_failed(house: House) -> None:
    house.writer = writer = Reluctant(house.writer)
    task = house.a_drafted_task()
    house.run(drafts.reject, draft_id=house.draft(task).id, feedback="Shorter, please.")
    house.settle()
    assert house.fresh(task).status is TaskStatus.FAILED

    house.run(tasks.retry, task_id=task.id)
    house.settle()

    assert [brief.feedback for brief in writer.told] == [None, *["Shorter, please."] * 2]
    assert house.draft(task).status is DraftStatus.PENDING


def test_what_a_person_wanted_changed_in_a_step_outlives_a_writer_that_failed(
    house: House,
) -> None:
    house.follow_up_settings(waits=["PT2S"], requireApproval=True)
    house.a_sent_task()
    house.wait(seconds=2)
    [step] = house.all(FollowUp)
    house.writer = writer = Reluctant(house.writer)
    writer.told.append(Brief(instruction="", contact_name=""))
    house.run(drafts.reject, draft_id=draft_of(house, step).id, feedback="Shorter, please.")
    house.settle()
    assert house.fresh(step).status is FollowUpStatus.FAILED

    house.run(follow_ups.resume, follow_up_id=step.id)
    house.settle()

    assert [brief.feedback for brief in writer.told[1:]] == ["Shorter, please."] * 2
    assert draft_of(house, step).status is DraftStatus.PENDING


def test_a_step_that_the_gate_refuses_is_put_before_a_person(house: House) -> None:
    """Its task is long completed, and nobody looks there."""
    house.follow_up_settings(waits=["PT2S"])
    task = house.a_sent_task()
    house.writer = Careless()
    house.wait(seconds=5)

    [step] = house.follow_ups(task)
    assert step.status is FollowUpStatus.BLOCKED
    [asked] = house.escalations()
    assert asked.kind is EscalationKind.QUESTION
    assert "[your name]" in asked.reason
    house.run(escalations.resolve, escalation_id=asked.id, action=EscalationAction.CLOSE)


def test_a_reply_that_had_to_wait_for_its_locks_stops_what_left_meanwhile(house: House) -> None:
    """An import may hold the contact for seconds, while the first mail goes out."""
    house.follow_up_settings(waits=["PT2S"])
    contact = house.a_contact()
    task = house.a_drafted_task(contact=contact)
    follow_up = house.agent(AgentKind.FOLLOW_UP).id
    house.run(desk_agents.pause, agent_id=follow_up)
    with house.tx() as slow:
        house.clock.advance(seconds=3)
        house.approve(task)
        house.settle()
        assert len(house.mails()) == 1
        desk_contacts.record_reply(slow, who=house.who, contact_id=contact.id, text="Not for me.")
    house.run(desk_agents.resume, agent_id=follow_up)

    house.wait(days=1)

    assert len(house.mails()) == 1
    assert house.follow_ups(task) == []


@pytest.mark.parametrize("step", [0, 1])
def test_the_news_of_a_version_that_was_put_right_meanwhile_stops_nothing(
    house: House, step: int
) -> None:
    """A person may be quicker than the agent: edit and approve before it hears of the refusal."""
    house.follow_up_settings(waits=["PT2S"], requireApproval=True)
    task = house.a_drafted_task() if not step else house.a_sent_task()
    house.wait(seconds=2 * step)
    newest = max(house.all(Draft), key=lambda draft: draft.created_at)
    house.run(drafts.edit, draft_id=newest.id, body="It is [Your Name].")
    newest = max(house.all(Draft), key=lambda draft: draft.version)
    house.run(drafts.approve, draft_id=newest.id, fingerprint=newest.fingerprint)
    house.take_turns()
    house.make_calls()

    house.run(drafts.edit, draft_id=newest.id, body="It is Ada.")
    newest = max(house.all(Draft), key=lambda draft: draft.version)
    house.run(drafts.approve, draft_id=newest.id, fingerprint=newest.fingerprint)
    house.settle()

    assert house.fresh(task).status is TaskStatus.COMPLETED
    assert "It is Ada." in text_of(house.mails()[-1])
    assert house.escalations() == []


def test_a_step_that_ends_takes_its_next_try_off_the_task(house: House) -> None:
    house.follow_up_settings(waits=["PT2S"])
    task = house.a_sent_task()
    house.mailer = Faulty(house.mailer, Retry("Busy.", after=600))
    house.wait(seconds=5)
    assert house.fresh(task).retry_at is not None
    [step] = house.follow_ups(task)

    house.run(follow_ups.cancel, follow_up_id=step.id)

    ended = house.fresh(task)
    assert (ended.status, ended.retry_at, ended.error_code) == (TaskStatus.COMPLETED, None, None)


class Interrupted(Unlisted):
    """A transport that is too busy for a mail while its reader's answer comes in."""

    def __init__(self, mailer: Mailer, house: House, task: Task) -> None:
        super().__init__(mailer)
        self._house, self._task = house, task

    def send(self, mail: Mail) -> Accepted:  # noqa: ARG002 - a mailer's signature
        self._house.mailer = self.inside
        told = {"contact_id": self._task.contact_id, "text": "Yes, gladly."}
        self._house.run(desk_contacts.record_reply, **told)
        raise Retry("Too many.", code="MAIL_RATE_LIMITED")


def test_a_follow_up_that_did_not_leave_as_the_reply_came_ends_like_the_others(
    house: House,
) -> None:
    house.follow_up_settings(waits=["PT2S"])
    task = house.a_sent_task()
    house.mailer = Interrupted(house.mailer, house, task)

    house.wait(seconds=30)

    [step] = house.follow_ups(task)
    assert step.status is FollowUpStatus.CANCELLED
    assert step.reason == "The contact has replied since the approval."
    [contact] = house.all(Contact)
    assert house.a_task(contact=contact).queued_after_id is None


def test_a_due_follow_up_whose_contact_may_not_be_written_to_is_skipped_and_says_why(
    house: House,
) -> None:
    house.follow_up_settings(waits=["PT2S"])
    task = house.a_sent_task()
    with house.tx() as tx:  # beside the commands, which would have cancelled the step as well
        contact = tx.get_one(Contact, (house.workspace_id, task.contact_id))
        contact.status = ContactStatus.BOUNCED

    house.wait(seconds=30)

    [step] = house.follow_ups(task)
    assert (step.status, step.reason) == (FollowUpStatus.SKIPPED, "The contact is BOUNCED.")
    assert len(house.sent(task)) == 1


def test_a_follow_up_that_failed_ahead_of_its_day_is_written_when_it_is_resumed(
    house: House,
) -> None:
    house.follow_up_settings(waits=["P3D"], requireApproval=True)
    task = house.a_sent_task()
    house.writer = writer = Reluctant(house.writer)
    writer.told.append(Brief(instruction="", contact_name=""))
    house.wait(days=2, hours=1)
    [step] = house.follow_ups(task)
    assert step.status is FollowUpStatus.FAILED
    assert step.due_at > house.clock.now

    house.run(follow_ups.resume, follow_up_id=step.id)
    house.settle()

    assert house.fresh(step).status is FollowUpStatus.AWAITING_APPROVAL
