"""A contact is written to by one task at a time, from its assignment to its last wait."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from runtime.crm import enrolment, queueing
from runtime.crm.enrolment import IfEnrolled
from runtime.desk import approvals, contacts, drafts, escalations, follow_ups, tasks, why_not
from runtime.desk.escalations import EscalationAction
from runtime.errors import Conflict
from runtime.models import (
    AgentKind,
    Call,
    Contact,
    DeliveryStatus,
    Draft,
    EscalationKind,
    FollowUpStatus,
    SentEmail,
    Task,
    TaskStatus,
)
from tests.house import House
from tests.races import ROUNDS, at_once, losers


def the_contact(house: House, task: Task) -> Contact:
    [contact] = house.all(Contact, Contact.id == task.contact_id)
    return contact


def another(house: House, task: Task, how: IfEnrolled = IfEnrolled.REFUSE) -> Task:
    """Assign one more task for the contact of a task."""
    return house.a_task(contact=the_contact(house, task), if_enrolled=how)


def refused(house: House, command: Any, code: str = "ALREADY_ENROLLED", **fields: Any) -> Conflict:
    with pytest.raises(Conflict) as refusal:
        house.run(command, **fields)
    assert refusal.value.reason_code == code
    return refusal.value


def blocked(house: House) -> Task:
    task = house.a_drafted_task()
    house.run(drafts.edit, draft_id=house.draft(task).id, body="Dear {{name}},")
    house.approve(task)
    house.settle()
    return house.fresh(task)


def in_its_last_wait(house: House) -> Task:
    house.follow_up_settings(waits=["P1D"], businessDaysOnly=False)
    task = house.a_sent_task()
    house.wait(days=1, hours=1)
    assert [step.status for step in house.follow_ups(task)] == [FollowUpStatus.SENT]
    return house.fresh(task)


def between_two_agents(house: House) -> Task:
    """Return a task whose first mail is out, and whose follow-ups nobody has planned yet."""
    task = house.a_drafted_task()
    house.approve(task)
    house.take_turns()
    house.make_calls()
    assert house.follow_ups(task) == []
    return house.fresh(task)


RUNNING: dict[str, Callable[[House], Task]] = {
    "queued": lambda house: house.a_task(),
    "drafted": lambda house: house.a_drafted_task(),
    "blocked": blocked,
    "sent, its follow-ups not planned yet": between_two_agents,
    "sent, with a follow-up to come": lambda house: house.a_sent_task(),
    "in its last wait": in_its_last_wait,
}


@pytest.mark.parametrize("how_far", RUNNING)
def test_who_is_being_written_to_gets_no_second_task(house: House, how_far: str) -> None:
    task = RUNNING[how_far](house)

    with pytest.raises(Conflict) as refusal:
        another(house, task)

    assert (refusal.value.reason_code, refusal.value.field) == ("ALREADY_ENROLLED", "contactId")
    assert enrolment.name(task.id) in refusal.value.message
    assert "Invite this contact to the pilot." in refusal.value.message
    assert len(house.all(Task)) == 1


def cancelled(house: House) -> Task:
    task = house.a_drafted_task()
    house.run(tasks.cancel, task_id=task.id)
    return task


def without_follow_ups(house: House) -> Task:
    house.follow_up_settings(waits=[])
    return house.a_sent_task()


def replied(house: House) -> Task:
    task = house.a_sent_task()
    house.run(contacts.record_reply, contact_id=task.contact_id, text="No, thank you.")
    return task


def escalated(house: House) -> Task:
    task = in_its_last_wait(house)
    house.wait(days=2)
    assert house.fresh(task).status is TaskStatus.ESCALATED
    return task


def its_step_cancelled(house: House) -> Task:
    task = house.a_sent_task()
    house.run(follow_ups.cancel, follow_up_id=house.follow_ups(task)[0].id)
    return task


def failed(house: House) -> Task:
    task = house.a_drafted_task()
    with house.tx() as tx:
        tx.execute(sa.update(Task).where(Task.id == task.id).values(status=TaskStatus.FAILED))
    return house.fresh(task)


ENDED: dict[str, Callable[[House], Task]] = {
    "cancelled": cancelled,
    "sent, and no follow-ups wanted": without_follow_ups,
    "answered": replied,
    "never answered": escalated,
    "its next step cancelled": its_step_cancelled,
    "failed": failed,
}


@pytest.mark.parametrize("how", ENDED)
def test_who_is_no_longer_being_written_to_gets_a_new_task(house: House, how: str) -> None:
    task = ENDED[how](house)

    assert another(house, task).status is TaskStatus.QUEUED
    house.settle()


# After another.


# "failed" is moved behind the product's back, and nobody knocks: see the slow timer's test.
@pytest.mark.parametrize("how", [how for how in ENDED if how != "failed"])
def test_a_task_that_waits_begins_when_the_other_is_over(house: House, how: str) -> None:
    contact = house.a_contact()
    waiting: list[Task] = []
    make = house.a_task

    def with_one_behind() -> Task:
        first = make(contact=contact)
        waiting.append(make(contact=contact, if_enrolled=IfEnrolled.QUEUE_AFTER))
        return first

    house.a_task = with_one_behind  # type: ignore[method-assign, assignment]
    first = ENDED[how](house)
    house.settle()

    [second] = waiting
    begun = house.fresh(second)
    assert begun.status is TaskStatus.AWAITING_APPROVAL
    assert begun.queued_after_id is None
    assert begun.contact_id == first.contact_id


def test_a_task_that_waits_says_so_and_writes_nothing(house: House) -> None:
    first = house.a_drafted_task()
    second = another(house, first, IfEnrolled.QUEUE_AFTER)
    house.wait(days=2)

    still = house.fresh(second)
    assert (still.status, still.queued_after_id) == (TaskStatus.QUEUED, first.id)
    assert house.all(Draft, Draft.task_id == second.id) == []
    with house.tx() as tx:
        [reason] = why_not.about_task(tx, second.id, settings=house.settings)[:1]
    assert reason.rule == "queued_after"
    assert enrolment.name(first.id) in reason.detail


def test_what_nobody_knocked_for_the_waiting_task_finds_by_itself(house: House) -> None:
    first = house.a_drafted_task()
    second = another(house, first, IfEnrolled.QUEUE_AFTER)
    with house.tx() as tx:
        tx.execute(sa.update(Task).where(Task.id == first.id).values(status=TaskStatus.FAILED))
    house.settle()
    assert house.fresh(second).status is TaskStatus.QUEUED

    house.wait(seconds=queueing.LOOK_AGAIN.total_seconds())

    assert house.fresh(second).status is TaskStatus.AWAITING_APPROVAL


def test_tasks_that_wait_go_one_after_the_other(house: House) -> None:
    first = house.a_drafted_task()
    second = another(house, first, IfEnrolled.QUEUE_AFTER)
    third = another(house, first, IfEnrolled.QUEUE_AFTER)
    for over in (first, second):
        assert house.fresh(third).status is TaskStatus.QUEUED
        house.run(tasks.cancel, task_id=over.id)
        house.settle()
    assert house.fresh(third).status is TaskStatus.AWAITING_APPROVAL


def test_a_waiting_task_can_be_cancelled(house: House) -> None:
    first = house.a_drafted_task()
    second = another(house, first, IfEnrolled.QUEUE_AFTER)
    house.run(tasks.cancel, task_id=second.id)
    house.run(tasks.cancel, task_id=first.id)
    house.settle()
    assert house.fresh(second).status is TaskStatus.CANCELLED


def test_with_nobody_before_it_it_does_not_wait(house: House) -> None:
    contact = house.a_contact()
    alone = house.a_task(contact=contact, if_enrolled=IfEnrolled.QUEUE_AFTER)
    house.settle()
    assert house.fresh(alone).status is TaskStatus.AWAITING_APPROVAL


# In another's place.


@pytest.mark.parametrize("how_far", RUNNING)
def test_a_task_takes_the_place_of_another(house: House, how_far: str) -> None:
    first = RUNNING[how_far](house)
    mails = len(house.mails())

    second = another(house, first, IfEnrolled.REPLACE)
    house.settle()

    assert house.fresh(first).status is TaskStatus.CANCELLED
    assert house.fresh(second).status is TaskStatus.AWAITING_APPROVAL
    house.wait(days=20)
    assert len(house.mails()) == mails
    assert house.events("task.cancelled") == ["task.cancelled"]


@pytest.mark.parametrize("status", [None, DeliveryStatus.UNKNOWN])
def test_a_mail_that_may_be_on_its_way_is_not_replaced(
    house: House, status: DeliveryStatus | None
) -> None:
    first = house.a_drafted_task()
    house.approve(first)
    house.take_turns()
    with house.tx() as tx:
        tx.execute(sa.update(Call).where(Call.draft_id.is_not(None)).values(in_doubt=True))
    if status:
        house.make_calls()
        with house.tx() as tx:
            tx.execute(sa.update(SentEmail).values(status=status))

    refusal = refused(
        house,
        tasks.assign,
        code="MAIL_ON_ITS_WAY",
        agent_id=house.agent(AgentKind.OUTREACH).id,
        contact_id=first.contact_id,
        instruction="Write.",
        if_enrolled=IfEnrolled.REPLACE,
    )

    assert enrolment.name(first.id) in refusal.message
    assert len(house.all(Task)) == 1


def test_two_replacements_at_once_leave_one_task(house: House) -> None:
    agent = house.agent(AgentKind.OUTREACH)
    for _ in range(ROUNDS):
        first = house.a_drafted_task()

        def replace(tx: Any, contact_id: uuid.UUID | None = first.contact_id) -> Task:
            return tasks.assign(
                tx,
                who="Ada",
                agent_id=agent.id,
                contact_id=contact_id,
                instruction="Write.",
                if_enrolled=IfEnrolled.REPLACE,
            )

        outcomes = at_once(house, replace, replace)

        assert losers(outcomes) == []
        with house.tx() as tx:
            assert len(enrolment.others(tx, the_contact(house, first).id)) == 1


# Nothing that was over goes on beside another.


def test_a_failed_task_is_not_tried_again_beside_another(house: House) -> None:
    task = failed(house)
    other = another(house, task)

    assert enrolment.name(other.id) in refused(house, tasks.retry, task_id=task.id).message
    refused(house, drafts.edit, draft_id=house.draft(task).id, body="Once more.")
    house.run(tasks.cancel, task_id=other.id)
    house.run(tasks.retry, task_id=task.id)


def test_a_failed_tasks_approval_is_not_withdrawn_beside_another(house: House) -> None:
    task = house.a_drafted_task()
    house.approve(task)
    house.take_turns()
    with house.tx() as tx:
        tx.execute(sa.update(Task).where(Task.id == task.id).values(status=TaskStatus.FAILED))
        tx.execute(sa.text("UPDATE outbox SET status = 'FAILED' WHERE draft_id IS NOT NULL"))
    another(house, task)

    refused(house, approvals.withdraw, draft_id=house.draft(task).id)


def test_an_unanswered_task_is_not_extended_beside_another(house: House) -> None:
    task = escalated(house)
    another(house, task)
    [asked] = [e for e in house.escalations() if e.kind is EscalationKind.NO_ANSWER]

    refusal = refused(
        house,
        escalations.resolve,
        escalation_id=asked.id,
        action=EscalationAction.EXTEND,
        steps=1,
    )
    assert refusal.field == "escalationId"


def test_a_failed_follow_up_does_not_go_on_beside_another(house: House) -> None:
    task = house.a_sent_task()
    [step] = house.follow_ups(task)
    with house.tx() as tx:
        tx.execute(sa.text("UPDATE agent_followup_schedule SET status = 'FAILED'"))
        tx.execute(sa.text("DELETE FROM timers"))
    another(house, task)

    assert refused(house, follow_ups.resume, follow_up_id=step.id).field == "followUpId"


def test_a_first_mail_that_turns_out_to_have_left_is_not_followed_up_beside_another(
    house: House,
) -> None:
    first = between_two_agents(house)
    with house.tx() as tx:  # as it was before one task a contact was the rule
        tx.execute(sa.text("UPDATE tasks SET status = 'FAILED'"))
    other = another(house, first)
    house.settle()

    assert house.follow_ups(first) == []
    [question] = house.escalations()
    assert enrolment.name(other.id) in question.reason


# The same company.


def test_others_at_the_company_are_named_and_nothing_is_refused(house: House) -> None:
    there = house.a_contact(name="Cy", company="Acme ")
    first = house.a_drafted_task(contact=there)
    house.a_drafted_task(contact=house.a_contact(company="Other"))
    second = house.a_task(contact=house.a_contact(company="ACME"))

    with house.tx() as tx:
        assert enrolment.at_the_same_company(tx, second) == [
            f"Cy, also at ACME, is being written to by task {enrolment.name(first.id)}."
        ]
        assert enrolment.at_the_same_company(tx, house.a_task()) == []
    house.run(tasks.cancel, task_id=first.id)
    with house.tx() as tx:
        assert enrolment.at_the_same_company(tx, second) == []


def test_a_task_in_its_last_wait_can_be_cancelled(house: House) -> None:
    task = in_its_last_wait(house)

    house.run(tasks.cancel, task_id=task.id)

    assert house.fresh(task).status is TaskStatus.CANCELLED
    assert another(house, task).queued_after_id is None
    house.wait(days=30)
    assert house.fresh(task).status is TaskStatus.CANCELLED
