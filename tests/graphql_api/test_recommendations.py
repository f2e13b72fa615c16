"""Recommendations through the door."""

import sqlalchemy as sa

from graphql_api import ids
from runtime.models import Recommendation
from tests.graphql_api.door import Caller
from tests.house import House

SHOWN = """id rule title why template wordedBy evidence agentKind instruction priority status
    opportunity { id } contact { id } task { id }"""


def test_one_is_read_with_its_grounds_and_accepted_once(owner: Caller, house: House) -> None:
    house.planning_settings(noTouchDays=1)
    deal = house.an_opportunity(title="Two seats")
    house.wait(days=1, seconds=10)
    listed = owner.ask(
        f"{{ recommendations(status: [OPEN]) {{ totalCount nodes {{ {SHOWN} }} }} }}"
    )["recommendations"]
    [row] = listed["nodes"]
    assert (row["rule"], row["agentKind"], row["status"]) == ("no_touch", "OUTREACH", "OPEN")
    [ground] = row["evidence"]
    assert ground["id"] == row["opportunity"]["id"] == ids.encode("Opportunity", deal.id)

    given = {"recommendationId": row["id"], "idempotencyKey": "once"}
    task = owner.do("acceptRecommendation", given, "task { id opportunity { id } }")
    assert owner.do("acceptRecommendation", given, "task { id opportunity { id } }") == task
    again = owner.refused("acceptRecommendation", {"recommendationId": row["id"]})
    assert (again["code"], again["path"]) == ("ALREADY_DECIDED", ["input", "recommendationId"])
    found = owner.ask(
        "query ($id: ID!) { node(id: $id) { ... on Opportunity { recommendations { status } } } }",
        id=row["opportunity"]["id"],
    )
    assert found["node"]["recommendations"] == [{"status": "ACCEPTED"}]


def test_a_wording_is_shown_as_the_reason_with_the_rule_s_own_words_beside_it(
    owner: Caller, house: House
) -> None:
    house.planning_settings(noTouchDays=1)
    house.an_opportunity(title="Two seats")
    house.wait(days=1, seconds=10)
    asked = "{ recommendations { nodes { why template wordedBy } } }"
    [plain] = owner.ask(asked)["recommendations"]["nodes"]
    assert (plain["template"], plain["wordedBy"]) == (plain["why"], None)

    with house.tx() as tx:
        [row] = tx.scalars(sa.select(Recommendation))
        row.wording, row.worded_by = "It is quiet.", "gemini:x"

    [worded] = owner.ask(asked)["recommendations"]["nodes"]
    assert worded == {"why": "It is quiet.", "template": plain["why"], "wordedBy": "gemini:x"}


def test_one_is_dismissed_and_taken_back(owner: Caller, house: House) -> None:
    house.planning_settings(noTouchDays=1)
    house.an_opportunity()
    house.wait(days=1, seconds=10)
    [row] = owner.ask("{ recommendations { nodes { id } } }")["recommendations"]["nodes"]
    given = {"recommendationId": row["id"], "reason": "Not now."}
    shown = "recommendation { status reason decidedBy }"

    gone = owner.do("dismissRecommendation", given, shown)["recommendation"]
    back = owner.do("reopenRecommendation", {"recommendationId": row["id"]}, shown)

    assert gone == {"status": "DISMISSED", "reason": "Not now.", "decidedBy": house.who}
    assert back["recommendation"] == {"status": "OPEN", "reason": None, "decidedBy": None}
