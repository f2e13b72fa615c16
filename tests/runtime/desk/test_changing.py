"""A contact changes; whom we leave alone, we leave alone under any address."""

import pytest

from runtime.crm import suppression
from runtime.crm.contact_import import OnDuplicate, import_contacts
from runtime.desk import changing, contacts
from runtime.errors import NotFound, Refused
from runtime.models import Contact, ContactStatus, Event, LawfulBasis, Suppression, TaskStatus
from tests.house import House


def change(house: House, contact: Contact, **changes: str | None) -> Contact:
    house.clock.advance(60)
    done: Contact = house.run(changing.change, contact_id=contact.id, changes=changes)
    return done


def with_status(house: House, status: ContactStatus, source: str) -> Contact:
    contact = house.a_contact()
    with house.tx() as tx:
        suppression.suppress(tx, contact.email, reason="A reason.", source=source)
        tx.get_one(Contact, (house.workspace_id, contact.id)).status = status
    return contact


def test_what_is_left_out_stays_and_what_is_null_is_emptied(house: House) -> None:
    contact = house.a_contact(company="Old", title="CTO", country="Portugal")

    changed = change(house, contact, company=None, name="Grace  Hopper", lawful_basis="consent")

    assert (changed.company, changed.title, changed.country) == (None, "CTO", "PT")
    assert (changed.name, changed.lawful_basis) == ("Grace Hopper", LawfulBasis.CONSENT)
    assert changed.updated_at == house.clock.now
    [event] = house.all(Event, Event.type == "contact.updated")
    assert (event.actor, event.data) == (
        house.who,
        {"fields": ["company", "lawful_basis", "name"]},
    )


def test_what_is_the_same_is_no_event(house: House) -> None:
    contact = house.a_contact(country="DE")
    changed = change(house, contact, name=contact.name, country="Germany")

    assert changed.updated_at == contact.updated_at
    assert house.events("contact.updated") == []


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", "", "MISSING"),
        ("email", "", "INVALID_EMAIL"),
        ("email", None, "INVALID_EMAIL"),
        ("email", "nobody", "INVALID_EMAIL"),
        ("timezone", "Mars/Olympus", "INVALID_TIMEZONE"),
        ("country", "Atlantis", "INVALID_COUNTRY"),
        ("lawful_basis", "because", "INVALID_LAWFUL_BASIS"),
        ("source", "x" * 501, "TOO_LONG"),
    ],
)
def test_a_value_that_is_none_is_refused_by_its_field(
    house: House, field: str, value: str | None, code: str
) -> None:
    contact = house.a_contact()
    with pytest.raises(Refused) as refused:
        change(house, contact, **{field: value})
    assert (refused.value.reason_code, refused.value.field) == (code, field)
    assert house.fresh(contact).updated_at == contact.updated_at


def test_an_address_is_normalised_and_there_once(house: House) -> None:
    contact, other = house.a_contact(), house.a_contact()

    assert change(house, contact, email=" Grace@Example.ORG ").email == "grace@example.org"
    with pytest.raises(Refused) as refused:
        change(house, other, email="grace@example.org")
    assert refused.value.reason_code == "CONTACT_EXISTS"


def test_nobody_is_changed_who_is_not_there(house: House, other_house: House) -> None:
    contact = house.a_contact()
    with pytest.raises(NotFound):
        other_house.run(changing.change, contact_id=contact.id, changes={"name": "x"})


@pytest.mark.parametrize(
    ("status", "source"),
    [
        (ContactStatus.UNSUBSCRIBED, "unsubscribe"),
        (ContactStatus.COMPLAINED, "resend:complained"),
        (ContactStatus.DO_NOT_CONTACT, "person:Ada"),
    ],
)
def test_who_is_left_alone_stays_so_under_another_address(
    house: House, status: ContactStatus, source: str
) -> None:
    contact = with_status(house, status, source)

    changed = change(house, contact, email="new@example.org")

    assert changed.status is status
    listed = {entry.email: (entry.source, entry.reason) for entry in house.all(Suppression)}
    assert listed["new@example.org"] == listed[contact.email] == (source, "A reason.")


def test_a_bounce_was_about_the_old_address_only(house: House) -> None:
    contact = with_status(house, ContactStatus.BOUNCED, "resend:bounced")

    changed = change(house, contact, email="new@example.org")

    assert changed.status is ContactStatus.ACTIVE
    assert [entry.email for entry in house.all(Suppression)] == [contact.email]


def test_a_suppressed_address_stays_suppressed_whoever_takes_it(house: House) -> None:
    contact = house.a_contact()
    task = house.a_drafted_task(contact=contact)
    with house.tx() as tx:
        suppression.suppress(tx, "listed@example.org", reason="x", source="unsubscribe")

    changed = change(house, contact, email="listed@example.org")

    assert changed.status is ContactStatus.DO_NOT_CONTACT
    assert house.fresh(task).status is TaskStatus.CANCELLED


def test_a_mail_approved_for_the_old_address_goes_nowhere(house: House) -> None:
    contact = house.a_contact()
    task = house.a_drafted_task(contact=contact)
    house.approve(task)
    change(house, contact, email="new@example.org")
    house.settle()

    assert house.fresh(task).status is TaskStatus.BLOCKED
    assert house.mails() == []


def test_a_whole_domain_can_be_on_the_list(house: House) -> None:
    with house.tx() as tx:
        suppression.suppress(tx, "@rival.example", reason="A rival.", source="person:Ada")
        assert suppression.why(tx, "anybody@rival.example") == "A rival."
        assert suppression.why(tx, "anybody@sub.rival.example") is None
    assert house.a_contact(email="a@rival.example").status is ContactStatus.DO_NOT_CONTACT

    with house.tx() as tx:
        result = import_contacts(tx, "email,name\nb@rival.example,B\n", actor="Ada")
    assert result.suppressed == 1


def test_where_a_contact_comes_from_is_said_by_default(house: House) -> None:
    assert house.a_contact().source == f"Added by Ada on {house.clock.now:%Y-%m-%d}."
    assert house.a_contact(source="A fair").source == "A fair"


def test_a_file_says_the_basis_and_whence_and_never_forgets_it(house: House) -> None:
    first = (
        "E-mail,Name,Country,Lawful basis,Lead Source\n"
        "a@example.org,A,Portugal,Consent,Web form\n"
        "b@example.org,B,,,\n"
        "c@example.org,C,Atlantis,,\n"
        "d@example.org,D,,because,\n"
    )
    with house.tx() as tx:
        result = import_contacts(tx, first, actor="Ada")
    assert [(f.line, f.column, f.value) for f in result.failed] == [
        (4, "Country", "Atlantis"),
        (5, "Lawful basis", "because"),
    ]
    with house.tx() as tx:
        again = "email,name,source\na@example.org,A,\n"
        import_contacts(tx, again, actor="Bob", on_duplicate=OnDuplicate.UPDATE)

    a, b = house.all(Contact)
    assert (a.country, a.lawful_basis, a.source) == ("PT", LawfulBasis.CONSENT, "Web form")
    assert b.source == f"Imported by Ada on {house.clock.now:%Y-%m-%d}."


def test_a_mapping_names_the_new_fields_too(house: House) -> None:
    mapping = {"X": "lawfulBasis", "Y": "country", "Z": "source"}
    with house.tx() as tx:
        import_contacts(
            tx, "email,name,X,Y,Z\na@b.example,A,contract,FR,Fair\n", mapping, actor="A"
        )

    [contact] = house.all(Contact)
    assert (contact.lawful_basis, contact.country, contact.source) == (
        LawfulBasis.CONTRACT,
        "FR",
        "Fair",
    )


def test_who_was_suppressed_by_hand_stays_so(house: House) -> None:
    contact = house.a_contact()
    house.run(contacts.suppress, contact_id=contact.id, reason="Asked.")
    assert change(house, contact, name="X").status is ContactStatus.DO_NOT_CONTACT
