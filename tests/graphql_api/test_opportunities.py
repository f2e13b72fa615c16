"""Deals through the door."""

from graphql_api import ids
from runtime.models import Role
from tests.graphql_api.door import Caller, Door
from tests.house import House

DEAL = """opportunity { id title stage value notes nextStep contact { id }
    stageChanges { before after by reason } tasks { id } }"""


def test_a_deal_is_added_moved_handed_over_and_closed(owner: Caller, house: House) -> None:
    contact = ids.encode("Contact", house.a_contact().id)
    given = {"title": "Two seats", "contactId": contact, "value": 1200.5, "nextStep": "Write."}
    deal = owner.do("createOpportunity", given, DEAL)["opportunity"]
    assert (deal["stage"], deal["value"], deal["contact"]["id"]) == ("NEW", 1200.5, contact)
    this = {"opportunityId": deal["id"]}

    task = owner.do("delegateOpportunity", this, "task { id opportunity { id } instruction }")
    assert task["task"]["opportunity"]["id"] == deal["id"]
    assert task["task"]["instruction"] == "Write."
    house.settle()

    won = owner.do("updateOpportunity", this | {"stage": "WON"}, DEAL)["opportunity"]
    assert [change["after"] for change in won["stageChanges"]] == ["NEW", "WON"]
    assert won["tasks"] == [{"id": task["task"]["id"]}]
    found = owner.ask(
        "query ($id: ID!) { tasks(filter: {opportunityId: $id}) { nodes { status } } }",
        id=deal["id"],
    )
    assert found["tasks"]["nodes"] == [{"status": "CANCELLED"}]
    error = owner.refused("delegateOpportunity", this)
    assert (error["code"], error["path"]) == ("OPPORTUNITY_CLOSED", ["input", "opportunityId"])


def test_the_pipeline_is_listed_by_stage(owner: Caller, house: House) -> None:
    for stage in ("NEW", "MEETING", "NEW"):
        owner.do("createOpportunity", {"title": stage, "stage": stage})
    query = "query ($stage: [Stage!]) { opportunities(stage: $stage) { totalCount } }"
    assert owner.ask(query, stage=["NEW"])["opportunities"]["totalCount"] == 2
    assert owner.ask(query, stage=["NEW", "MEETING"])["opportunities"]["totalCount"] == 3
    assert owner.ask(query, stage=None)["opportunities"]["totalCount"] == 3


def test_deals_and_questions_are_listed_by_contact(owner: Caller, house: House) -> None:
    deal = house.an_opportunity()
    house.an_opportunity()
    query = """query ($id: ID) { opportunities(contactId: $id) { nodes { id } }
        escalations(contactId: $id, open: null) { totalCount } }"""
    found = owner.ask(query, id=ids.encode("Contact", deal.contact_id))
    assert found["opportunities"]["nodes"] == [{"id": ids.encode("Opportunity", deal.id)}]
    assert found["escalations"]["totalCount"] == 0


def test_a_key_hands_a_deal_over_once(owner: Caller, house: House) -> None:
    deal = ids.encode("Opportunity", house.an_opportunity().id)
    given = {"opportunityId": deal, "idempotencyKey": "once"}
    first = owner.do("delegateOpportunity", given, "task { id }")
    assert owner.do("delegateOpportunity", given, "task { id }") == first


def test_a_task_may_name_its_deal_alone(owner: Caller, house: House) -> None:
    deal, other = house.an_opportunity(), house.a_contact()
    given = {
        "agentId": owner.ask("{ agents { id kind } }")["agents"][0]["id"],
        "opportunityId": ids.encode("Opportunity", deal.id),
        "instruction": "Write.",
    }
    wrong = owner.refused("assignTask", given | {"contactId": ids.encode("Contact", other.id)})
    assert (wrong["code"], wrong["path"]) == ("OTHER_CONTACT", ["input", "contactId"])
    task = owner.do("assignTask", given, "task { contact { id } }")["task"]
    assert task["contact"]["id"] == ids.encode("Contact", deal.contact_id)


def test_a_viewer_looks_and_does_not_touch(door: Door, house: House) -> None:
    viewer = door.caller(house, Role.VIEWER)
    answer = viewer.attempt("createOpportunity", {"title": "Mine"})
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert viewer.ask("{ opportunities { totalCount } }")["opportunities"]["totalCount"] == 0
