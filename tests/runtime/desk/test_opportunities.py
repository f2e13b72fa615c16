"""Deals: their stages, who is handed them, and what ends with them."""

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from runtime.desk import contacts, opportunities
from runtime.errors import NotFound, Refused
from runtime.mail import gate, writing
from runtime.models import (
    AgentKind,
    Call,
    CallStatus,
    DeliveryStatus,
    Draft,
    DraftStatus,
    Event,
    FollowUpStatus,
    Opportunity,
    Stage,
    StageChange,
    Task,
    TaskStatus,
)
from scheduler.integrations import Accepted, Mail, Mailer
from tests.fakes.mailers import Around
from tests.house import House


def delegated(house: House, deal: Opportunity, **fields: Any) -> Task:
    task: Task = house.run(opportunities.delegate, opportunity_id=deal.id, **fields)
    return task


def move(house: House, deal: Opportunity, stage: Stage) -> None:
    house.run(opportunities.update, opportunity_id=deal.id, stage=stage)


def sent_for(house: House, deal: Opportunity) -> Task:
    """Return a task for a deal whose first mail is out."""
    task = delegated(house, deal)
    house.settle()
    house.approve(task)
    house.settle()
    return house.fresh(task)


class Meanwhile(Around):
    """A mailer during whose call something else happens."""

    def __init__(self, mailer: Mailer, happens: Callable[[], None]) -> None:
        super().__init__(mailer)
        self._happens = happens

    def send(self, mail: Mail) -> Accepted:
        self._happens()
        return self.inside.send(mail)


def history(house: House) -> list[tuple[Stage | None, Stage]]:
    return [(move.before, move.after) for move in house.all(StageChange)]


def test_a_deal_goes_forward_by_what_happens(house: House) -> None:
    deal = house.an_opportunity()
    task = sent_for(house, deal)
    assert house.fresh(deal).stage is Stage.CONTACTED

    house.run(contacts.record_reply, contact_id=task.contact_id, text="Tell me more.")

    assert house.fresh(deal).stage is Stage.REPLIED
    assert history(house) == [
        (None, Stage.NEW),
        (Stage.NEW, Stage.CONTACTED),
        (Stage.CONTACTED, Stage.REPLIED),
    ]


def test_a_reply_moves_no_deal_back(house: House) -> None:
    contact = house.a_contact()
    meeting = house.an_opportunity(contact=contact, stage=Stage.MEETING)
    lost = house.an_opportunity(contact=contact, stage=Stage.LOST)
    other = house.an_opportunity()

    house.run(contacts.record_reply, contact_id=contact.id, text="Hello.")

    stages = [house.fresh(deal).stage for deal in (meeting, lost, other)]
    assert stages == [Stage.MEETING, Stage.LOST, Stage.NEW]


@pytest.mark.parametrize("stage", [Stage.WON, Stage.LOST])
def test_a_closed_deal_ends_what_was_still_to_be_sent(house: House, stage: Stage) -> None:
    deal = house.an_opportunity()
    running = sent_for(house, deal)

    move(house, deal, stage)
    house.wait(days=30)

    [step] = house.follow_ups(running)
    assert step.status is FollowUpStatus.CANCELLED
    assert f"is {stage.value.lower()}" in str(step.reason)
    assert len(house.mails()) == 1
    assert house.escalations() == []


def test_a_draft_that_waits_for_a_closed_deal_waits_no_more(house: House) -> None:
    deal = house.an_opportunity()
    task = delegated(house, deal)
    house.settle()

    move(house, deal, Stage.WON)

    assert house.fresh(task).status is TaskStatus.CANCELLED
    assert house.draft(task).status is DraftStatus.SUPERSEDED


def test_the_gate_refuses_mail_for_a_closed_deal(house: House) -> None:
    deal = house.an_opportunity()
    task = delegated(house, deal)
    house.settle()
    house.approve(task)
    house.take_turns()
    with house.tx() as tx:  # as if it had been closed by another way
        tx.get_one(Opportunity, (house.workspace_id, deal.id)).stage = Stage.LOST

    house.make_calls()

    [mail] = house.sent(task)
    assert mail.status is DeliveryStatus.BLOCKED
    [check] = [check for check in mail.receipt if check["rule"] == "opportunity_open"]
    assert check["passed"] is False


def test_a_mail_that_serves_no_deal_is_not_asked_about_one(house: House) -> None:
    [mail] = house.sent(house.a_sent_task())

    assert "opportunity_open" not in {check["rule"] for check in mail.receipt}


def test_closing_a_deal_leaves_the_tasks_of_others_alone(house: House) -> None:
    deal = house.an_opportunity()
    other = house.a_drafted_task()

    move(house, deal, Stage.LOST)

    assert house.fresh(other).status is TaskStatus.AWAITING_APPROVAL


def test_a_deal_that_is_handed_over_says_why_to_whom(house: House) -> None:
    deal = house.an_opportunity(title="Two seats", next_step="Ask Ada for a date in May.")

    task = delegated(house, deal)

    [event] = house.all(Event, Event.type == "opportunity.delegated")
    assert (task.opportunity_id, task.contact_id) == (deal.id, deal.contact_id)
    assert task.instruction == "Ask Ada for a date in May."
    assert "Nobody has written about it yet" in event.summary
    assert "next step" in event.data["why"]


def test_the_instruction_given_wins(house: House) -> None:
    task = delegated(house, house.an_opportunity(next_step="Call."), instruction="Write.")

    assert task.instruction == "Write."


@pytest.mark.parametrize("stage", [s for s in Stage if s not in (Stage.WON, Stage.LOST)])
def test_every_open_stage_has_an_order_that_names_the_deal(house: House, stage: Stage) -> None:
    contact = house.a_contact(name="Ada Lovelace")
    task = delegated(house, house.an_opportunity(contact=contact, title="Engine", stage=stage))

    assert "Ada Lovelace" in task.instruction
    assert "“Engine”" in task.instruction


@pytest.mark.parametrize("stage", [Stage.WON, Stage.LOST])
def test_a_closed_deal_is_handed_to_nobody(house: House, stage: Stage) -> None:
    deal = house.an_opportunity(stage=stage)

    with pytest.raises(Refused) as refused:
        delegated(house, deal)

    assert (refused.value.reason_code, refused.value.field) == (
        "OPPORTUNITY_CLOSED",
        "opportunityId",
    )


def test_a_deal_with_nobody_is_handed_to_nobody(house: House) -> None:
    deal = house.run(opportunities.create, title="Somebody at Acme")

    with pytest.raises(Refused) as refused:
        delegated(house, deal)

    assert refused.value.reason_code == "NO_CONTACT"


def test_the_writer_is_told_of_the_deal(house: House) -> None:
    deal = house.an_opportunity(title="Two seats", notes="They asked for a discount.")
    house.research_settings(beforeDraft="WHEN_ASKED")
    delegated(house, deal)
    house.take_turns()
    [call] = house.all(Call, Call.status == CallStatus.PLANNED)

    with house.tx() as tx:
        told = writing.brief(tx, call, house.settings)

    assert told is not None
    assert told["deal"] == {
        "title": "Two seats",
        "stage": "NEW",
        "notes": "They asked for a discount.",
    }


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "a\nb"}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"value": -1.0}, "value"),
        ({"value": float("nan")}, "value"),
        ({"value": float("inf")}, "value"),
        ({"value": 1e16}, "value"),
        ({"notes": "x" * 10_001}, "notes"),
        ({"next_step": "x" * 1_001}, "nextStep"),
    ],
)
def test_a_malformed_field_is_named(house: House, given: dict[str, Any], field: str) -> None:
    deal = house.an_opportunity()

    for command, about in (
        (opportunities.create, {"title": "A deal"}),
        (opportunities.update, {"opportunity_id": deal.id}),
    ):
        with pytest.raises(Refused) as refused:
            house.run(command, **(about | given))
        assert refused.value.field == field
    assert len(house.all(Opportunity)) == 1


def test_an_empty_text_clears_and_what_is_left_out_stays(house: House) -> None:
    deal = house.an_opportunity(notes="Old.", next_step="Call.", value=10.0)

    house.run(opportunities.update, opportunity_id=deal.id, notes="")

    changed = house.fresh(deal)
    assert (changed.notes, changed.next_step, changed.value) == (None, "Call.", 10.0)


def test_unknown_ids_are_named(house: House) -> None:
    for command, fields, field in (
        (opportunities.update, {"opportunity_id": uuid.uuid4()}, "opportunityId"),
        (opportunities.delegate, {"opportunity_id": uuid.uuid4()}, "opportunityId"),
        (opportunities.create, {"title": "x", "contact_id": uuid.uuid4()}, "contactId"),
    ):
        with pytest.raises(NotFound) as missing:
            house.run(command, **fields)
        assert missing.value.field == field


def test_a_mail_that_is_at_the_door_when_its_deal_closes_is_the_last(house: House) -> None:
    deal = house.an_opportunity()
    house.mailer = Meanwhile(house.mailer, lambda: move(house, deal, Stage.WON))
    task = sent_for(house, deal)
    house.wait(days=30)

    assert len(house.mails()) == 1
    assert house.fresh(task).status is TaskStatus.COMPLETED
    assert house.follow_ups(task) == []


def test_closing_and_a_reply_at_the_same_time_do_not_block_each_other(house: House) -> None:
    for _ in range(5):
        contact = house.a_contact()
        deal = house.an_opportunity(contact=contact)
        sent_for(house, deal)
        start = threading.Barrier(2)
        troubles: list[BaseException] = []

        def at_once(command: Any, fields: dict[str, Any]) -> None:
            start.wait()  # noqa: B023 - both threads end within their round
            try:
                house.run(command, **fields)
            except BaseException as error:  # noqa: BLE001 - told below
                troubles.append(error)  # noqa: B023 - as above

        both = [
            threading.Thread(target=at_once, args=args)
            for args in (
                (opportunities.update, {"opportunity_id": deal.id, "stage": Stage.LOST}),
                (contacts.record_reply, {"contact_id": contact.id, "text": "No."}),
            )
        ]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()

        assert troubles == []
        assert house.fresh(deal).stage is Stage.LOST


def test_the_gates_rule_for_a_deal_is_explained(house: House) -> None:
    deal = house.an_opportunity()
    task = delegated(house, deal)
    house.settle()

    with house.tx() as tx:
        draft = tx.get_one(Draft, (house.workspace_id, house.draft(task).id))
        [check] = list(gate.deal.still_open(tx, draft))

    assert check.passed
    assert "is NEW" in check.detail


def test_a_meeting_with_somebody_little_known_is_prepared_first(house: House) -> None:
    contact = house.a_contact(name="Ada", notes="Likes tea.")
    deal = house.an_opportunity(contact=contact, stage=Stage.MEETING)

    task = delegated(house, deal)
    house.settle()

    assert house.fresh(task).agent_id == house.agent(AgentKind.RESEARCH).id
    assert house.fresh(task).status is TaskStatus.COMPLETED
    [told] = house.all(Event, Event.type == "opportunity.delegated")
    assert told.data["why"].startswith("There is a meeting, and little is known")


def test_a_meeting_with_somebody_of_whom_nothing_can_be_found_is_written_about(
    house: House,
) -> None:
    deal = house.an_opportunity(stage=Stage.MEETING)

    task = delegated(house, deal)

    assert task.agent_id == house.agent(AgentKind.OUTREACH).id
