"""The planning agent at a pipeline with planted situations."""

import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from runtime.crm.contact_import import import_contacts
from runtime.crm.pipeline import facts
from runtime.desk import contacts, opportunities, recommendations
from runtime.errors import Conflict, NotFound, Refused
from runtime.models import (
    Contact,
    ContactStatus,
    DeliveryStatus,
    Message,
    MessageStatus,
    Opportunity,
    Recommendation,
    RecommendationStatus,
    SentEmail,
    Stage,
    Task,
    TaskStatus,
)
from tests.house import House


@pytest.fixture
def house(house: House) -> House:
    """A house whose deals are silent after a day, so that nobody waits for weeks."""
    house.planning_settings(noTouchDays=1)
    return house


def recommended(
    house: House, status: RecommendationStatus = RecommendationStatus.OPEN
) -> list[Recommendation]:
    return list(house.all(Recommendation, Recommendation.status == status))


def silent(house: House, title: str) -> Opportunity:
    """A deal that nothing has happened about."""
    return house.an_opportunity(title=title)


def unanswered(house: House, title: str) -> Opportunity:
    contact = house.a_contact()
    deal = house.an_opportunity(contact=contact, title=title)
    house.run(contacts.record_reply, contact_id=contact.id, text="What does it cost?")
    return deal


def exhausted(house: House, title: str) -> Opportunity:
    deal = house.an_opportunity(title=title)
    task = house.run(opportunities.delegate, opportunity_id=deal.id)
    house.settle()
    house.approve(task)
    return deal


def waiting_draft(house: House, title: str) -> Opportunity:
    deal = house.an_opportunity(title=title)
    house.run(opportunities.delegate, opportunity_id=deal.id)
    return deal


def bounced(house: House, title: str) -> Opportunity:
    gone = house.a_contact(company=f"Acme {title}")
    house.a_contact(company=f"ACME {title}")
    deal = house.an_opportunity(contact=gone, title=title)
    task = house.run(opportunities.delegate, opportunity_id=deal.id)
    house.settle()
    house.approve(task)
    house.settle()
    with house.tx() as tx:
        tx.execute(
            sa.update(SentEmail)
            .where(SentEmail.task_id == task.id)
            .values(status=DeliveryStatus.BOUNCED)
        )
        tx.get_one(Contact, (house.workspace_id, gone.id)).status = ContactStatus.BOUNCED
        tx.get_one(Task, (house.workspace_id, task.id)).status = TaskStatus.CANCELLED
        tx.execute(
            sa.text(
                "UPDATE agent_followup_schedule SET status = 'CANCELLED' WHERE task_id = :task"
            ),
            {"task": task.id},
        )
    return deal


def meeting(house: House, title: str) -> Opportunity:
    return house.an_opportunity(title=title, stage=Stage.MEETING)


def valuable(house: House, title: str) -> Opportunity:
    return house.an_opportunity(title=title, value=1_000_000.0)


def under_way(house: House, title: str) -> Opportunity:
    """A deal with a small value, a next step, and a mail out that is followed up."""
    deal = house.an_opportunity(title=title, value=10.0, next_step="Ask for a date.")
    task = house.run(opportunities.delegate, opportunity_id=deal.id)
    house.settle()
    house.approve(task)
    return deal


def nobodys(house: House, title: str) -> Opportunity:
    deal: Opportunity = house.run(opportunities.create, title=title, value=1_000_000.0)
    return deal


def over(house: House, title: str) -> Opportunity:
    return house.an_opportunity(title=title, value=1_000_000.0, stage=Stage.WON)


HEALTHY = [*[under_way] * 4, *[nobodys] * 11, *[over] * 11]


PLANTED: dict[str, Callable[[House, str], Opportunity]] = {
    "no_touch": silent,
    "reply_unanswered": unanswered,
    "stale_draft": waiting_draft,
    "bounced_colleague": bounced,
    "meeting_without_note": meeting,
    "high_value_idle": valuable,
}


def test_each_planted_case_is_found_by_its_rule_once_and_none_is_invented(house: House) -> None:
    house.follow_up_settings(waits=["P60D"])
    house.planning_settings(highValue=500_000, noTouchDays=14)
    planted = {f"{rule} {n}": rule for rule in PLANTED for n in range(4)}
    deals = {PLANTED[rule](house, title).id: title for title, rule in planted.items()}
    for n, healthy in enumerate(HEALTHY):
        healthy(house, f"healthy {n}")
    assert len(house.all(Opportunity)) == 50

    house.wait(days=4)
    early = {
        (deals[row.opportunity_id], row.rule) for row in recommended(house) if row.opportunity_id
    }
    house.wait(days=11)
    house.wait(days=11)

    found = [
        (deals[row.opportunity_id], row.rule) for row in recommended(house) if row.opportunity_id
    ]
    slow = ("no_touch",)
    assert early == {(title, rule) for title, rule in planted.items() if rule not in slow}
    for title, rule in planted.items():
        assert (title, rule) in found
    assert max(Counter(found).values()) == 1
    # In time an old deal of any kind is also a silent one; nothing else was added.
    assert {rule for title, rule in found if planted[title] != rule} <= {"no_touch"}


def test_follow_ups_that_ran_out_are_found(house: House) -> None:
    house.follow_up_settings(waits=["PT2S"])
    deal = exhausted(house, "Two seats")
    house.wait(minutes=1)

    [row] = recommended(house)

    assert (row.rule, row.opportunity_id) == ("follow_ups_exhausted", deal.id)


def test_one_that_is_accepted_becomes_a_task_that_runs_to_the_draft(house: House) -> None:
    deal = silent(house, "Two seats")
    house.wait(days=1, seconds=10)
    [row] = recommended(house)

    task = house.run(recommendations.accept, recommendation_id=row.id)
    house.settle()

    assert house.fresh(task).status is TaskStatus.AWAITING_APPROVAL
    assert (task.opportunity_id, task.contact_id) == (deal.id, deal.contact_id)
    assert task.instruction == row.instruction
    accepted = house.fresh(row)
    assert (accepted.status, accepted.task_id) == (RecommendationStatus.ACCEPTED, task.id)
    assert accepted.decided_by == house.who


def test_a_stale_draft_that_is_accepted_is_written_anew(house: House) -> None:
    deal = waiting_draft(house, "Two seats")
    house.wait(days=4)
    [row] = recommended(house)
    [before] = house.all(Task, Task.opportunity_id == deal.id)

    task = house.run(recommendations.accept, recommendation_id=row.id)
    house.settle()

    assert task.id == before.id
    assert house.draft(task).version == 2


def test_one_that_was_dismissed_does_not_come_back(house: House) -> None:
    silent(house, "Two seats")
    house.wait(days=1, seconds=10)
    [row] = recommended(house)

    house.run(recommendations.dismiss, recommendation_id=row.id, reason="They moved away.")
    house.wait(days=3)

    assert recommended(house) == []
    assert house.fresh(row).reason == "They moved away."


def test_one_whose_reason_is_gone_expires_and_comes_back_with_it(house: House) -> None:
    house.planning_settings(highValue=100)
    deal = house.an_opportunity(value=100.0)
    house.wait(seconds=10)
    [row] = recommended(house)

    house.run(opportunities.update, opportunity_id=deal.id, next_step="Call.")
    house.wait(seconds=10)
    assert house.fresh(row).status is RecommendationStatus.EXPIRED

    house.run(opportunities.update, opportunity_id=deal.id, next_step="")
    house.wait(seconds=10)
    assert house.fresh(row).status is RecommendationStatus.OPEN
    assert len(house.all(Recommendation)) == 1


def test_a_dismissal_is_taken_back(house: House) -> None:
    silent(house, "Two seats")
    house.wait(days=1, seconds=10)
    [row] = recommended(house)
    house.run(recommendations.dismiss, recommendation_id=row.id)

    house.run(recommendations.reopen, recommendation_id=row.id)

    assert house.fresh(row).status is RecommendationStatus.OPEN
    assert house.fresh(row).decided_by is None


def test_an_acceptance_is_taken_back_with_its_task(house: House) -> None:
    silent(house, "Two seats")
    house.wait(days=1, seconds=10)
    [row] = recommended(house)
    task = house.run(recommendations.accept, recommendation_id=row.id)
    house.settle()

    house.run(recommendations.reopen, recommendation_id=row.id)

    assert house.fresh(task).status is TaskStatus.CANCELLED
    assert house.fresh(row).status is RecommendationStatus.OPEN


def test_an_acceptance_whose_mail_has_left_stands(house: House) -> None:
    silent(house, "Two seats")
    house.wait(days=1, seconds=10)
    [row] = recommended(house)
    task = house.run(recommendations.accept, recommendation_id=row.id)
    house.settle()
    house.approve(task)
    house.settle()

    with pytest.raises(Conflict) as late:
        house.run(recommendations.reopen, recommendation_id=row.id)

    assert late.value.reason_code == "TOO_LATE"


@pytest.mark.parametrize("command", [recommendations.accept, recommendations.dismiss])
def test_one_is_answered_once(house: House, command: Any) -> None:
    silent(house, "Two seats")
    house.wait(days=1, seconds=10)
    [row] = recommended(house)
    house.run(command, recommendation_id=row.id)

    with pytest.raises(Conflict) as twice:
        house.run(recommendations.accept, recommendation_id=row.id)

    assert (twice.value.reason_code, twice.value.field) == ("ALREADY_DECIDED", "recommendationId")


@pytest.mark.parametrize(
    "command", [recommendations.accept, recommendations.dismiss, recommendations.reopen]
)
def test_an_unknown_one_is_named(house: House, command: Any) -> None:
    with pytest.raises(NotFound) as missing:
        house.run(command, recommendation_id=uuid.uuid4())
    assert missing.value.field == "recommendationId"


def test_some_are_accepted_by_themselves_up_to_the_days_number(house: House) -> None:
    house.planning_settings(autoAccept=["no_touch"], autoAcceptPerDay=2)
    for n in range(3):
        silent(house, f"Deal {n}")
    house.wait(days=1, seconds=10)

    taken = recommended(house, RecommendationStatus.ACCEPTED)
    assert len(taken) == 2
    assert {row.decided_by for row in taken} == {"planning"}
    assert len(recommended(house)) == 1
    assert {task.status for task in house.all(Task)} == {TaskStatus.AWAITING_APPROVAL}
    assert house.mails() == []


def test_what_cannot_be_done_by_itself_stays_open_and_says_why(house: House) -> None:
    house.planning_settings(autoAccept=["no_touch"])
    contact = house.a_contact()
    house.an_opportunity(contact=contact)
    house.run(contacts.suppress, contact_id=house.a_contact().id, reason="x")
    with house.tx() as tx:  # suppressed by its address alone
        tx.execute(
            sa.text(
                "INSERT INTO suppressions (workspace_id, id, email, reason, source, created_at) "
                "VALUES (:ws, gen_random_uuid(), :email, 'x', 'import:x', now())"
            ),
            {"ws": house.workspace_id, "email": contact.email},
        )

    house.wait(days=1, seconds=10)

    assert len(recommended(house)) == 1
    assert "recommendation.left" in house.events()
    assert house.dead_letters() == []


def test_a_pipeline_without_open_deals_is_not_looked_at(house: House) -> None:
    house.an_opportunity(stage=Stage.WON)
    house.a_sent_task()
    house.wait(days=3)

    looked = house.all(Message, Message.type == "PipelineChanged")
    assert looked == []


def test_an_import_is_a_reason_to_look(house: House) -> None:
    house.an_opportunity()
    house.wait(seconds=10)
    looked = len(house.all(Message, Message.type == "PipelineChanged"))

    with house.tx() as tx:
        import_contacts(tx, "email,name\nnew@example.org,New", actor="Ada")
    house.wait(seconds=10)

    assert len(house.all(Message, Message.type == "PipelineChanged")) == looked + 1


def test_many_changes_are_one_look(house: House) -> None:
    for n in range(5):
        silent(house, f"Deal {n}")
    house.wait(seconds=10)

    looked = house.all(Message, Message.type == "PipelineChanged")
    assert [message.status for message in looked] == [MessageStatus.DONE]


def test_facts_cost_the_same_for_one_deal_and_for_many(house: House) -> None:
    def statements() -> int:
        count = 0

        def tick(*_args: Any) -> None:
            nonlocal count
            count += 1

        sa.event.listen(house.db.engine, "before_cursor_execute", tick)
        try:
            with house.tx() as tx:
                facts.read(tx)
        finally:
            sa.event.remove(house.db.engine, "before_cursor_execute", tick)
        return count

    silent(house, "One")
    one = statements()
    for n in range(10):
        unanswered(house, f"Deal {n}")

    assert statements() == one


def test_settings_that_make_no_sense_are_refused(house: House) -> None:
    for wrong in ({"noTouchDays": 0}, {"rulesOff": ["nonsense"]}, {"unknown": 1}):
        with pytest.raises(Refused) as refused:
            house.planning_settings(**wrong)
        assert refused.value.field.startswith("planning.")


def test_nobody_is_reminded_of_somebody_whose_answer_is_still_awaited(house: House) -> None:
    house.follow_up_settings(waits=["P7D"], businessDaysOnly=False)
    under_way(house, "Awaited")

    house.wait(days=13)

    assert recommended(house) == []
    house.wait(days=3)
    assert [row.rule for row in recommended(house)] == ["follow_ups_exhausted"]


def test_accepted_a_colleague_is_written_to_about_the_deal(house: House) -> None:
    deal = bounced(house, "Gone")
    house.wait(days=1)
    [row] = [row for row in recommended(house) if row.rule == "bounced_colleague"]

    task = house.run(recommendations.accept, recommendation_id=row.id)

    assert (task.opportunity_id, task.contact_id) == (deal.id, row.contact_id)
    assert row.contact_id != deal.contact_id
