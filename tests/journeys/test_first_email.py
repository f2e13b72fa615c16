"""The main job: from a task to a person's desk."""

from datetime import timedelta

import pytest

from runtime.crm.enrolment import IfEnrolled
from runtime.desk import contacts, drafts, tasks
from runtime.desk import escalations as desk_escalations
from runtime.desk.escalations import EscalationAction
from runtime.errors import Conflict
from runtime.models import (
    DeliveryStatus,
    Draft,
    DraftStatus,
    EscalationKind,
    FollowUpStatus,
    TaskStatus,
)
from tests.house import House, text_of


def test_a_task_becomes_a_draft_that_waits_for_a_person(house: House) -> None:
    contact = house.a_contact(name="Grace Hopper", email="grace@example.org")

    task = house.a_drafted_task(contact=contact, instruction="Invite her to the pilot.")

    draft = house.draft(task)
    assert task.status is TaskStatus.AWAITING_APPROVAL
    assert draft.status is DraftStatus.PENDING
    assert draft.to == "grace@example.org"
    assert "Grace" in draft.body
    assert house.mails() == []


def test_an_approved_draft_leaves_once_as_it_was_read(house: House) -> None:
    task = house.a_drafted_task()

    house.approve(task)
    house.settle()

    [sent] = house.sent(task)
    [mail] = house.mails()
    assert house.fresh(task).status is TaskStatus.COMPLETED
    assert sent.status is DeliveryStatus.SENT
    assert all(check["passed"] for check in sent.receipt)
    assert mail["Subject"] == house.draft(task).subject
    words, _, footer = text_of(mail).partition("-- ")
    assert words.split() == house.draft(task).body.split()
    assert "unsubscribe" in footer


def test_nothing_leaves_before_somebody_approves(house: House) -> None:
    task = house.a_drafted_task()

    house.wait(days=30)

    assert house.fresh(task).status is TaskStatus.AWAITING_APPROVAL
    assert house.mails() == []


def test_the_whole_story_ends_on_a_persons_desk_once(house: House) -> None:
    house.follow_up_settings(waits=["PT2S", "PT3S"])
    task = house.a_sent_task()
    first = house.sent(task)[0].sent_at
    assert first is not None

    house.wait(seconds=20)

    steps = house.follow_ups(task)
    assert [step.status for step in steps] == [FollowUpStatus.SENT] * 2
    assert [(step.due_at - first).total_seconds() for step in steps] == [2, 5]
    assert len(house.mails()) == 3
    assert house.fresh(task).status is TaskStatus.ESCALATED
    [escalation] = house.escalations()
    assert escalation.kind is EscalationKind.NO_ANSWER
    assert escalation.created_at - (steps[1].executed_at or first) == timedelta(seconds=3)
    house.wait(days=30)
    assert len(house.escalations()) == 1
    assert len(house.mails()) == 3


def test_a_rejected_draft_with_feedback_comes_back_as_a_new_version(house: House) -> None:
    task = house.a_drafted_task()

    house.run(drafts.reject, draft_id=house.draft(task).id, feedback="Shorter, please.")
    house.settle()

    assert [draft.status for draft in house.all(Draft)] == [
        DraftStatus.REJECTED,
        DraftStatus.PENDING,
    ]
    assert house.draft(task).version == 2
    assert house.fresh(task).status is TaskStatus.AWAITING_APPROVAL


def test_a_rejected_draft_without_feedback_ends_the_task(house: House) -> None:
    task = house.a_drafted_task()

    house.run(drafts.reject, draft_id=house.draft(task).id)
    house.settle()

    assert house.fresh(task).status is TaskStatus.CANCELLED
    assert house.mails() == []


def test_an_approval_of_a_text_that_changed_meanwhile_is_refused(house: House) -> None:
    task = house.a_drafted_task()
    read = house.draft(task)
    house.run(drafts.edit, draft_id=read.id, body="Dear all, something else.")

    with pytest.raises(Conflict) as refused:
        house.run(drafts.approve, draft_id=read.id, fingerprint=read.fingerprint)

    house.settle()
    assert refused.value.field in ("fingerprint", "draftId")
    assert house.fresh(task).status is TaskStatus.AWAITING_APPROVAL
    assert house.mails() == []


def test_an_edit_voids_the_approval_of_a_mail_that_has_not_left(house: House) -> None:
    task = house.a_drafted_task()
    house.approve(task)
    house.take_turns()

    house.run(drafts.edit, draft_id=house.draft(task).id, subject="Another subject")
    house.settle()

    assert house.mails() == []
    assert house.fresh(task).status is TaskStatus.AWAITING_APPROVAL
    house.approve(task)
    house.settle()
    assert [mail["Subject"] for mail in house.mails()] == ["Another subject"]


def test_a_draft_is_approved_once(house: House) -> None:
    task = house.a_drafted_task()
    house.approve(task)

    with pytest.raises(Conflict) as refused:
        house.approve(task)

    house.settle()
    assert refused.value.reason_code == "ALREADY_DECIDED"
    assert len(house.mails()) == 1


def test_an_approval_after_the_task_was_cancelled_is_refused(house: House) -> None:
    task = house.a_drafted_task()
    house.run(tasks.cancel, task_id=task.id)

    with pytest.raises(Conflict):
        house.approve(task)

    house.settle()
    assert house.mails() == []


def test_a_reply_between_two_steps_ends_the_sequence(house: House) -> None:
    house.follow_up_settings(waits=["PT2S", "PT2S"])
    task = house.a_sent_task()
    house.wait(seconds=3)

    contact = house.run(contacts.record_reply, contact_id=task.contact_id, text="Yes, gladly!")
    house.wait(days=10)

    assert contact.status == "REPLIED"
    assert [step.status for step in house.follow_ups(task)] == [
        FollowUpStatus.SENT,
        FollowUpStatus.CANCELLED,
    ]
    assert house.escalations() == []
    assert len(house.mails()) == 2


def test_a_reply_after_the_last_step_leaves_nothing_to_escalate(house: House) -> None:
    house.follow_up_settings(waits=["PT2S"])
    task = house.a_sent_task()
    house.wait(seconds=3)

    house.run(contacts.record_reply, contact_id=task.contact_id, text="Sorry, was away.")
    house.wait(days=10)

    assert house.escalations() == []
    assert house.fresh(task).status is TaskStatus.COMPLETED


def test_a_reply_takes_back_an_approval_given_before_it(house: House) -> None:
    task = house.a_drafted_task()
    house.approve(task)

    house.run(contacts.record_reply, contact_id=task.contact_id, text="I heard of you.")
    house.settle()

    assert house.mails() == []
    assert house.fresh(task).status is TaskStatus.AWAITING_APPROVAL
    house.clock.advance(1)
    house.approve(task)
    house.settle()
    assert len(house.mails()) == 1


def test_a_suppressed_contact_gets_nothing_more(house: House) -> None:
    house.follow_up_settings(waits=["PT2S"])
    contact = house.a_contact()
    sent = house.a_sent_task(contact=contact)
    waiting = house.a_task(contact=contact, if_enrolled=IfEnrolled.QUEUE_AFTER)

    house.run(contacts.suppress, contact_id=contact.id, reason="Asked to be left alone.")
    house.wait(days=1)

    assert len(house.mails()) == 1
    assert house.fresh(waiting).status is TaskStatus.CANCELLED
    assert [s.status for s in house.follow_ups(sent)] == [FollowUpStatus.CANCELLED]


def test_a_cancelled_task_is_followed_up_no_more(house: House) -> None:
    house.follow_up_settings(waits=["PT2S", "PT2S"])
    task = house.a_sent_task()

    house.run(tasks.cancel, task_id=task.id, reason="We met in person.")
    house.wait(days=1)

    assert len(house.mails()) == 1
    assert [step.status for step in house.follow_ups(task)] == [FollowUpStatus.CANCELLED]
    assert house.draft(task).status is DraftStatus.APPROVED


def test_extending_an_escalation_sends_that_many_more(house: House) -> None:
    house.follow_up_settings(waits=["PT2S"])
    task = house.a_sent_task()
    house.wait(seconds=10)
    [escalation] = house.escalations()

    house.run(
        desk_escalations.resolve,
        escalation_id=escalation.id,
        action=EscalationAction.EXTEND,
        steps=2,
    )
    house.wait(seconds=30)

    assert len(house.mails()) == 4
    [again] = house.escalations()
    assert again.id != escalation.id
    assert house.fresh(task).status is TaskStatus.ESCALATED
