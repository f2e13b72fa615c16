"""The team at work on one new opportunity, as anybody can read it."""

from runtime.desk import messages, recommendations, research
from runtime.mail.inbound import effects
from runtime.mail.replies import Heard
from runtime.models import (
    AgentKind,
    Contact,
    Escalation,
    EscalationKind,
    Message,
    Recommendation,
    ReplyKind,
    Stage,
    Task,
    TaskStatus,
)
from tests.fakes.pages import Pages
from tests.house import House

URL = "https://acme.example/"


def spoken(house: House, task: Task) -> list[str]:
    rows = house.all(Message, Message.task_id == task.id)
    return [f"{row.sender} → {row.recipient}: {row.type}" for row in rows]


def test_planning_briefs_outreach_which_asks_research_then_a_person_then_follow_up(
    house: House,
) -> None:
    house.follow_up_settings(waits=["PT2S"], businessDaysOnly=False)
    contact = house.a_contact(name="Ada", company="Acme")
    house.run(research.add_page, url=URL, contact_id=contact.id)
    house.reader = Pages(**{URL: "Acme opened a second plant in Lyon."})
    deal = house.an_opportunity(contact=contact)
    house.wait(days=15)
    [found] = house.all(Recommendation)

    task = house.run(recommendations.accept, recommendation_id=found.id)
    house.settle()
    house.approve(task)
    house.wait(days=1)

    assert spoken(house, task) == [
        "planning → outreach: Briefing",
        "outreach → research: FactsWanted",
        "system → research: PageRead",
        "research → outreach: FactsGathered",
        "system → outreach: TextWritten",
        "person → outreach: DraftApproved",
        "system → outreach: EmailSent",
        "outreach → follow_up: OutreachSent",
        "system → follow_up: FollowUpDue",
        "system → follow_up: TextWritten",
        "system → follow_up: EmailSent",
        "system → follow_up: AnswerOverdue",
        "follow_up → planning: ContactSilent",
    ]
    threads = {row.correlation_id for row in house.all(Message, Message.task_id == task.id)}
    assert threads == {task.correlation_id}
    assert house.fresh(task).status is TaskStatus.ESCALATED
    assert house.fresh(deal).stage is Stage.CONTACTED
    house.wait(days=1)
    rules = {row.rule for row in house.all(Recommendation)}
    assert "follow_ups_exhausted" in rules, "the silence is what planning goes on from"


def test_every_message_says_what_set_it_off(house: House) -> None:
    contact = house.a_contact(notes="Likes tea.")
    task = house.a_drafted_task(contact=contact)
    rows = {row.id: row for row in house.all(Message, Message.task_id == task.id)}

    wanted = next(row for row in rows.values() if row.type == "FactsWanted")
    gathered = next(row for row in rows.values() if row.type == "FactsGathered")
    written = next(row for row in rows.values() if row.type == "TextWritten")

    assert rows[wanted.causation_id or 0].type == "TaskAssigned"
    assert gathered.causation_id == wanted.id
    assert written.causation_id == gathered.id


def test_a_question_in_a_reply_is_handed_to_a_person_once(house: House) -> None:
    task = house.a_sent_task()
    mail = house.sent(task)[0]
    with house.tx() as tx:
        contact = tx.get_one(Contact, (tx.workspace_id, mail.contact_id))
        heard = Heard(kind=ReplyKind.HUMAN, text="What does it cost?", sent=mail)
        effects.act(tx, contact, heard, actor="system")
    house.settle()

    [asked] = house.all(Escalation)
    assert asked.kind is EscalationKind.QUESTION
    assert "asks something" in asked.reason
    assert spoken(house, task)[-1] == "system → outreach: QuestionAsked"


def test_the_team_answers_a_person_who_joins_in(house: House) -> None:
    task = house.a_drafted_task(contact=house.a_contact(notes="Likes tea."))
    house.run(
        messages.send,
        agent_id=house.agent(AgentKind.RESEARCH).id,
        text="Where are we?",
        task_id=task.id,
    )
    house.settle()

    answer = house.all(Message, Message.type == "Answer")[-1]
    assert (answer.sender, answer.recipient) == ("research", "person")
    assert "awaiting approval" in answer.body["text"]


def test_nobody_waits_for_an_answer_so_nobody_can_wait_for_ever(house: House) -> None:
    """Two agents that need each other, both with a full mailbox, and no third to help them."""
    people = [house.a_contact(notes="Likes tea.") for _ in range(20)]
    tasks = [house.a_task(contact=person) for person in people]

    house.settle()

    assert {house.fresh(task).status for task in tasks} == {TaskStatus.AWAITING_APPROVAL}
    assert house.dead_letters() == []
