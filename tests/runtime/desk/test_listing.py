"""Onto the list: an address nobody has as a contact yet, and a company as a whole."""

import pytest

from runtime.desk import listing, suppressions, tasks
from runtime.errors import Refused
from runtime.models import AgentKind, ContactStatus, DeliveryStatus, Suppression, TaskStatus
from tests.house import House


def add(house: House, address: str) -> Suppression:
    added: Suppression = house.run(listing.add, address=address, reason="Wants none.")
    return added


def test_an_address_that_is_nobodys_yet_comes_in_suppressed(house: House) -> None:
    assert add(house, " A@Example.org ").email == "a@example.org"
    assert house.a_contact(email="a@example.org").status is ContactStatus.DO_NOT_CONTACT
    assert house.events("suppression.added") == ["suppression.added"]


def test_a_contacts_address_leaves_the_contact_alone(house: House) -> None:
    contact = house.a_contact()
    task = house.a_drafted_task(contact=contact)
    add(house, contact.email)

    assert house.fresh(contact).status is ContactStatus.DO_NOT_CONTACT
    assert house.fresh(task).status is TaskStatus.CANCELLED


def test_a_domain_stops_everybody_there_at_the_gate(house: House) -> None:
    contact = house.a_contact(email="a@rival.example")
    task = house.a_drafted_task(contact=contact)
    house.approve(task)

    assert add(house, "@Rival.Example").email == "@rival.example"
    house.settle()

    assert [mail.status for mail in house.sent(task)] == [DeliveryStatus.BLOCKED]
    with pytest.raises(Refused, match="Wants none"):
        house.run(
            tasks.assign,
            agent_id=house.agent(AgentKind.OUTREACH).id,
            contact_id=contact.id,
            instruction="Write.",
        )


def test_it_is_there_once_and_can_be_taken_off_again(house: House) -> None:
    entry = add(house, "@rival.example")
    assert add(house, "@rival.example").id == entry.id
    house.run(suppressions.remove, suppression_id=entry.id, reason="They changed their minds.")

    assert house.all(Suppression) == []


@pytest.mark.parametrize("address", ["", "@", "@@b.example", "nobody", "@a b", "@localhost"])
def test_what_is_neither_is_refused(house: House, address: str) -> None:
    with pytest.raises(Refused) as refused:
        add(house, address)
    assert refused.value.field == "address"
