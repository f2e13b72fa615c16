"""Before a file is imported, anybody who may import it is told how it would be read."""

from typing import Any

from graphql_api import ids
from runtime.desk import contacts, listing
from tests.graphql_api.door import Caller
from tests.house import House

COLUMNS = """query ($csv: String!, $mapping: JSON) { contactColumns(csv: $csv, mapping: $mapping) {
    delimiter skippedLines columns { title field } userErrors { code path } } }"""
WHY = "query ($id: ID!) { node(id: $id) { ... on Contact { suppression { email reason } } } }"


def columns(caller: Caller, csv: str, mapping: Any = None) -> Any:
    return caller.ask(COLUMNS, csv=csv, mapping=mapping)["contactColumns"]


def test_titles_are_understood_as_the_import_will(member: Caller) -> None:
    found = columns(member, "sep=;\nVorname;E-Mail;Laune\nAda;ada@example.org;gut")

    assert (found["delimiter"], found["skippedLines"], found["userErrors"]) == (";", 1, [])
    assert found["columns"] == [
        {"title": "Vorname", "field": "first_name"},
        {"title": "E-Mail", "field": "email"},
        {"title": "Laune", "field": None},
    ]


def test_what_is_missing_is_told_until_a_mapping_says_it(member: Caller) -> None:
    csv = "Wer,Wohin\nAda,ada@example.org\n"
    before = columns(member, csv)
    after = columns(member, csv, {"Wer": "name", "Wohin": "email"})

    assert [error["code"] for error in before["userErrors"]] == ["MISSING_COLUMN"]
    assert [each["title"] for each in before["columns"]] == ["Wer", "Wohin"]
    assert after["userErrors"] == []
    wrong = columns(member, csv, {"Wer": "hat"})
    assert wrong["delimiter"] is None
    assert wrong["userErrors"] == [{"code": "INVALID_MAPPING", "path": ["input", "mapping"]}]
    assert columns(member, "")["userErrors"][0]["code"] == "INVALID_CSV"


def test_who_may_not_import_is_told_nothing(viewer: Caller) -> None:
    error = viewer.error(COLUMNS, csv="email,name")
    assert error["extensions"]["code"] == "FORBIDDEN"


def test_a_contact_names_what_keeps_mail_from_them(viewer: Caller, house: House) -> None:
    free, own, firm = (house.a_contact(email=f"a@{name}.example") for name in ("x", "y", "z"))
    house.run(contacts.suppress, contact_id=own.id, reason="They asked by phone.")
    house.run(listing.add, address="@z.example", reason="No mail to Z.")

    found = [viewer.ask(WHY, id=ids.encode("Contact", each.id))["node"] for each in (free, own)]
    assert [each["suppression"] for each in found] == [
        None,
        {"email": "a@y.example", "reason": "They asked by phone."},
    ]
    of_domain = viewer.ask(WHY, id=ids.encode("Contact", firm.id))["node"]["suppression"]
    assert of_domain == {"email": "@z.example", "reason": "No mail to Z."}
