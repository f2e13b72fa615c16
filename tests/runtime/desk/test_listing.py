"""Onto the list: an address that is nobody's yet, a company as a whole, a list from elsewhere."""

import pytest

from runtime.crm import suppression_csv
from runtime.desk import erasing, listing, suppressions, tasks
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


def import_list(house: House, data: str | bytes) -> listing.Listed:
    done: listing.Listed = house.run(
        listing.add_all, sheet=suppression_csv.read(data), reason="From the old system."
    )
    return done


@pytest.mark.parametrize(
    "data",
    [
        "a@example.org\n@rival.example\nA@example.org\nnobody\n",
        "E-Mail\na@example.org\n@rival.example\n\nnobody\n",
        "Grund;E-Mail\nx;a@example.org\ny;@rival.example\nz;nobody\n",
        b"\xef\xbb\xbfnotes,email\r\nwants none,a@example.org\r\n,@rival.example\r\n,nobody\r\n",
    ],
)
def test_a_list_from_elsewhere_comes_in_as_people_keep_it(house: House, data: str | bytes) -> None:
    listed = import_list(house, data)

    assert (listed.added, listed.known, [f.value for f in listed.failed]) == (2, 0, ["nobody"])
    found = {(e.email, e.source, e.reason) for e in house.all(Suppression)}
    assert found == {
        (email, "import:Ada", "From the old system.")
        for email in ("a@example.org", "@rival.example")
    }


def test_a_list_leaves_its_contacts_alone_and_a_second_time_nothing_changes(house: House) -> None:
    contact, other = house.a_contact(), house.a_contact()
    task = house.a_drafted_task(contact=contact)
    import_list(house, f"email\n{contact.email}\n")

    again = import_list(house, f"email\n{contact.email}\n")

    assert (again.added, again.known) == (0, 1)
    assert house.fresh(contact).status is ContactStatus.DO_NOT_CONTACT
    assert house.fresh(task).status is TaskStatus.CANCELLED
    assert house.fresh(other).status is ContactStatus.ACTIVE
    assert house.events("suppressions.imported") == ["suppressions.imported"] * 2


def test_a_list_brings_no_erased_address_back(house: House) -> None:
    contact = house.a_contact()
    house.run(
        erasing.erase, contact_id=contact.id, confirm_email=contact.email, reason="Asked for it."
    )
    listed = import_list(house, contact.email)

    assert (listed.added, listed.known) == (0, 1)
    assert [entry.email for entry in house.all(Suppression)] == [None]


@pytest.mark.parametrize("data", ["", "name,company\nAda,Engines\n", "\n\n"])
def test_a_file_without_addresses_is_refused_whole(data: str) -> None:
    with pytest.raises(Refused) as refused:
        suppression_csv.read(data)
    assert (refused.value.reason_code, refused.value.field) == ("MISSING_COLUMN", "csv")
