"""A question to a person is settled where its matter is seen to, not only where it is asked."""

from collections.abc import Callable

import pytest

from runtime.crm import escalations
from runtime.desk import contacts, drafts, follow_ups, opportunities, tasks
from runtime.models import (
    Draft,
    Escalation,
    EscalationKind,
    Event,
    FollowUp,
    FollowUpStatus,
    Stage,
    Task,
    TaskStatus,
)
from scheduler.integrations.template import TemplateWriter
from tests.fakes.writers import Careless
from tests.house import House


@pytest.fixture
def stopped(house: House) -> Task:
    """A task whose first follow-up the gate refused, so that a person is asked."""
    house.follow_up_settings(waits=["PT2S"])
    task = house.a_sent_task()
    house.writer = Careless()
    house.wait(seconds=5)
    assert step_of(house, task).status is FollowUpStatus.BLOCKED
    assert len(house.escalations()) == 1
    house.writer = TemplateWriter()
    return task


@pytest.fixture
def unanswered(house: House) -> Task:
    """A task of which all mails are out, so that a person is asked."""
    house.follow_up_settings(waits=["PT2S"])
    task: Task = house.run(opportunities.delegate, opportunity_id=house.an_opportunity().id)
    house.settle()
    house.approve(task)
    house.wait(days=1)
    assert [asked.kind for asked in house.escalations()] == [EscalationKind.NO_ANSWER]
    return house.fresh(task)


def step_of(house: House, task: Task) -> FollowUp:
    return house.follow_ups(task)[0]


def resume(house: House, task: Task) -> None:
    house.run(follow_ups.resume, follow_up_id=step_of(house, task).id)


def edit(house: House, task: Task) -> None:
    [draft] = house.all(Draft, Draft.follow_up_id == step_of(house, task).id)
    house.run(drafts.edit, draft_id=draft.id, body="Hello, it is Ada.")


def cancel_step(house: House, task: Task) -> None:
    house.run(follow_ups.cancel, follow_up_id=step_of(house, task).id)


def cancel(house: House, task: Task) -> None:
    house.run(tasks.cancel, task_id=task.id, reason="It was a mistake.")


def suppress(house: House, task: Task) -> None:
    house.run(contacts.suppress, contact_id=task.contact_id, reason="Asked us to stop.")


def lose(house: House, task: Task) -> None:
    house.run(opportunities.update, opportunity_id=task.opportunity_id, stage=Stage.LOST)


@pytest.mark.parametrize("act", [resume, edit, cancel_step, cancel, suppress])
def test_a_step_that_goes_on_or_ends_asks_nobody_any_more(
    house: House, stopped: Task, act: Callable[[House, Task], None]
) -> None:
    [asked] = house.escalations()

    act(house, stopped)

    assert house.escalations() == []
    settled = house.fresh(asked)
    assert settled.resolved_by == house.who
    [event] = house.all(Event, Event.type == "escalation.resolved")
    assert event.data["escalation_id"] == str(asked.id)
    assert event.task_id == stopped.id


def test_a_step_that_stops_again_asks_again(house: House, stopped: Task) -> None:
    house.writer = Careless()
    resume(house, stopped)
    house.settle()

    assert step_of(house, stopped).status is FollowUpStatus.BLOCKED
    assert len(house.escalations()) == 1
    assert len(house.all(Escalation)) == 2


def test_nobody_is_asked_about_a_failed_step_of_somebody_who_has_answered(
    house: House, stopped: Task
) -> None:
    with house.tx() as tx:
        tx.get_one(
            FollowUp, (tx.workspace_id, step_of(house, stopped).id)
        ).status = FollowUpStatus.FAILED

    house.run(contacts.record_reply, contact_id=stopped.contact_id, text="Here I am.")

    assert house.escalations() == []


@pytest.mark.parametrize("act", [suppress, lose])
def test_nobody_is_asked_what_to_do_about_silence_that_no_longer_matters(
    house: House, unanswered: Task, act: Callable[[House, Task], None]
) -> None:
    act(house, unanswered)

    assert house.escalations() == []


def test_an_answer_that_is_owed_is_owed_after_the_task_too(house: House) -> None:
    task = house.a_drafted_task()
    with house.tx() as tx:
        escalations.ask(
            tx,
            EscalationKind.QUESTION,
            "Their question waits.",
            dedup_key="asked:1",
            actor="outreach",
            task=task,
        )

    cancel(house, task)

    assert house.fresh(task).status is TaskStatus.CANCELLED
    assert [asked.dedup_key for asked in house.escalations()] == ["asked:1"]


def test_a_cause_settles_each_of_its_own_questions_and_no_others(house: House) -> None:
    with house.tx() as tx:
        for key in ("message:1:5", "message:1:9", "message:11:5", "message:1_:5"):
            escalations.ask(tx, EscalationKind.QUESTION, "?", dedup_key=key, actor="outreach")

    with house.tx() as tx:
        escalations.settle(tx, "message:1", "Seen to.", by="Ada")

    assert {each.dedup_key for each in house.escalations()} == {"message:11:5", "message:1_:5"}
