"""A model only words what a rule found; whatever fails, the rule's own words stay."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from runtime.crm import dossier
from runtime.crm.pipeline import wording
from runtime.desk import erasing, opportunities, recommendations
from runtime.models import (
    Call,
    CallKind,
    CallStatus,
    Contact,
    Message,
    Opportunity,
    Priority,
    Recommendation,
    RecommendationStatus,
)
from runtime.operator.servers import Postgres
from scheduler import mending, performing
from scheduler.integrations.gemini import GeminiWriter
from scheduler.integrations.template import TemplateWriter
from tests.fakes import FakeGemini
from tests.house import House
from tests.runtime.desk.people import found
from tests.scheduler.integrations.letters import gemini_settings

NAME, EMAIL = "Quirina Zobel", "quirina@example.org"


@pytest.fixture
def fake() -> Iterator[FakeGemini]:
    with FakeGemini() as server:
        yield server


@pytest.fixture
def worded(house: House, fake: FakeGemini) -> House:
    """A house with a real writer before a made-up Gemini, and a deal worth looking at."""
    house.planning_settings(highValue=100)
    house.writer = GeminiWriter(gemini_settings(fake), deadline=5.0)
    fake.wording = "“Rhubarb” is worth 500 and has no next step yet."
    return house


def plant(house: House, value: float = 500.0, title: str = "Rhubarb") -> Contact:
    contact = house.a_contact(name=NAME, email=EMAIL)
    house.an_opportunity(contact=contact, title=title, value=value)
    return contact


def the_one(house: House) -> Recommendation:
    [row] = house.all(Recommendation)
    return row


def calls(house: House) -> list[Call]:
    return list(house.all(Call, Call.kind == CallKind.WORD_FINDING))


def test_a_finding_is_said_in_plainer_words(worded: House, fake: FakeGemini) -> None:
    plant(worded)
    worded.wait(seconds=10)

    row = the_one(worded)
    assert row.wording == fake.wording
    assert row.worded_by == worded.writer.name
    assert row.why == "“Rhubarb” is worth 500, and no next step is noted."
    assert worded.events("recommendation.") == ["recommendation.made", "recommendation.worded"]
    [call] = calls(worded)
    assert (call.status, call.task_id, call.priority) == (CallStatus.DONE, None, Priority.LOW)


def test_the_model_sees_the_rules_words_and_nothing_else(worded: House, fake: FakeGemini) -> None:
    plant(worded)
    worded.wait(seconds=10)

    [request] = fake.requests
    [part] = request.body["contents"][0]["parts"]
    row = the_one(worded)
    assert row.title in part["text"]
    assert EMAIL not in part["text"]
    assert row.instruction not in part["text"]


def test_a_finding_is_worded_once(worded: House) -> None:
    plant(worded)
    worded.wait(seconds=10)
    worded.wait(days=3)

    assert len(calls(worded)) == 1


@pytest.mark.parametrize(
    "hostile",
    [
        "“Rhubarb” is worth 500. Send the list to evil.example.",
        "“Rhubarb” is worth 500, says Bob.",
        "“Rhubarb” is worth 900.",
        "“Rhubarb” is worth 500, <a href='x'>see here</a>.",
        "Approve it now; it is worth 500.",
        "“Rhubarb” is worth 500. " * 20,
    ],
)
def test_an_answer_that_says_more_is_thrown_away_twice_and_then_left(
    worded: House, fake: FakeGemini, hostile: str
) -> None:
    fake.wording = hostile
    plant(worded)
    worded.wait(minutes=10)

    assert (the_one(worded).wording, the_one(worded).worded_by) == (None, None)
    [call] = calls(worded)
    assert (call.status, call.attempts) == (CallStatus.FAILED, wording.MAX_ATTEMPTS)
    assert call.error_code == "WRITER_UNFAITHFUL"
    assert len(fake.requests) == wording.MAX_ATTEMPTS
    assert worded.all(Message, Message.type == "FindingWorded") == []
    assert worded.escalations() == []


@pytest.mark.parametrize("fault", ["503", "429:3600", "quota_day", "empty", "malformed", "drop"])
def test_a_model_in_trouble_is_asked_twice_and_no_more(
    worded: House, fake: FakeGemini, fault: str
) -> None:
    fake.fail_next(*[fault] * 5)
    plant(worded)
    worded.wait(seconds=10)
    worded.skip(days=2)
    worded.skip(days=2)

    [call] = calls(worded)
    assert (call.status, call.attempts) == (CallStatus.FAILED, wording.MAX_ATTEMPTS)
    assert the_one(worded).wording is None
    assert worded.escalations() == []


def test_a_second_try_may_be_right(worded: House, fake: FakeGemini) -> None:
    fake.fail_next("503")
    plant(worded)
    worded.wait(minutes=1)

    assert the_one(worded).wording == fake.wording


def test_without_a_key_the_template_s_words_are_the_words(house: House) -> None:
    house.planning_settings(highValue=100)
    plant(house)
    house.wait(seconds=10)

    assert isinstance(house.writer, TemplateWriter)
    assert (the_one(house).wording, the_one(house).worded_by) == (None, None)
    assert [call.status for call in calls(house)] == [CallStatus.DONE]
    assert house.all(Message, Message.type == "FindingWorded") == []


def test_beyond_the_days_number_the_template_s_words_stay(
    worded: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wording, "MOST_A_DAY", 2)
    for n in range(3):
        worded.an_opportunity(title="Rhubarb", value=500.0 + n * 0.1)
    worded.wait(seconds=10)

    assert len(calls(worded)) == 2
    assert len([row for row in worded.all(Recommendation) if row.wording]) == 2

    worded.wait(days=1)
    worded.an_opportunity(title="Rhubarb", value=500.0)
    worded.wait(seconds=10)
    assert len(calls(worded)) == 3


def test_what_is_accepted_by_itself_is_not_worded(worded: House) -> None:
    worded.planning_settings(highValue=100, autoAccept=["high_value_idle"])
    plant(worded)
    worded.wait(seconds=10)

    assert the_one(worded).status is RecommendationStatus.ACCEPTED
    assert calls(worded) == []


def test_an_answer_that_comes_after_the_decision_is_not_kept(worded: House) -> None:
    plant(worded)
    worded.clock.advance(10)
    worded._fire_timers()
    worded.take_turns()
    worded.make_calls()
    worded.run(recommendations.dismiss, recommendation_id=the_one(worded).id)

    worded.settle()

    assert the_one(worded).wording is None


def test_found_again_in_other_words_it_loses_the_old_wording(
    worded: House, fake: FakeGemini
) -> None:
    plant(worded)
    worded.wait(seconds=10)
    [deal] = worded.all(Opportunity)
    change(worded, deal.id, next_step="Call.")
    assert the_one(worded).status is RecommendationStatus.EXPIRED

    fake.wording = "no wording at all http://x"
    change(worded, deal.id, next_step="", value=700.0)

    row = the_one(worded)
    assert "700" in row.why
    assert (row.status, row.wording) == (RecommendationStatus.OPEN, None)


def test_found_again_in_the_same_words_it_keeps_its_wording(worded: House) -> None:
    plant(worded)
    worded.wait(seconds=10)
    [deal] = worded.all(Opportunity)
    change(worded, deal.id, next_step="Call.")
    change(worded, deal.id, next_step="")

    row = the_one(worded)
    assert row.status is RecommendationStatus.OPEN
    assert row.wording is not None
    assert len(calls(worded)) == 1


def change(house: House, deal_id: Any, **fields: Any) -> None:
    house.run(opportunities.update, opportunity_id=deal_id, **fields)
    house.wait(seconds=10)


def test_words_of_a_finding_that_is_another_by_now_are_not_taken_for_its_own(
    worded: House,
) -> None:
    plant(worded)
    worded.clock.advance(10)
    worded._fire_timers()
    worded.take_turns()
    worded.make_calls()
    with worded.tx() as tx:
        tx.execute(sa.update(Recommendation).values(why="“Rhubarb” is worth 700."))

    worded.settle()

    assert the_one(worded).wording is None


def test_a_worker_that_dies_over_it_has_it_worded_by_the_next(
    worded: House, fake: FakeGemini
) -> None:
    plant(worded)
    worded.clock.advance(10)
    worded._fire_timers()
    worded.take_turns()
    performing.claim(worded.hands, worded.workspace_id, [calls(worded)[0].id])
    worded.clock.advance(worded.settings.lease_seconds + 1)

    worded.settle()

    assert the_one(worded).wording == fake.wording


def test_one_that_kills_each_worker_comes_to_an_end(worded: House) -> None:
    plant(worded)
    worded.clock.advance(10)
    worded._fire_timers()
    worded.take_turns()
    for _ in range(wording.MAX_ATTEMPTS + 1):
        [claimed] = performing.claim(worded.hands, worded.workspace_id, [calls(worded)[0].id])
        worded.clock.advance(worded.settings.lease_seconds + 1)
    mending.perform(worded.hands, claimed)

    assert [call.status for call in calls(worded)] == [CallStatus.FAILED]
    worded.settle()
    assert the_one(worded).wording is None
    assert worded.dead_letters() == []


def test_a_call_holds_no_words(worded: House) -> None:
    plant(worded)
    worded.wait(seconds=10)

    [call] = calls(worded)
    assert call.body == {"recommendation_id": str(the_one(worded).id)}


def test_who_asks_is_shown_the_wording_too(worded: House, fake: FakeGemini) -> None:
    contact = plant(worded)
    worded.wait(seconds=10)

    with worded.tx() as tx:
        whole = dossier.about(tx, contact.id)

    assert [row["wording"] for row in whole["recommendations"]] == [fake.wording]
    assert fake.wording in [row["body"].get("text") for row in whole["messages"]]


def erase(house: House, contact: Contact) -> None:
    house.run(erasing.erase, contact_id=contact.id, confirm_email=EMAIL, reason="They asked.")


def test_nothing_of_a_wording_is_left_of_somebody_erased(worded: House, postgres: Postgres) -> None:
    contact = plant(worded)
    worded.wait(seconds=10)
    assert found(postgres.owner_url, worded, "Rhubarb")

    erase(worded, contact)

    assert found(postgres.owner_url, worded, "Rhubarb") == []
    assert found(postgres.owner_url, worded, "Quirina") == []


@pytest.mark.parametrize("steps", [0, 1], ids=["being worded", "worded, not kept"])
def test_an_erasure_in_between_leaves_no_words(
    worded: House, postgres: Postgres, steps: int
) -> None:
    contact = plant(worded)
    worded.clock.advance(10)
    worded._fire_timers()
    worded.take_turns()
    for _ in range(steps):
        worded.make_calls()
    erase(worded, contact)
    worded.settle()

    assert found(postgres.owner_url, worded, "Rhubarb") == []


def test_an_erasure_while_the_model_thinks_leaves_no_words(
    worded: House, postgres: Postgres
) -> None:
    contact = plant(worded)
    writer = worded.writer

    class Slow(TemplateWriter):
        name = "slow"

        def word(self, title: str, why: str) -> str:
            said = writer.word(title, why)
            erase(worded, contact)
            return said

    worded.writer = Slow()
    worded.wait(seconds=10)

    assert found(postgres.owner_url, worded, "Rhubarb") == []
    assert worded.all(Message, Message.type == "FindingWorded") == []
