"""The team as a whole: who is on it, what each understands, and how they stop."""

from agents import team
from runtime import messages as vocabulary
from runtime.crm import team as roster
from runtime.desk import agents as desk_agents
from runtime.desk import contacts, messages, tasks
from runtime.messages import Said
from runtime.models import (
    Agent,
    AgentKind,
    DraftStatus,
    Event,
    Message,
    MessageStatus,
    Priority,
    Task,
    TaskStatus,
)
from tests.house import House


def test_everybody_who_is_born_with_a_workspace_is_played(house: House) -> None:
    assert {agent.kind for agent in team()} == set(roster.SETTINGS)
    assert {agent.kind for agent in house.all(Agent)} == set(roster.SETTINGS)


def test_everything_that_can_be_said_is_understood_by_somebody() -> None:
    spoken_to_people = {"Answer", "AboutTask", "Said"}
    said = {
        name
        for name, kind in vars(vocabulary).items()
        if isinstance(kind, type) and issubclass(kind, Said)
    }
    understood = {kind.type for agent in team() for kind in agent._handlers}

    assert said - understood == spoken_to_people


def test_the_same_message_again_changes_nothing(house: House) -> None:
    """At least once is what the rails promise below a turn; the agents make it once."""
    house.follow_up_settings(waits=["PT2S"])
    task = house.a_sent_task()
    house.wait(minutes=1)
    status, mails = house.fresh(task).status, len(house.mails())
    with house.tx() as tx:
        for message in house.all(Message, Message.recipient_id.is_not(None)):
            again = tx.get_one(Message, (house.workspace_id, message.id))
            again.status = MessageStatus.READY

    house.wait(days=30)

    assert (house.fresh(task).status, len(house.mails())) == (status, mails)
    assert len(house.escalations()) == 1
    assert len(house.follow_ups(task)) == 1
    assert house.dead_letters() == []


def test_the_more_urgent_task_is_written_first(house: House) -> None:
    for priority in (Priority.LOW, Priority.URGENT, Priority.NORMAL, Priority.HIGH):
        house.a_task(priority=priority)
    house.take_turns()

    priorities = {task.id: task.priority for task in house.all(Task)}
    begun = [
        priorities[event.task_id]
        for event in house.all(Event, Event.type == "task.started")
        if event.task_id
    ]
    assert begun == sorted(priorities.values())


def test_words_about_a_waiting_draft_are_feedback(house: House) -> None:
    task = house.a_drafted_task()

    house.run(
        messages.send,
        agent_id=house.agent(AgentKind.OUTREACH).id,
        text="Warmer, please.",
        task_id=task.id,
    )
    house.settle()

    assert house.draft(task).version == 2
    assert house.draft(task).status is DraftStatus.PENDING
    assert house.fresh(task).status is TaskStatus.AWAITING_APPROVAL


def test_words_about_nothing_are_answered(house: House) -> None:
    for kind in (AgentKind.OUTREACH, AgentKind.FOLLOW_UP):
        house.run(messages.send, agent_id=house.agent(kind).id, text="Hello?")
    house.settle()

    answers = house.all(Message, Message.recipient == "person")
    assert [answer.sender for answer in answers] == ["outreach", "follow_up"]
    assert all(answer.body["text"] for answer in answers)
    assert house.dead_letters() == []


def test_a_paused_agent_writes_nothing_until_it_is_resumed(house: House) -> None:
    agent_id = house.agent(AgentKind.OUTREACH).id
    house.run(desk_agents.pause, agent_id=agent_id)
    task = house.a_task()
    house.wait(days=1)
    assert house.fresh(task).status is TaskStatus.QUEUED

    house.run(desk_agents.resume, agent_id=agent_id)
    house.settle()

    assert house.fresh(task).status is TaskStatus.AWAITING_APPROVAL


def test_a_task_cancelled_before_anybody_began_is_never_written(house: House) -> None:
    task = house.a_task()
    house.run(tasks.cancel, task_id=task.id)

    house.settle()

    assert house.fresh(task).status is TaskStatus.CANCELLED
    assert house.events("draft.") == []


def test_a_text_that_comes_after_the_cancellation_is_not_stored(house: House) -> None:
    task = house.a_task()
    house.take_turns()
    house.make_calls()
    house.run(tasks.cancel, task_id=task.id)

    house.settle()

    assert house.events("draft.") == []


def test_somebody_suppressed_while_the_mail_is_written_gets_none(house: House) -> None:
    house.outreach_settings(requireApproval=False)
    task = house.a_task()
    house.take_turns()
    house.run(contacts.suppress, contact_id=task.contact_id, reason="Asked for it.")

    house.wait(days=30)

    assert house.mails() == []
    assert house.fresh(task).status is TaskStatus.CANCELLED


def test_without_steps_nobody_is_written_to_again(house: House) -> None:
    house.follow_up_settings(waits=[])
    task = house.a_sent_task()

    house.wait(days=60)

    assert house.follow_ups(task) == []
    assert len(house.mails()) == 1


def test_after_a_long_outage_steps_come_one_after_the_other(house: House) -> None:
    """Each counts from the mail before it as really sent, so that nothing bursts."""
    house.follow_up_settings(waits=["P1D", "P1D", "P1D"], businessDaysOnly=False)
    task = house.a_sent_task()
    house.clock.advance(days=10)

    house.settle()
    assert len(house.mails()) == 2
    house.wait(days=1)
    assert len(house.mails()) == 3

    first, second = house.follow_ups(task)[:2]
    assert first.executed_at
    assert second.executed_at
    assert (second.executed_at - first.executed_at).days == 1
