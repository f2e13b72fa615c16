"""Who asks for no more mail gets none: whatever was planned, approved or changed since."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from runtime.crm.enrolment import IfEnrolled
from runtime.desk import contacts, suppressions, tasks
from runtime.errors import Refused
from runtime.mail import tokens, unsubscribing
from runtime.mail.unsubscribing import Way, Wish
from runtime.models import (
    AgentKind,
    Call,
    Contact,
    ContactStatus,
    Event,
    FollowUpStatus,
    SentEmail,
    Suppression,
    Task,
    TaskStatus,
)
from tests.house import House


def token_of(house: House, task: Task) -> str:
    [mail] = house.sent(task)[:1]
    with house.tx() as tx:
        return tokens.token(tx, mail.draft_id, tokens.UNSUBSCRIBE)


def take(house: House, token: str, way: Way = Way.ONE_CLICK) -> Wish | None:
    with house.tx() as tx:
        return unsubscribing.take(tx, token, way)


def look(house: House, token: str) -> Wish | None:
    with house.tx() as tx:
        return unsubscribing.look(tx, token)


def reader(house: House, task: Task) -> Contact:
    [contact] = house.all(Contact, Contact.id == task.contact_id)
    return contact


def set_email(house: House, task: Task, email: str) -> None:
    with house.tx() as tx:
        tx.execute(sa.update(Contact).where(Contact.id == task.contact_id).values(email=email))


def sources(house: House) -> dict[str | None, str]:
    return {entry.email: entry.source for entry in house.all(Suppression)}


def test_one_click_suppresses_the_address_marks_the_contact_and_ends_what_is_open(
    house: House,
) -> None:
    task = house.a_sent_task()
    waiting = house.a_task(contact=reader(house, task), if_enrolled=IfEnrolled.QUEUE_AFTER)

    wish = take(house, token_of(house, task))

    assert wish is not None
    assert not wish.done
    contact = reader(house, task)
    assert contact.status is ContactStatus.UNSUBSCRIBED
    assert sources(house) == {contact.email: "unsubscribe"}
    assert {step.status for step in house.follow_ups(task)} == {FollowUpStatus.CANCELLED}
    assert house.fresh(waiting).status is TaskStatus.CANCELLED


def test_nothing_leaves_afterwards_though_it_was_approved(house: House) -> None:
    house.follow_up_settings(waits=[])
    task = house.a_sent_task()
    other = house.a_drafted_task(contact=reader(house, task))
    house.approve(other)

    take(house, token_of(house, task))
    house.wait(days=30)

    assert len(house.mails()) == 1
    assert house.dead_letters() == []


def test_people_see_who_how_and_from_which_mail(house: House) -> None:
    task = house.a_sent_task()
    take(house, token_of(house, task), Way.PAGE)

    [event] = house.all(Event, Event.type == "contact.unsubscribed")
    [mail] = house.sent(task)
    assert (event.actor, event.contact_id) == ("recipient", task.contact_id)
    assert event.data == {"sent_email_id": str(mail.id), "way": "PAGE"}
    [entry] = house.all(Suppression)
    assert entry.reason == f"Unsubscribed on our page, from “{mail.subject}”."


def test_a_second_time_changes_nothing_and_says_so(house: House) -> None:
    token = token_of(house, house.a_sent_task())
    take(house, token)
    before = (house.events(), house.all(Suppression)[0].created_at)
    house.clock.advance(60)

    wish = take(house, token)

    assert wish is not None
    assert wish.done
    assert (house.events(), house.all(Suppression)[0].created_at) == before


def test_a_look_changes_nothing(house: House) -> None:
    task = house.a_sent_task()
    before = house.events()

    wish = look(house, token_of(house, task))

    assert wish is not None
    assert (wish.email, wish.done) == (reader(house, task).email, False)
    assert (house.events(), house.all(Suppression)) == (before, [])


def test_who_has_another_address_by_now_is_left_alone_under_both(house: House) -> None:
    task = house.a_sent_task()
    old = reader(house, task).email
    set_email(house, task, "new@example.org")

    take(house, token_of(house, task))

    assert sources(house) == {old: "unsubscribe", "new@example.org": "unsubscribe"}
    assert reader(house, task).status is ContactStatus.UNSUBSCRIBED


@pytest.mark.parametrize("source", ["person:Ada", "reply:guessed", "resend:bounced"])
def test_their_own_wish_takes_the_place_of_what_we_had_thought(house: House, source: str) -> None:
    task = house.a_sent_task()
    with house.tx() as tx:
        tx.insert(
            Suppression,
            email=reader(house, task).email,
            reason="x",
            source=source,
            created_at=house.clock.now,
        )

    take(house, token_of(house, task))

    [entry] = house.all(Suppression)
    assert entry.source == "unsubscribe"
    with pytest.raises(Refused, match="Only they"):
        house.run(suppressions.remove, suppression_id=entry.id, reason="Please.")


def test_a_complaint_stays_the_graver_word(house: House) -> None:
    task = house.a_sent_task()
    with house.tx() as tx:
        contact = tx.get_one(Contact, (house.workspace_id, task.contact_id))
        contact.status = ContactStatus.COMPLAINED
        tx.insert(
            Suppression,
            email=contact.email,
            reason="x",
            source="resend:complained",
            created_at=house.clock.now,
        )

    wish = take(house, token_of(house, task))

    assert wish is not None
    assert wish.done
    assert sources(house) == {contact.email: "resend:complained"}
    assert reader(house, task).status is ContactStatus.COMPLAINED


def test_who_came_back_can_leave_again_by_the_same_link(house: House) -> None:
    task = house.a_sent_task()
    token = token_of(house, task)
    take(house, token)
    house.clock.advance(60)
    house.run(contacts.record_reply, contact_id=task.contact_id, text="Do write to me.")
    [entry] = house.all(Suppression)
    house.run(suppressions.remove, suppression_id=entry.id, reason="They wrote.")
    house.clock.advance(60)

    wish = take(house, token)

    assert wish is not None
    assert not wish.done
    assert reader(house, task).status is ContactStatus.UNSUBSCRIBED


def test_a_wish_that_is_said_anew_after_a_reply_is_newer_than_the_reply(house: House) -> None:
    task = house.a_sent_task()
    token = token_of(house, task)
    take(house, token)
    house.clock.advance(60)
    house.run(contacts.record_reply, contact_id=task.contact_id, text="Do write to me.")
    house.clock.advance(60)
    take(house, token)

    [entry] = house.all(Suppression)
    with pytest.raises(Refused, match="Only they"):
        house.run(suppressions.remove, suppression_id=entry.id, reason="They wrote, before.")


def test_a_mail_that_is_just_leaving_keeps_its_outcome_and_is_the_last(house: House) -> None:
    house.follow_up_settings(waits=[])
    task = house.a_sent_task()
    other = house.a_drafted_task(contact=reader(house, task))
    house.approve(other)
    house.take_turns()
    with house.tx() as tx:
        tx.execute(sa.update(Call).where(Call.task_id == other.id).values(in_doubt=True))

    take(house, token_of(house, task))

    assert house.fresh(other).status is TaskStatus.SENDING


def test_nobody_is_assigned_to_them_any_more(house: House) -> None:
    task = house.a_sent_task()
    take(house, token_of(house, task))

    with pytest.raises(Refused, match="unsubscribed"):
        house.run(
            tasks.assign,
            agent_id=house.agent(AgentKind.OUTREACH).id,
            contact_id=task.contact_id,
            instruction="Write.",
        )


@pytest.mark.parametrize("wrong", ["", "x", "a" * 42, "ä" * 42])
def test_what_is_no_token_unsubscribes_nobody(house: House, wrong: str) -> None:
    house.a_sent_task()
    assert take(house, wrong) is None
    assert look(house, wrong) is None
    assert house.all(Suppression) == []


def test_a_token_to_answer_by_unsubscribes_nobody(house: House) -> None:
    [mail] = house.sent(house.a_sent_task())
    with house.tx() as tx:
        token = tokens.token(tx, mail.draft_id, tokens.REPLY)

    assert take(house, token) is None


def test_another_workspace_knows_nothing_of_it(house: House, other_house: House) -> None:
    token = token_of(house, house.a_sent_task())

    assert take(other_house, token) is None
    assert len(house.all(SentEmail)) == 1
    assert house.all(Suppression) == []


def test_two_clicks_at_once_are_one_wish(house: House) -> None:
    token = token_of(house, house.a_sent_task())
    with ThreadPoolExecutor(4) as pool:
        wishes = list(pool.map(lambda _: take(house, token), range(4)))

    assert sorted(wish.done for wish in wishes if wish) == [False, True, True, True]
    assert house.events("contact.unsubscribed") == ["contact.unsubscribed"]
