"""Off the suppression list: what we put there ourselves; what was somebody's wish, only by them."""

import pytest

from runtime.crm import suppression
from runtime.desk import contacts, suppressions, tasks
from runtime.errors import NotFound, Refused
from runtime.models import (
    AgentKind,
    Contact,
    ContactStatus,
    Event,
    Reply,
    Suppression,
    TaskStatus,
)
from tests.house import House

WISHES = ["unsubscribe", "one_click", "webhook", "whatever comes later"]


def suppressed(house: House, contact: Contact | None = None) -> Contact:
    """Return a contact whom a person put onto the list."""
    contact = contact or house.a_contact()
    done: Contact = house.run(contacts.suppress, contact_id=contact.id, reason="By mistake.")
    house.clock.advance(60)
    return done


def listed(
    house: House, source: str, status: ContactStatus = ContactStatus.UNSUBSCRIBED
) -> Contact:
    """Return a contact who came onto the list in another way."""
    contact = house.a_contact()
    with house.tx() as tx:
        suppression.suppress(tx, contact.email, reason="x", source=source)
        tx.get_one(Contact, (house.workspace_id, contact.id)).status = status
    house.clock.advance(60)
    return contact


def remove(house: House, reason: str = "It was the wrong person.") -> Contact | None:
    [entry] = house.all(Suppression)
    done: Contact | None = house.run(suppressions.remove, suppression_id=entry.id, reason=reason)
    return done


def reply(house: House, contact: Contact) -> None:
    house.run(contacts.record_reply, contact_id=contact.id, text="Write to me again.")


def kept(house: House, contact: Contact) -> bool:
    return (
        len(house.all(Suppression)) == 1
        and house.fresh(contact).status not in (ContactStatus.ACTIVE, ContactStatus.REPLIED)
        and house.events("suppression") == []
    )


def test_what_one_of_us_did_one_of_us_can_undo(house: House) -> None:
    contact = suppressed(house)

    removed = remove(house)

    assert removed
    assert removed.id == contact.id
    assert house.fresh(contact).status is ContactStatus.ACTIVE
    assert house.all(Suppression) == []
    house.a_task(contact=contact)


def test_who_had_replied_before_counts_as_having_replied_again(house: House) -> None:
    contact = house.a_contact()
    house.run(contacts.record_reply, contact_id=contact.id, text="Hello.")
    suppressed(house, contact)

    remove(house)

    assert house.fresh(contact).status is ContactStatus.REPLIED


def test_it_is_never_done_silently(house: House) -> None:
    contact = suppressed(house)
    remove(house)

    [event] = house.all(Event, Event.type == "suppression.removed")
    assert (event.actor, event.contact_id) == (house.who, contact.id)
    assert event.data["reason"] == "It was the wrong person."
    assert event.data["was"]["reason"] == "By mistake."
    assert event.data["was"]["source"] == f"person:{house.who}"


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_it_needs_a_reason(house: House, reason: str) -> None:
    contact = suppressed(house)

    with pytest.raises(Refused) as refused:
        remove(house, reason)

    assert refused.value.field == "reason"
    assert kept(house, contact)


def test_what_was_cancelled_with_it_stays_cancelled(house: House) -> None:
    contact = house.a_contact()
    task = house.a_drafted_task(contact=contact)
    suppressed(house, contact)
    remove(house)
    house.wait(days=1)

    assert house.fresh(task).status is TaskStatus.CANCELLED
    assert house.mails() == []


@pytest.mark.parametrize("source", WISHES)
@pytest.mark.parametrize("status", [ContactStatus.UNSUBSCRIBED, ContactStatus.DO_NOT_CONTACT])
def test_somebodys_own_wish_is_not_undone_by_us(
    house: House, source: str, status: ContactStatus
) -> None:
    contact = listed(house, source, status)

    with pytest.raises(Refused, match="Only they can take that back") as refused:
        remove(house)

    assert (refused.value.field, refused.value.reason_code) == ("suppressionId", "OWN_WISH")
    assert kept(house, contact)


def test_who_unsubscribed_after_one_of_us_had_listed_them_is_held_by_their_own_wish(
    house: House,
) -> None:
    contact = suppressed(house)
    with house.tx() as tx:
        row = tx.get_one(Contact, (house.workspace_id, contact.id))
        row.status = ContactStatus.UNSUBSCRIBED

    with pytest.raises(Refused, match="Only they"):
        remove(house)
    assert kept(house, contact)


def test_who_writes_to_us_again_has_taken_it_back(house: House) -> None:
    contact = listed(house, "unsubscribe")
    reply(house, contact)

    remove(house)

    assert house.fresh(contact).status is ContactStatus.REPLIED


def test_what_was_written_before_the_wish_takes_nothing_back(house: House) -> None:
    contact = house.a_contact()
    house.run(contacts.record_reply, contact_id=contact.id, text="Hello.")
    house.clock.advance(60)
    with house.tx() as tx:
        suppression.suppress(tx, contact.email, reason="x", source="unsubscribe")
        tx.get_one(Contact, (house.workspace_id, contact.id)).status = ContactStatus.UNSUBSCRIBED

    with pytest.raises(Refused, match="Only they"):
        remove(house)


@pytest.mark.parametrize("kind", ["out_of_office", "automatic", "unsubscribe", "negative"])
def test_a_reply_that_is_no_consent_takes_nothing_back(house: House, kind: str) -> None:
    contact = listed(house, "unsubscribe")
    with house.tx() as tx:
        tx.insert(Reply, contact_id=contact.id, kind=kind, text="x", received_at=house.clock.now)

    with pytest.raises(Refused, match="Only they"):
        remove(house)
    assert kept(house, contact)


@pytest.mark.parametrize("source", ["complaint", "person:Ada"])
def test_a_complaint_is_not_taken_back_by_anybody(house: House, source: str) -> None:
    contact = listed(house, source, ContactStatus.COMPLAINED)
    reply(house, contact)

    with pytest.raises(Refused, match="spam") as refused:
        remove(house)

    assert refused.value.reason_code == "COMPLAINED"
    assert len(house.all(Suppression)) == 1


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("bounce", ContactStatus.BOUNCED),
        ("webhook", ContactStatus.BOUNCED),
        ("reply:guessed", ContactStatus.UNSUBSCRIBED),
        ("import:list.csv", ContactStatus.DO_NOT_CONTACT),
    ],
)
def test_a_bounce_a_list_and_a_misread_reply_can_be_put_right(
    house: House, source: str, status: ContactStatus
) -> None:
    contact = listed(house, source, status)

    remove(house)

    assert house.fresh(contact).status is ContactStatus.ACTIVE


def test_an_address_without_a_contact_comes_off_the_list(house: House) -> None:
    with house.tx() as tx:
        suppression.suppress(tx, "a@example.org", reason="x", source="import:list.csv")

    assert remove(house) is None
    assert house.all(Suppression) == []
    assert len(house.events("suppression.removed")) == 1


def test_what_is_gone_is_not_removed_again(house: House) -> None:
    suppressed(house)
    [entry] = house.all(Suppression)
    remove(house)

    with pytest.raises(NotFound) as missing:
        house.run(suppressions.remove, suppression_id=entry.id, reason="x")

    assert missing.value.field == "suppressionId"


def test_as_long_as_an_address_is_listed_nobody_is_assigned_to_it(house: House) -> None:
    contact = suppressed(house)

    with pytest.raises(Refused):
        house.run(
            tasks.assign,
            agent_id=house.agent(AgentKind.OUTREACH).id,
            contact_id=contact.id,
            instruction="Write.",
        )
