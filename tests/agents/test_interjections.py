"""A person joins in: what their words do at once, and what the agent says to it."""

from typing import Any

import pytest

from runtime.desk import messages as desk
from runtime.mail import writing
from runtime.models import (
    AgentKind,
    ContactStatus,
    DraftStatus,
    FollowUpStatus,
    Message,
    Task,
    TaskStatus,
)
from scheduler.integrations import Brief, Written
from tests.house import House


def say(
    house: House, text: str, task: Task | None = None, to: AgentKind = AgentKind.OUTREACH
) -> str:
    """Say something to an agent and return its answer."""
    given: dict[str, Any] = {"agent_id": house.agent(to).id, "text": text}
    house.run(desk.send, task_id=task.id if task else None, **given)
    house.settle()
    answers = house.all(Message, Message.type == "Answer")
    return str(answers[-1].body["text"])


def test_stop_ends_everything_for_the_contact_before_the_agent_has_its_turn(house: House) -> None:
    task = house.a_sent_task()
    house.run(
        desk.send,
        agent_id=house.agent(AgentKind.OUTREACH).id,
        text="Don't contact them again.",
        task_id=task.id,
    )

    [step] = house.follow_ups(task)
    assert step.status is FollowUpStatus.CANCELLED
    house.settle()
    [answer] = house.all(Message, Message.type == "Answer")
    assert "Nothing more goes to" in answer.body["text"]


def test_stop_for_a_company_reaches_everybody_there_and_nobody_else(house: House) -> None:
    ada = house.a_contact(company="Acme", name="Ada")
    bob = house.a_contact(company="ACME", name="Bob")
    eve = house.a_contact(company="Other", name="Eve")
    task = house.a_sent_task(contact=ada)
    waiting = house.a_drafted_task(contact=bob)
    other = house.a_drafted_task(contact=eve)

    answer = say(house, "Stop writing to this company.", task)

    states = [house.fresh(contact).status for contact in (ada, bob, eve)]
    assert states == [
        ContactStatus.DO_NOT_CONTACT,
        ContactStatus.DO_NOT_CONTACT,
        ContactStatus.ACTIVE,
    ]
    assert house.fresh(waiting).status is TaskStatus.CANCELLED
    assert house.fresh(other).status is TaskStatus.AWAITING_APPROVAL
    assert "Ada" in answer
    assert "Bob" in answer


def test_words_about_a_waiting_draft_become_its_next_version(house: House) -> None:
    task = house.a_drafted_task()

    answer = say(house, "Use a warmer tone.", task)

    assert house.draft(task).version == 2
    assert house.fresh(task).status is TaskStatus.AWAITING_APPROVAL
    assert answer == "I write another version with that."


def test_an_approved_draft_that_is_written_anew_waits_for_approval_again(house: House) -> None:
    task = house.a_drafted_task()
    house.approve(task)

    say(house, "Make it shorter.", task)

    assert house.draft(task).status is DraftStatus.PENDING
    assert house.mails() == []


def test_pause_holds_the_next_step_until_somebody_resumes_it(house: House) -> None:
    task = house.a_sent_task()

    answer = say(house, "Pause until I have talked to her.", task, AgentKind.FOLLOW_UP)
    house.wait(days=30)

    [step] = house.follow_ups(task)
    assert step.status is FollowUpStatus.PAUSED
    assert "paused" in answer
    assert len(house.mails()) == 1


def test_pause_takes_an_approval_back_that_has_not_been_used(house: House) -> None:
    task = house.a_drafted_task()
    house.approve(task)

    say(house, "Don't send it yet", task)
    house.wait(days=1)

    assert house.mails() == []
    assert house.fresh(task).status is TaskStatus.AWAITING_APPROVAL


def test_a_question_is_answered_with_how_things_stand(house: House) -> None:
    task = house.a_sent_task()

    answer = say(house, "How does it stand?", task, AgentKind.FOLLOW_UP)

    assert "The task is completed." in answer
    assert "Follow-up 1 of 3 is not due yet." in answer


@pytest.mark.parametrize("to", [AgentKind.OUTREACH, AgentKind.FOLLOW_UP, AgentKind.PLANNING])
def test_what_is_not_understood_is_said_to_be_so_and_does_nothing(
    house: House, to: AgentKind
) -> None:
    task = house.a_drafted_task()
    before = house.events()

    answer = say(house, "Banana.", task, to)

    assert "did not understand" in answer
    happened = [e for e in house.events() if e not in before]
    assert happened == ["message.posted", "message.answered"]
    assert house.draft(task).version == 1


def test_a_word_about_no_task_is_asked_for_one(house: House) -> None:
    assert "Name the task" in say(house, "Stop writing to this company.")


def test_there_may_be_nothing_to_do(house: House) -> None:
    task = house.a_sent_task()

    assert "no draft that waits" in say(house, "Make it shorter.", task)


def test_who_spoke_stands_in_the_message(house: House) -> None:
    say(house, "Hello.", house.a_drafted_task())

    [message] = house.all(Message, Message.type == "PersonWrote")
    assert message.body["who"] == house.who


def test_a_task_has_its_texts_and_no_more(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MOST_TEXTS", 2)
    asked: list[Brief] = []
    real = house.writer.write

    def write(brief: Brief) -> Written:
        asked.append(brief)
        return real(brief)

    monkeypatch.setattr(house.writer, "write", write)
    task = house.a_drafted_task()
    for _ in range(2):
        say(house, "Make it shorter.", task)

    failed = house.fresh(task)
    assert (failed.status, failed.error_code) == (TaskStatus.FAILED, "BUDGET_SPENT")
    assert len(asked) == 2
