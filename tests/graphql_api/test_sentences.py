"""A draft shows of each sentence what it rests on, and how many rest on nothing."""

from typing import Any

import sqlalchemy as sa

from graphql_api import ids
from runtime.desk import research
from runtime.models import Draft, Fact
from tests.graphql_api.door import Caller
from tests.house import House
from tests.runtime.mail.scribes import MILL, PAGE, Scribe, a_fact

SHOWN = """query ($id: ID!) { node(id: $id) { ... on Draft { unsupported sentences { text basis
  facts { id source url statement quote foundBy withdrawnAt withdrawnBy contact { id } } } } } }"""
SENTENCE = "Your second mill in Leeds caught my eye."


def a_grounded_draft(house: House) -> tuple[Draft, Fact]:
    contact = house.a_contact()
    fact = a_fact(house, contact)
    house.writer = Scribe(f"Hello,\n\n{SENTENCE} It saves 40%.", (SENTENCE, "F1"))
    return house.draft(house.a_drafted_task(contact=contact)), fact


def look(caller: Caller, draft: Draft) -> Any:
    return caller.ask(SHOWN, id=ids.encode("Draft", draft.id))["node"]


def test_each_sentence_shows_its_facts_and_the_rest_is_counted(house: House, owner: Caller) -> None:
    draft, fact = a_grounded_draft(house)

    shown = look(owner, draft)

    assert shown["unsupported"] == 1
    assert [(s["text"], s["basis"], len(s["facts"])) for s in shown["sentences"]] == [
        ("Hello,", "COURTESY", 0),
        (SENTENCE, "FACT", 1),
        ("It saves 40%.", "UNSUPPORTED", 0),
    ]
    assert shown["sentences"][1]["facts"] == [
        {
            "id": ids.encode("Fact", fact.id),
            "source": "PAGE",
            "url": PAGE,
            "statement": MILL,
            "quote": MILL,
            "foundBy": "test",
            "withdrawnAt": None,
            "withdrawnBy": None,
            "contact": {"id": ids.encode("Contact", fact.contact_id)},
        }
    ]


def test_a_fact_withdrawn_since_is_shown_as_withdrawn(house: House, owner: Caller) -> None:
    draft, fact = a_grounded_draft(house)
    house.run(research.withdraw_fact, fact_id=fact.id)

    [shown] = look(owner, draft)["sentences"][1]["facts"]

    assert shown["withdrawnAt"]
    assert shown["withdrawnBy"] == house.who


def test_a_draft_older_than_that_says_nothing(house: House, owner: Caller) -> None:
    draft, _ = a_grounded_draft(house)
    with house.tx() as tx:
        tx.execute(sa.update(Draft).where(Draft.id == draft.id).values(sentences=sa.null()))

    assert look(owner, draft) == {"unsupported": 0, "sentences": []}
