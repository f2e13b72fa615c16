"""Why somebody may be written to: on record where the workspace asks for it, or nothing leaves."""

import pytest

from runtime.crm.countries import country_code
from runtime.crm.lawful_bases import lawful_basis
from runtime.desk import changing, why_not, workspaces
from runtime.errors import Refused
from runtime.models import Contact, DeliveryStatus, LawfulBasis, TaskStatus
from tests.house import House


def require(house: House) -> None:
    house.run(workspaces.update, settings={"requireLawfulBasis": True})


def test_nobody_is_assigned_without_a_basis_where_one_is_required(house: House) -> None:
    require(house)

    with pytest.raises(Refused, match="lawfulBasis") as refused:
        house.a_task()

    assert (refused.value.reason_code, refused.value.field) == ("NO_LAWFUL_BASIS", "contactId")
    house.a_task(contact=house.a_contact(lawful_basis=LawfulBasis.CONSENT))


def test_the_gate_refuses_whose_basis_was_asked_for_after_the_approval(house: House) -> None:
    task = house.a_drafted_task()
    house.approve(task)
    require(house)
    house.settle()

    assert house.fresh(task).status is TaskStatus.BLOCKED
    [mail] = house.sent(task)
    assert mail.status is DeliveryStatus.BLOCKED
    assert [c["rule"] for c in mail.receipt if not c["passed"]] == ["lawful_basis"]
    assert house.mails() == []


def test_why_not_names_it_and_the_remedy(house: House) -> None:
    task = house.a_drafted_task()
    require(house)

    with house.tx() as tx:
        reasons = why_not.about_task(tx, task.id, settings=house.settings)

    [found] = [reason for reason in reasons if reason.rule == "lawful_basis"]
    assert found.remedy
    assert "updateContact" in found.remedy


def test_the_receipt_says_the_basis_where_it_is_required_and_nothing_elsewhere(
    house: House,
) -> None:
    house.follow_up_settings(waits=[])
    contact = house.a_contact(lawful_basis="legitimate interest")
    before = house.a_sent_task(contact=contact)
    require(house)
    after = house.a_sent_task(contact=contact)

    lines = [
        [c["detail"] for c in house.sent(task)[0].receipt if c["rule"] == "lawful_basis"]
        for task in (before, after)
    ]
    assert lines == [[], ["The contact may be written to by legitimate interest."]]


def test_a_contact_that_gets_a_basis_can_be_written_to(house: House) -> None:
    require(house)
    contact: Contact = house.a_contact()
    changes = {"lawful_basis": "CONTRACT", "source": "A customer since May."}
    house.run(changing.change, contact_id=contact.id, changes=changes)

    assert house.a_sent_task(contact=contact).status is TaskStatus.COMPLETED


@pytest.mark.parametrize(
    ("written", "basis"),
    [
        ("CONSENT", LawfulBasis.CONSENT),
        ("consent", LawfulBasis.CONSENT),
        ("Contract", LawfulBasis.CONTRACT),
        ("legitimate interests", LawfulBasis.LEGITIMATE_INTEREST),
        ("Legitimate_Interest", LawfulBasis.LEGITIMATE_INTEREST),
    ],
)
def test_a_basis_is_read_as_people_spell_it(written: str, basis: LawfulBasis) -> None:
    assert lawful_basis(written) is basis


@pytest.mark.parametrize("written", ["because", "", "CONSENT, I think", "public task"])
def test_what_is_not_on_the_closed_list_is_no_basis(written: str) -> None:
    with pytest.raises(Refused, match="one of CONSENT, CONTRACT, LEGITIMATE_INTEREST"):
        lawful_basis(written)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        *[("de", "DE"), ("Germany", "DE"), ("United Kingdom", "GB"), ("UK", "GB")],
        *[("U.S.A.", "US"), ("Côte d'Ivoire", "CI"), ("Trinidad and Tobago", "TT")],
        *[("South Korea", "KR"), ("Korea (South)", "KR"), ("Türkiye", "TR"), ("Czechia", "CZ")],
    ],
)
def test_a_country_is_read_by_its_letters_or_its_english_name(written: str, code: str) -> None:
    assert country_code(written) == code


@pytest.mark.parametrize("written", ["XX", "Atlantis", "Europe", "D"])
def test_what_is_no_country_is_refused(written: str) -> None:
    with pytest.raises(Refused, match="not a country") as refused:
        country_code(written)
    assert refused.value.field == "country"
