"""A file of contacts comes in once, however often and by however many it is imported."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa

from runtime.crm import suppression
from runtime.crm.contact_csv import read
from runtime.crm.contact_import import (
    BATCH,
    ImportResult,
    OnDuplicate,
    import_contacts,
    import_sheet,
)
from runtime.desk import contacts
from runtime.errors import Refused
from runtime.models import Contact, ContactStatus, Event
from tests.house import House
from tests.runtime.crm.contact_files import a_file, a_long_file

UPDATE = OnDuplicate.UPDATE


def bring_in(house: House, data: bytes | str, **how: Any) -> ImportResult:
    with house.tx() as tx:
        return import_contacts(tx, data, actor=house.who, **how)


def counts(result: ImportResult) -> tuple[int, int, int, int]:
    return (result.created, result.updated, result.skipped, len(result.failed))


def contact(house: House, email: str) -> Contact:
    (found,) = house.all(Contact, Contact.email == email)
    return found


def test_good_lines_go_in_and_refused_ones_are_reported(house: House) -> None:
    result = bring_in(house, a_file("duplicates-and-faults.csv"))

    assert counts(result) == (7, 0, 0, 11)
    assert {each.email for each in house.all(Contact)} == {
        f"{name}@example.com" for name in ("anna", "dora", "emil", "gus", "lea", "pia")
    } | {"mia@xn--bcher-kva.example"}
    dora = contact(house, "dora@example.com")
    assert (dora.name, dora.company, dora.status) == (
        "Dora Quote",
        "Example, Inc.",
        ContactStatus.ACTIVE,
    )
    assert dora.created_at == dora.updated_at == house.clock.now


@pytest.mark.parametrize("on_duplicate", OnDuplicate)
def test_a_second_import_creates_nothing_and_changes_nothing(
    house: House, on_duplicate: OnDuplicate
) -> None:
    bring_in(house, a_file("windows-semicolons.csv"))
    before = [(each.id, each.updated_at) for each in house.all(Contact)]
    house.clock.advance(days=1)

    again = bring_in(house, a_file("windows-semicolons.csv"), on_duplicate=on_duplicate)

    assert counts(again) == (0, 0, 4, 0)
    assert [(each.id, each.updated_at) for each in house.all(Contact)] == before


def test_an_import_is_one_event_with_its_counts(house: House) -> None:
    bring_in(house, a_file("duplicates-and-faults.csv"))

    (event,) = house.all(Event, Event.type == "contacts.imported")
    assert event.actor == house.who
    assert event.summary == "Contacts imported: 7 created, 0 updated, 0 skipped, 11 failed."
    assert event.data == {"created": 7, "updated": 0, "skipped": 0, "failed": 11, "suppressed": 0}


@pytest.mark.parametrize("on_duplicate", OnDuplicate)
def test_a_dry_run_tells_what_would_happen_and_leaves_no_trace(
    house: House, on_duplicate: OnDuplicate
) -> None:
    house.a_contact(email="anna@example.com", name="Anna", company="Old")
    before, happened = [c.company for c in house.all(Contact)], house.events()
    data = a_file("duplicates-and-faults.csv")

    foretold = bring_in(house, data, dry_run=True, on_duplicate=on_duplicate)

    assert [c.company for c in house.all(Contact)] == before
    assert house.events() == happened
    assert foretold == bring_in(house, data, on_duplicate=on_duplicate)


def test_skip_leaves_a_contact_that_is_there_as_it_is(house: House) -> None:
    house.a_contact(email="anna@example.com", name="Anna", company="Old")

    result = bring_in(house, "email,name,company\nANNA@example.com,Other,New\n")

    assert counts(result) == (0, 0, 1, 0)
    assert contact(house, "anna@example.com").company == "Old"


def test_update_overwrites_only_what_the_file_says(house: House) -> None:
    house.a_contact(email="anna@example.com", name="Anna", company="Old", title="CTO", notes="shy")
    house.a_contact(email="bo@example.com", name="Bo", company="Bo Ltd")
    house.clock.advance(hours=1)
    data = (
        "email,name,company,title\n"
        "anna@example.com,Anna Berg,New,\n"
        "bo@example.com,Bo,Bo Ltd,\n"
        "cleo@example.com,Cleo,,\n"
    )

    result = bring_in(house, data, on_duplicate=UPDATE)

    assert counts(result) == (1, 1, 1, 0)
    anna, bo = contact(house, "anna@example.com"), contact(house, "bo@example.com")
    assert (anna.name, anna.company, anna.title, anna.notes) == ("Anna Berg", "New", "CTO", "shy")
    assert anna.updated_at == house.clock.now
    assert bo.updated_at < house.clock.now


def test_update_never_wakes_somebody_who_must_be_left_alone(house: House) -> None:
    anna = house.a_contact(email="anna@example.com", name="Anna")
    house.run(contacts.suppress, contact_id=anna.id, reason="asked us to stop")

    result = bring_in(house, "email,name\nanna@example.com,Anna Berg\n", on_duplicate=UPDATE)

    assert counts(result) == (0, 1, 0, 0)
    anna = house.fresh(anna)
    assert (anna.name, anna.status) == ("Anna Berg", ContactStatus.DO_NOT_CONTACT)
    with house.tx() as tx:
        assert suppression.why(tx, "anna@example.com") == "asked us to stop"


def test_a_suppressed_address_comes_in_as_one_to_leave_alone(house: House) -> None:
    with house.tx() as tx:
        suppression.suppress(tx, "anna@example.com", reason="unsubscribed", source="link")

    result = bring_in(house, "email,name\nAnna@Example.com,Anna\nbo@example.com,Bo\n")

    assert (result.created, result.suppressed) == (2, 1)
    assert contact(house, "anna@example.com").status is ContactStatus.DO_NOT_CONTACT
    assert contact(house, "bo@example.com").status is ContactStatus.ACTIVE


def test_a_suppression_of_another_workspace_does_not_reach_this_one(
    house: House, other_house: House
) -> None:
    with other_house.tx() as tx:
        suppression.suppress(tx, "anna@example.com", reason="unsubscribed", source="link")

    bring_in(house, "email,name\nanna@example.com,Anna\n")
    bring_in(other_house, "email,name\nanna@example.com,Anna\n")

    assert contact(house, "anna@example.com").status is ContactStatus.ACTIVE
    assert contact(other_house, "anna@example.com").status is ContactStatus.DO_NOT_CONTACT


@pytest.mark.parametrize(
    ("data", "mapping", "field"),
    [("Kontaktweg,Name\na@x.de,A\n", None, "csv"), ("email,name\n", {"email": "phone"}, "mapping")],
)
def test_a_file_that_is_refused_leaves_no_trace(
    house: House, data: str, mapping: dict[str, str] | None, field: str
) -> None:
    happened = house.events()

    with pytest.raises(Refused) as caught:
        bring_in(house, data, mapping=mapping)

    assert caught.value.field == field
    assert house.all(Contact) == []
    assert house.events() == happened


@pytest.mark.parametrize("on_duplicate", OnDuplicate)
def test_two_imports_of_one_file_at_once_make_each_contact_once(
    house: House, on_duplicate: OnDuplicate
) -> None:
    # Opposite orders would deadlock if addresses went in as they stand.
    lines = [f"contact{number}@example.com,Contact {number}" for number in range(3_000)]
    files = ["\n".join(["email,name", *order]) for order in (lines, lines[::-1])]
    together = Barrier(2)

    def import_one(data: str) -> ImportResult:
        with house.tx() as tx:
            together.wait(timeout=30)
            return import_contacts(tx, data, actor=house.who, on_duplicate=on_duplicate)

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(import_one, files))

    assert sorted(counts(result) for result in results) == [(0, 0, 3_000, 0), (3_000, 0, 0, 0)]
    assert len(house.all(Contact)) == 3_000


def test_ten_thousand_contacts_take_one_statement_a_batch(house: House) -> None:
    sheet, statements, told = read(a_long_file(10_000)), list[str](), list[int]()

    with house.tx() as tx:

        def note(*execution: Any) -> None:
            statements.append(execution[2])

        sa.event.listen(tx.connection(), "before_cursor_execute", note)
        result = import_sheet(tx, sheet, actor=house.who, progress=told.append)

    inserts = [each for each in statements if "INSERT INTO contacts" in each]
    assert counts(result) == (10_000, 0, 0, 0)
    assert len(inserts) == 10_000 // BATCH
    assert len(statements) <= len(inserts) + 5
    assert list(itertools.accumulate(told))[-1] == 10_000
    assert len(house.all(Contact)) == 10_000
