"""Two transactions that need the same rows take them in one order, so that neither dies of it.

A transaction that did would be tried again (``Database.run``); here each has one try.
"""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from runtime.crm import contacts, erased, tasks
from runtime.crm.pipeline import recommendations as findings
from runtime.crm.research import facts, holdings
from runtime.crm.research.facts import Source
from runtime.db import Transaction
from runtime.desk import erasing, messages, recommendations, research, workspaces
from runtime.mail import delivery, reports
from runtime.models import AgentKind, Contact, Fact, FactSource, Recommendation, Task
from tests.fakes.webhooks import body, bounce
from tests.house import House
from tests.races import crossing

PAUSES = [(1, 1), (1, 3), (2, 1)]
"""After how many of its locks each of the two lets the other come."""

Work = Callable[[Transaction], Any]


@pytest.mark.parametrize("pauses", PAUSES)
def test_a_bounce_and_another_calendar(house: House, pauses: tuple[int, int]) -> None:
    """The one goes from its tasks to the breaker, the other from the workspace to all steps."""
    house.follow_up_settings(waits=["P5D"])
    [mail] = house.sent(house.a_sent_task())
    told = reports.read(body(mail, "email.bounced", at=house.clock.now, **bounce("Permanent")))

    crossing(
        house,
        lambda tx: workspaces.update(tx, who="Ada", settings={"country": "PT"}),
        lambda tx: delivery.take(tx, "msg_1", told),
        pauses=pauses,
    )

    assert {"workspace.updated", "email.bounced"} <= set(house.events())


def an_open_one(house: House) -> Recommendation:
    house.planning_settings(highValue=100)
    house.an_opportunity(value=500.0)
    house.wait(seconds=10)
    [row] = house.all(Recommendation)
    return row


def erase(house: House, contact: Contact) -> Work:
    return lambda tx: erasing.erase(
        tx, who="Bo", contact_id=contact.id, confirm_email=contact.email, reason="They asked."
    )


@pytest.mark.parametrize("pauses", PAUSES)
def test_an_acceptance_and_an_erasure(house: House, pauses: tuple[int, int]) -> None:
    row = an_open_one(house)
    [contact] = house.all(Contact)

    crossing(
        house,
        lambda tx: recommendations.accept(tx, who="Ada", recommendation_id=row.id),
        erase(house, contact),
        pauses=pauses,
    )

    assert house.fresh(contact).erased_at is not None


@pytest.mark.parametrize("pauses", PAUSES)
def test_a_look_at_the_pipeline_and_an_erasure(house: House, pauses: tuple[int, int]) -> None:
    """The look's turn holds the tasks of what it was told, and finds some findings gone."""
    row = an_open_one(house)
    [contact] = house.all(Contact)
    task = house.a_drafted_task(contact=contact)

    def look(tx: Transaction) -> None:
        tasks.lock(tx, [task.id])
        findings.expire(tx, [], actor="planning")

    crossing(house, look, erase(house, contact), pauses=pauses)

    assert house.fresh(contact).erased_at is not None
    assert house.fresh(row).title == erased.WORD


@pytest.mark.parametrize("pauses", PAUSES)
def test_two_people_who_stop_one_company(house: House, pauses: tuple[int, int]) -> None:
    """Each names another of its people."""
    works = [
        stop_the_company(house, house.a_drafted_task(contact=house.a_contact(company="Acme")))
        for _ in range(2)
    ]

    crossing(house, *works, pauses=pauses)

    assert house.events("contact.suppressed") == ["contact.suppressed"] * 2


@pytest.mark.parametrize("pauses", PAUSES)
def test_a_company_that_is_stopped_and_a_turn_about_its_people(
    house: House, pauses: tuple[int, int]
) -> None:
    drafted = [house.a_drafted_task(contact=house.a_contact(company="Acme")) for _ in range(2)]

    def turn(tx: Transaction) -> None:
        for task in drafted:
            tasks.lock(tx, [task.id])

    crossing(house, stop_the_company(house, drafted[1]), turn, pauses=pauses)

    assert len(house.events("contact.suppressed")) == 2


def stop_the_company(house: House, task: Task) -> Work:
    agent = house.agent(AgentKind.OUTREACH).id
    return lambda tx: messages.send(
        tx, who="Ada", agent_id=agent, text="Stop writing to this company.", task_id=task.id
    )


def test_a_page_taken_off_the_list_and_an_erasure(house: House) -> None:
    """Both take the page away and what was found there."""
    contact = house.a_contact(company="Acme")
    page = house.run(research.add_page, url="https://acme.example/", contact_id=contact.id)
    with house.tx() as tx:
        source = Source(FactSource.PAGE, page.id, "Acme makes anvils.")
        facts.keep(tx, contact, source, [source.text], found_by="rules")

    crossing(
        house,
        lambda tx: research.remove_page(tx, who="Ada", page_id=page.id),
        erase(house, contact),
        pauses=(1, 9),
    )

    assert house.all(Fact, Fact.withdrawn_at.is_(None)) == []


def test_who_is_just_being_erased_is_not_noted_with_a_colleague(house: House) -> None:
    ada, bob = (house.a_contact(name=name, company="Acme") for name in ("Ada", "Bob"))

    with house.tx() as look_up:
        seen = look_up.get_one(Contact, (house.workspace_id, ada.id))
        with house.tx() as tx:
            contacts.wanted(tx, bob.id, lock=True)
            holdings.gather(look_up, seen)

    assert house.all(Fact, Fact.source == FactSource.COLLEAGUE) == []


def test_an_erasure_waits_for_who_notes_somebody_with_a_colleague(house: House) -> None:
    ada, bob = (house.a_contact(name=name, company="Acme") for name in ("Ada", "Bob"))

    def note(tx: Transaction) -> None:
        holdings.gather(tx, tx.get_one(Contact, (tx.workspace_id, ada.id)))
        tx.scalar(sa.select(Contact.id).where(Contact.id == ada.id).with_for_update())

    crossing(house, note, erase(house, bob), pauses=(1, 9))

    assert house.all(Fact, Fact.source == FactSource.COLLEAGUE) == []
