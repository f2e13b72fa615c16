"""A task's budget: of calls that ask a model, and of what agents say to each other about it."""

import pytest
import sqlalchemy as sa

from agents import team
from runtime.actors import turns
from runtime.actors.agent import Agent, handles
from runtime.actors.turn import Turn
from runtime.crm import budget
from runtime.desk import contacts, messages
from runtime.mail import reading
from runtime.messages import PersonWrote
from runtime.models import (
    AgentKind,
    Call,
    CallKind,
    CallStatus,
    EscalationKind,
    Message,
    Reply,
    Task,
    TaskStatus,
)
from tests.house import House


def spend(house: House, task: Task, tries: int = budget.MOST_MODEL_CALLS) -> None:
    """Have a task's first text be what took so many tries."""
    with house.tx() as tx:
        tx.execute(
            sa.update(Call)
            .where(Call.task_id == task.id, Call.kind == CallKind.WRITE)
            .values(attempts=tries)
        )


def newest(house: House, kind: CallKind) -> Call:
    return house.all(Call, Call.kind == kind)[-1]


def again(house: House, task: Task) -> None:
    """Ask for another version."""
    house.run(
        messages.send,
        agent_id=house.agent(AgentKind.OUTREACH).id,
        text="Make it shorter.",
        task_id=task.id,
    )
    house.settle()


def test_a_task_that_has_asked_a_model_often_enough_gets_no_more_texts(house: House) -> None:
    task = house.a_drafted_task()
    spend(house, task)

    again(house, task)

    stopped = house.fresh(task)
    assert (stopped.status, stopped.error_code) == (TaskStatus.FAILED, budget.SPENT)
    assert stopped.error_message == budget.SPENT_WORDS
    assert newest(house, CallKind.WRITE).attempts == 1
    assert house.draft(task).version == 1


def test_the_last_try_of_the_budget_is_made(house: House) -> None:
    task = house.a_drafted_task()
    spend(house, task, budget.MOST_MODEL_CALLS - 1)

    again(house, task)

    assert house.draft(task).version == 2
    again(house, task)
    assert house.fresh(task).error_code == budget.SPENT


def test_another_task_has_a_budget_of_its_own(house: House) -> None:
    spend(house, house.a_drafted_task())

    assert house.fresh(house.a_drafted_task()).status is TaskStatus.AWAITING_APPROVAL


def test_mail_leaves_whatever_was_spent_on_its_words(house: House) -> None:
    task = house.a_drafted_task()
    spend(house, task, 10 * budget.MOST_MODEL_CALLS)

    house.approve(task)
    house.settle()

    assert house.fresh(task).status is TaskStatus.COMPLETED
    assert len(house.mails()) == 1


def test_a_reply_beyond_the_budget_stays_what_rules_took_it_for(house: House) -> None:
    task = house.a_sent_task()
    spend(house, task)
    [mail] = house.sent(task)

    house.run(
        contacts.record_reply,
        contact_id=task.contact_id,
        text="Sounds great, let us talk.",
        sent_email_id=mail.id,
    )
    [reply] = house.all(Reply)
    with house.tx() as tx:
        reading.plan(tx, reply, mail)
    house.settle()

    read = newest(house, CallKind.READ_REPLY)
    assert (read.status, read.error_code) == (CallStatus.FAILED, budget.SPENT)


class Parrot(Agent):
    """Answers whatever it hears, each time as if a person had just spoken."""

    def __init__(self, other: AgentKind) -> None:
        self.other = other

    @handles(PersonWrote)
    def hear(self, turn: Turn, said: PersonWrote) -> None:
        turn.message.hops = 0
        turn.tell(self.other, said)


def _talk(house: House, task: Task) -> None:
    kinds = (AgentKind.OUTREACH, AgentKind.FOLLOW_UP)
    pair = {kind: Parrot(other) for kind, other in (kinds, kinds[::-1])}
    parrots = {**{agent.kind: agent for agent in team()}, **pair}
    house.run(messages.send, agent_id=house.agent(kinds[0]).id, text="Banana.", task_id=task.id)
    busy = True
    while busy:
        taken = [
            turns.take(house.db, parrots, house.workspace_id, house.agent(kind).id)
            for kind in kinds
        ]
        busy = any(taken)


def test_agents_that_talk_too_much_of_one_task_are_stopped_and_reported_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each answer is a new cause to the next, so that the row of hops never ends the talk."""
    monkeypatch.setattr(budget, "MOST_MESSAGES", 60)
    task = house.a_drafted_task()
    _talk(house, task)

    said = house.all(
        Message, Message.task_id == task.id, Message.sender.in_(["outreach", "follow_up"])
    )
    assert len(said) == budget.MOST_MESSAGES
    [question] = house.escalations()
    assert question.kind is EscalationKind.AGENT_FAILED
    assert (question.task_id, "keep answering each other" in question.reason) == (task.id, True)
    assert house.events("conversation.stopped") == ["conversation.stopped"]

    _talk(house, task)
    assert len(house.escalations()) == 1
    assert house.dead_letters() == []


def test_what_is_said_to_people_is_not_counted(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "MOST_MESSAGES", 20)
    task = house.a_drafted_task()
    _talk(house, task)
    before = len(house.all(Message, Message.recipient == "person"))

    again(house, task)

    assert len(house.all(Message, Message.recipient == "person")) == before + 1
