"""Before a mail is written, what is known of somebody is looked up; each fact has its source."""

import pytest

from runtime.crm.research import facts
from runtime.desk import agents as desk_agents
from runtime.desk import contacts, research, tasks
from runtime.errors import Conflict, Refused, Reject, Retry
from runtime.models import (
    AgentKind,
    Call,
    CallKind,
    CallStatus,
    Contact,
    Event,
    Fact,
    FactSource,
    Message,
    Task,
    TaskStatus,
    WebPage,
)
from scheduler.integrations.template import TemplateWriter
from tests.fakes.pages import Pages
from tests.house import House

URL = "https://acme.example/news"
NEWS = "Acme opened a second plant in Lyon. Our canteen is green. Acme makes anvils since 1949."


def listed(house: House, contact: Contact, url: str = URL) -> WebPage:
    page: WebPage = house.run(research.add_page, url=url, contact_id=contact.id)
    return page


def asked_about(house: House, contact: Contact) -> Task:
    """Have the research agent find out about somebody."""
    task: Task = house.run(
        tasks.assign,
        agent_id=house.agent(AgentKind.RESEARCH).id,
        contact_id=contact.id,
        instruction="Find out about them.",
    )
    house.settle()
    return house.fresh(task)


def quotes(house: House, source: FactSource) -> list[str]:
    return [f.quote for f in house.all(Fact, Fact.source == source, Fact.withdrawn_at.is_(None))]


def said(house: House, task: Task) -> list[str]:
    rows = house.all(Message, Message.task_id == task.id)
    return [f"{row.sender} → {row.recipient}: {row.type}" for row in rows]


def test_outreach_asks_research_and_goes_on_when_the_facts_come(house: House) -> None:
    contact = house.a_contact(company="Acme", notes="Met at the fair in Graz.")
    listed(house, contact)
    house.reader = Pages(**{URL: NEWS})

    task = house.a_drafted_task(contact=contact)

    assert task.status is TaskStatus.AWAITING_APPROVAL
    assert said(house, task) == [
        "person → outreach: TaskAssigned",
        "outreach → research: FactsWanted",
        "system → research: PageRead",
        "research → outreach: FactsGathered",
        "system → outreach: TextWritten",
    ]
    assert quotes(house, FactSource.NOTE) == ["Met at the fair in Graz."]
    assert quotes(house, FactSource.PAGE) == [
        "Acme opened a second plant in Lyon.",
        "Acme makes anvils since 1949.",
    ]


def test_of_somebody_about_whom_nothing_can_be_looked_up_nobody_is_asked(house: House) -> None:
    task = house.a_drafted_task()

    assert said(house, task) == [
        "person → outreach: TaskAssigned",
        "system → outreach: TextWritten",
    ]


def test_who_is_known_well_enough_is_not_looked_up_again(house: House) -> None:
    contact = house.a_contact(notes="Likes tea. Plays chess. Lives in Graz.")
    asked_about(house, contact)

    task = house.a_drafted_task(contact=contact)

    assert "outreach → research: FactsWanted" not in said(house, task)


@pytest.mark.parametrize(("asked", "expected"), [(True, 1), (False, 0)])
def test_a_person_may_ask_for_it_or_do_without(house: House, asked: bool, expected: int) -> None:
    house.research_settings(beforeDraft="ALWAYS")
    contact = house.a_contact(notes="Likes tea.")
    task = house.run(
        tasks.assign,
        agent_id=house.agent(AgentKind.OUTREACH).id,
        contact_id=contact.id,
        instruction="Invite them.",
        research=asked,
    )
    house.settle()

    assert said(house, task).count("outreach → research: FactsWanted") == expected
    assert house.fresh(task).status is TaskStatus.AWAITING_APPROVAL


def test_a_mail_is_written_without_facts_that_do_not_come_in_time(house: House) -> None:
    house.research_settings(wait="PT30S")
    house.run(desk_agents.pause, agent_id=house.agent(AgentKind.RESEARCH).id)
    task = house.a_drafted_task(contact=house.a_contact(notes="Likes tea."))
    assert task.status is TaskStatus.WORKING

    house.wait(seconds=31)

    assert house.fresh(task).status is TaskStatus.AWAITING_APPROVAL
    house.run(desk_agents.resume, agent_id=house.agent(AgentKind.RESEARCH).id)
    house.settle()
    writes = house.all(Call, Call.task_id == task.id, Call.kind == CallKind.WRITE)
    assert len(writes) == 1, "facts that come late set nothing going"
    assert house.dead_letters() == []


def test_a_page_that_cannot_be_had_now_is_asked_for_again_and_then_done_without(
    house: House,
) -> None:
    contact = house.a_contact()
    listed(house, contact)
    house.reader = Pages(**{URL: Retry("acme.example did not answer.", code="PAGE_UNREACHABLE")})

    task = house.a_drafted_task(contact=contact)
    house.wait(minutes=1, seconds=50)

    [page] = house.all(WebPage)
    assert house.fresh(task).status is TaskStatus.AWAITING_APPROVAL
    assert page.error_code == "PAGE_UNREACHABLE"
    [refused] = house.all(Event, Event.type == "page.refused")
    assert (refused.task_id, refused.data["code"]) == (task.id, "PAGE_UNREACHABLE")
    assert "acme.example did not answer." in refused.summary


def test_a_task_of_its_own_ends_with_what_is_known(house: House) -> None:
    contact = house.a_contact(company="Acme", title="Engineer")
    listed(house, contact)
    house.reader = Pages(**{URL: NEWS})

    task = asked_about(house, contact)

    assert task.status is TaskStatus.COMPLETED
    [done] = house.all(Event, Event.type == "task.completed")
    assert "3 facts" in done.summary
    assert house.mails() == []


def test_research_is_no_writing_and_stands_in_no_ones_way(house: House) -> None:
    contact = house.a_contact(notes="Likes tea.")
    house.run(desk_agents.pause, agent_id=house.agent(AgentKind.RESEARCH).id)
    asked_about(house, contact)

    assert house.a_task(contact=contact).status is TaskStatus.QUEUED


def test_a_page_that_was_read_is_not_read_again_for_a_while(house: House) -> None:
    house.research_settings(freshDays=2)
    contact = house.a_contact(company="Acme")
    listed(house, contact)
    house.reader = reader = Pages(**{URL: NEWS})
    for days in (1, 1, 1):
        asked_about(house, contact)
        house.skip(days=days)

    assert len(reader.read_of) == 2


def test_what_a_page_no_longer_says_is_withdrawn_and_may_come_back(house: House) -> None:
    house.research_settings(freshDays=1)
    contact = house.a_contact(company="Acme")
    listed(house, contact)
    house.reader = reader = Pages(**{URL: NEWS})
    asked_about(house, contact)
    for text, known in (("Acme sleeps in winter.", 1), (NEWS, 2)):
        house.skip(days=2)
        reader.pages[URL] = text
        asked_about(house, contact)
        assert len(quotes(house, FactSource.PAGE)) == known


def test_a_page_of_a_company_is_read_once_for_all_who_work_there(house: House) -> None:
    house.run(research.add_page, url=URL, company="ACME")
    house.reader = reader = Pages(**{URL: NEWS})
    for name in ("Ada", "Bob"):
        asked_about(house, house.a_contact(name=name, company="Acme"))

    assert len(reader.read_of) == 1
    assert len(quotes(house, FactSource.PAGE)) == 4


def test_a_page_that_many_ask_for_at_once_is_read_once(house: House) -> None:
    house.run(research.add_page, url=URL, company="Acme")
    house.reader = reader = Pages(**{URL: NEWS})
    people = [house.a_contact(name=f"Person {n}", company="Acme") for n in range(5)]
    told = [house.a_task(contact=person) for person in people]

    house.settle()

    assert len(reader.read_of) == 1
    assert {house.fresh(task).status for task in told} == {TaskStatus.AWAITING_APPROVAL}
    assert len(quotes(house, FactSource.PAGE)) == 5 * 2


def test_a_page_that_many_ask_for_in_vain_is_asked_for_once(house: House) -> None:
    house.run(research.add_page, url=URL, company="Acme")
    house.reader = reader = Pages()
    told = [house.a_task(contact=house.a_contact(company="Acme")) for _ in range(5)]

    house.settle()

    assert len(reader.read_of) == 1
    assert {house.fresh(task).status for task in told} == {TaskStatus.AWAITING_APPROVAL}
    refused = [event.data["code"] for event in house.all(Event, Event.type == "page.refused")]
    assert refused == ["PAGE_MISSING"] * 5


def test_a_page_that_could_not_be_had_is_asked_for_again_on_another_day(house: House) -> None:
    house.research_settings(freshDays=30, pagesPerTask=1)
    contact = house.a_contact(company="Acme")
    listed(house, contact)
    house.reader = reader = Pages()
    asked_about(house, contact)
    house.skip(hours=1)
    asked_about(house, contact)
    assert len(reader.read_of) == 1
    reader.pages[URL] = NEWS
    house.skip(days=1)

    asked_about(house, contact)

    assert len(quotes(house, FactSource.PAGE)) == 2


def test_a_page_never_read_comes_before_one_that_could_not_be_had(house: House) -> None:
    house.research_settings(pagesPerTask=1)
    contact = house.a_contact(company="Acme")
    for url in (f"{URL}/gone", URL):
        listed(house, contact, url)
    house.reader = reader = Pages(**{URL: NEWS})
    asked_about(house, contact)
    house.skip(days=2)

    asked_about(house, contact)

    assert reader.read_of == [f"{URL}/gone", URL]


def test_a_colleague_is_shown_to_the_approver_and_told_to_no_writer(house: House) -> None:
    house.a_contact(name="Bob", company="Acme")
    ada = house.a_contact(name="Ada", company="Acme")
    asked_about(house, ada)

    with house.tx() as tx:
        told = facts.told(tx, ada.id)
        known = facts.of(tx, ada.id)
    assert [f.statement for f in known if f.source is FactSource.COLLEAGUE] == [
        "We also know Bob at Acme."
    ]
    assert not any("Bob" in fact.statement for fact in told)


def test_past_mail_and_answers_are_facts(house: House) -> None:
    contact = house.a_contact()
    house.a_sent_task(contact=contact)
    house.run(contacts.record_reply, contact_id=contact.id, text="We start in May. Write then.")
    house.settle()

    asked_about(house, contact)

    assert quotes(house, FactSource.REPLY) == ["We start in May."], "an order is no fact"
    [mail] = house.all(Fact, Fact.source == FactSource.MAIL)
    assert mail.statement.startswith("We wrote “")


def test_a_fact_taken_away_is_not_found_again(house: House) -> None:
    contact = house.a_contact(notes="Likes tea.")
    asked_about(house, contact)
    [fact] = house.all(Fact)
    house.run(research.withdraw_fact, fact_id=fact.id)

    asked_about(house, contact)

    assert quotes(house, FactSource.NOTE) == []
    with pytest.raises(Conflict):
        house.run(research.withdraw_fact, fact_id=fact.id)


def test_a_page_taken_off_the_list_takes_its_facts_along(house: House) -> None:
    contact = house.a_contact(company="Acme")
    page = listed(house, contact)
    house.reader = Pages(**{URL: NEWS})
    asked_about(house, contact)

    house.run(research.remove_page, page_id=page.id)

    assert house.all(WebPage) == []
    assert quotes(house, FactSource.PAGE) == []


def test_a_page_taken_off_the_list_while_it_is_to_be_read_is_not_read(house: House) -> None:
    contact = house.a_contact()
    page = listed(house, contact)
    house.reader = reader = Pages(**{URL: NEWS})
    task = house.a_task(contact=contact)
    house.take_turns()

    house.run(research.remove_page, page_id=page.id)
    house.settle()

    assert reader.read_of == []
    assert house.fresh(task).status is TaskStatus.AWAITING_APPROVAL
    [call] = house.all(Call, Call.kind == CallKind.READ_PAGE)
    assert call.status is CallStatus.VOID


def test_a_task_cancelled_while_it_is_prepared_ends_there(house: House) -> None:
    contact = house.a_contact()
    listed(house, contact)
    task = house.a_task(contact=contact)
    house.take_turns()

    house.run(tasks.cancel, task_id=task.id)
    house.wait(minutes=5)

    assert house.fresh(task).status is TaskStatus.CANCELLED
    assert house.all(Call, Call.kind == CallKind.WRITE) == []
    assert house.dead_letters() == []


def test_a_page_is_listed_once_and_only_a_public_address_may_be(house: House) -> None:
    contact = house.a_contact()
    listed(house, contact)
    for url in (URL, "acme.example", "ftp://acme.example/", "http://localhost/", "https://a@b.c/"):
        with pytest.raises(Refused) as refused:
            house.run(research.add_page, url=url, contact_id=contact.id)
        assert refused.value.field == "url"


def test_a_page_is_about_somebody_or_some_company_and_not_both(house: House) -> None:
    contact = house.a_contact()
    for about in ({}, {"contact_id": contact.id, "company": "Acme"}):
        with pytest.raises(Refused) as refused:
            house.run(research.add_page, url=URL, **about)
        assert refused.value.field == "contactId"


def test_more_pages_than_a_task_may_read_are_left_for_the_next(house: House) -> None:
    house.research_settings(pagesPerTask=2)
    contact = house.a_contact()
    for number in range(3):
        listed(house, contact, f"{URL}/{number}")
    house.reader = reader = Pages()
    for read in (2, 3):
        asked_about(house, contact)
        assert len(reader.read_of) == read


def test_a_worker_that_dies_over_a_page_leaves_it_for_the_next(house: House) -> None:
    contact = house.a_contact(company="Acme")
    listed(house, contact)
    house.reader = Pages(**{URL: SystemExit("killed")})
    task = house.a_task(contact=contact)
    house.take_turns()
    with pytest.raises(SystemExit):
        house.make_calls()

    house.reader = Pages(**{URL: NEWS})
    house.wait(minutes=2)

    assert house.fresh(task).status is TaskStatus.AWAITING_APPROVAL
    assert len(quotes(house, FactSource.PAGE)) == 2


class Choiceless(TemplateWriter):
    def quote(self, page: str, about: object) -> tuple[str, ...]:  # noqa: ARG002 - a writer's
        raise Reject("No.", code="WRITER_BLOCKED")


def test_a_writer_that_cannot_choose_leaves_the_page_unread(house: House) -> None:
    contact = house.a_contact()
    listed(house, contact)
    house.reader, house.writer = Pages(**{URL: NEWS}), Choiceless()

    task = house.a_drafted_task(contact=contact)

    assert task.status is TaskStatus.AWAITING_APPROVAL
    assert house.all(WebPage)[0].error_code == "WRITER_BLOCKED"
