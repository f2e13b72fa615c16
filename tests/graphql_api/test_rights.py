"""What people may ask of us about themselves, and who here may do it."""

import base64

import pytest

from graphql_api import ids
from graphql_api.filters import EventFilter
from runtime.models import Contact, Event
from tests.graphql_api.door import Caller
from tests.graphql_api.test_pages import SHAPES
from tests.house import House
from tests.runtime.desk.people import a_known_person

EXPORT = "query ($id: ID!) { exportContact(contactId: $id) }"
FIELDS = "contact { id email name company country lawfulBasis source status erasedAt }"


def id_of(contact: Contact) -> str:
    return ids.encode("Contact", contact.id)


def test_a_contact_is_added_with_its_basis_and_changed(member: Caller) -> None:
    given = {
        "email": "a@example.org",
        "name": "Ada",
        "company": "Engines",
        "country": "Portugal",
        "lawfulBasis": "CONSENT",
        "source": "Form",
    }
    added = member.do("createContact", given, FIELDS)["contact"]
    changes = {"contactId": added["id"], "company": None, "lawfulBasis": "CONTRACT"}
    changed = member.do("updateContact", changes, FIELDS)["contact"]

    assert (added["country"], added["lawfulBasis"], added["source"]) == ("PT", "CONSENT", "Form")
    assert (changed["company"], changed["lawfulBasis"]) == (None, "CONTRACT")
    assert (changed["name"], changed["country"]) == ("Ada", "PT")


def test_a_change_is_refused_by_the_field_at_fault(member: Caller, house: House) -> None:
    contact = id_of(house.a_contact())
    error = member.refused("updateContact", {"contactId": contact, "country": "Atlantis"})
    assert (error["code"], error["path"]) == ("INVALID_COUNTRY", ["input", "country"])


def test_everything_about_a_contact_is_one_answer(member: Caller, house: House) -> None:
    task = house.a_sent_task()
    [contact] = house.all(Contact)

    whole = member.ask(EXPORT, id=id_of(contact))["exportContact"]

    assert whole["contact"]["email"] == contact.email
    assert [each["id"] for each in whole["tasks"]] == [str(task.id)]
    assert whole["sentEmails"][0]["receipt"]
    assert {each["type"] for each in whole["events"]} >= {"contact.created", "email.sent"}


def test_a_viewer_and_a_stranger_export_nothing(
    viewer: Caller, stranger: Caller, house: House
) -> None:
    contact = id_of(house.a_contact())
    assert viewer.error(EXPORT, id=contact)["extensions"]["code"] == "FORBIDDEN"
    for id_ in (contact, "nonsense"):
        assert stranger.error(EXPORT, id=id_)["extensions"]["code"] == "NOT_FOUND"


def test_only_an_owner_erases(
    owner: Caller, member: Caller, stranger: Caller, house: House
) -> None:
    contact = house.a_contact()
    given = {"contactId": id_of(contact), "confirmEmail": contact.email, "reason": "Asked for it."}

    [error] = member.attempt("eraseContact", given)["errors"]
    assert error["extensions"]["code"] == "FORBIDDEN"
    assert stranger.refused("eraseContact", given)["code"] == "NOT_FOUND"
    erased = owner.do("eraseContact", given, FIELDS)["contact"]

    assert (erased["name"], erased["status"]) == ("[erased]", "DO_NOT_CONTACT")
    assert erased["email"].endswith("@erased.invalid")
    assert erased["erasedAt"]
    again = owner.refused("createContact", {"email": contact.email, "name": "X"})
    assert (again["code"], again["path"]) == ("ERASED", ["input", "email"])


def test_the_list_shows_the_day_and_an_owner_alone_lifts_it(
    owner: Caller, member: Caller, house: House
) -> None:
    contact = house.a_contact()
    given = {"contactId": id_of(contact), "confirmEmail": contact.email, "reason": "Asked for it."}
    owner.do("eraseContact", given)
    query = "{ suppressions { nodes { id email source } } }"
    [entry] = member.ask(query)["suppressions"]["nodes"]

    assert entry["email"] == f"erased on {house.clock.now:%Y-%m-%d}"
    lift = {"suppressionId": entry["id"], "reason": "They wrote and want it."}
    assert member.refused("removeSuppression", lift)["code"] == "ERASED"
    assert owner.do("removeSuppression", lift)["userErrors"] == []


def test_a_domain_is_put_onto_the_list(member: Caller) -> None:
    given = {"address": "@Rival.example", "reason": "Rivals."}
    done = member.do("addSuppression", given, "suppression { email reason source }")
    assert done["suppression"] == {
        "email": "@rival.example",
        "reason": "Rivals.",
        "source": "person:Ada",
    }


@pytest.mark.parametrize("setting", [True, False])
def test_an_owner_has_a_lawful_basis_required(owner: Caller, house: House, setting: bool) -> None:
    given = {"settings": {"requireLawfulBasis": setting}}
    owner.do("updateWorkspace", given)
    agent = owner.ask("{ agents { id kind } }")["agents"]
    [outreach] = [each["id"] for each in agent if each["kind"] == "OUTREACH"]
    task = {"agentId": outreach, "contactId": id_of(house.a_contact()), "instruction": "Write."}

    codes = [error["code"] for error in owner.do("assignTask", task)["userErrors"]]
    assert codes == (["NO_LAWFUL_BASIS"] if setting else [])


def test_the_events_of_one_person_here_are_found_by_who_and_what(
    member: Caller, house: House
) -> None:
    house.a_contact(name="Grace Hopper")
    query = "query ($filter: EventFilter) { events(filter: $filter) { nodes { summary actor } } }"
    found = member.ask(query, filter={"actor": "Ada", "search": "grace HOPPER"})

    assert found["events"]["nodes"] == [{"summary": "Grace Hopper was added.", "actor": "Ada"}]


def test_a_subscription_narrows_by_the_same_words(house: House) -> None:
    house.a_contact(name="Grace Hopper")
    matches = EventFilter(actor="Ada", search="grace HOPPER").matcher()

    assert [event.type for event in house.all(Event) if matches(event)] == ["contact.created"]


def test_a_list_of_addresses_is_put_onto_ours(member: Caller, viewer: Caller) -> None:
    shown = "added known failed { line value reason }"
    data = base64.b64encode(b"email\na@example.org\nnobody\n").decode()
    done = member.do("importSuppressions", {"base64": data, "reason": "Old list."}, shown)

    assert (done["added"], done["known"], done["userErrors"]) == (1, 0, [])
    assert [(f["line"], f["value"]) for f in done["failed"]] == [(3, "nobody")]
    for given, path in (
        ({"csv": "a", "base64": data}, "csv"),
        ({"base64": "?"}, "base64"),
        ({"csv": "name\nAda\n"}, "csv"),
        ({"csv": "a@b.example", "reason": " "}, "reason"),
    ):
        error = member.refused("importSuppressions", {"reason": "x"} | given)
        assert error["path"] == ["input", path]
    [error] = viewer.attempt("importSuppressions", {"csv": "x", "reason": "x"}, shown)["errors"]
    assert error["extensions"]["code"] == "FORBIDDEN"


def test_every_list_can_still_be_read_when_somebody_was_erased(owner: Caller, house: House) -> None:
    contact, _ = a_known_person(house)
    given = {"contactId": id_of(contact), "confirmEmail": contact.email, "reason": "Asked for it."}
    owner.do("eraseContact", given)

    shapes = SHAPES | {
        "sentEmails ": "to receipt { detail }",
        "followUps ": "reason skippedDays overdue calendar",
        "escalations(open: null)": "reason resolution contact { name }",
        "suppressions": "email reason source",
        "events": "summary data",
        "messages": "type body error",
        "contacts": "name email lawfulBasis",
    }
    for listed, shape in shapes.items():
        assert owner.ask(f"{{ {listed} {{ nodes {{ {shape} }} }} }}")[listed.split("(")[0].strip()]
    assert owner.ask(EXPORT, id=id_of(contact))["exportContact"]["contact"]["name"] == "[erased]"
