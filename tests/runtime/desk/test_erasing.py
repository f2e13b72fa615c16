"""Erased: no word about the person is left anywhere, every number stays, and nobody comes back."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import errors

from runtime.crm import dossier, suppression
from runtime.crm.contact_import import import_contacts
from runtime.crm.enrolment import IfEnrolled
from runtime.db import Database
from runtime.desk import (
    changing,
    contacts,
    erasing,
    opportunities,
    repeats,
    replies,
    research,
    suppressions,
    tasks,
)
from runtime.errors import Conflict, Refused
from runtime.mail import delivery, reports, tokens, unsubscribing
from runtime.mail.unsubscribing import Way
from runtime.models import (
    AgentKind,
    Base,
    Call,
    CallKind,
    CallStatus,
    Contact,
    ContactStatus,
    DeliveryStatus,
    Draft,
    Event,
    Fact,
    FollowUp,
    IdempotencyKey,
    InboundEmail,
    InboundStatus,
    Message,
    Opportunity,
    Reply,
    Report,
    SentEmail,
    Suppression,
    Task,
    TaskStatus,
    Timer,
    new_id,
)
from runtime.operator.servers import Postgres
from tests.fakes.pages import Pages
from tests.fakes.webhooks import body, bounce
from tests.house import House
from tests.runtime.desk.people import (
    ELSEWHERE,
    EMAIL,
    NAME,
    OLD_EMAIL,
    WORDS,
    a_known_person,
    found,
)

COUNTED: tuple[type[Base], ...] = (Contact, Task, Draft, SentEmail, FollowUp, Message, Call, Report)


def erase(house: House, contact: Contact, **how: Any) -> Contact:
    given = {"confirm_email": contact.email, "reason": "Asked for it by letter."} | how
    done: Contact = house.run(erasing.erase, contact_id=contact.id, **given)
    return done


def entry(house: House) -> Suppression:
    return house.all(Suppression, Suppression.digest.is_not(None))[0]


def test_no_word_about_the_person_is_found_in_any_table(house: House, postgres: Postgres) -> None:
    contact, _ = a_known_person(house)
    missing = [word for word in WORDS if not found(postgres.owner_url, house, word)]
    assert missing == [], "these would be found nowhere anyhow"

    erase(house, contact)
    house.wait(days=30)

    left = {word: where for word in WORDS if (where := found(postgres.owner_url, house, word))}
    assert left == {}
    assert house.dead_letters() == []


def test_the_numbers_and_the_bones_of_the_story_stay(house: House) -> None:
    contact, task = a_known_person(house)
    before = {model.__name__: len(house.all(model)) for model in COUNTED}
    happened = [(e.seq, e.type, e.at, e.actor, e.task_id) for e in house.all(Event)]
    mail = house.sent(task)[0]

    erase(house, contact)

    assert {model.__name__: len(house.all(model)) for model in COUNTED} == before
    events = house.all(Event)
    told = [(e.seq, e.type, e.at, e.actor, e.task_id) for e in events]
    assert told[: len(happened)] == happened
    [approved] = [e for e in events if e.type == "draft.approved"]
    assert approved.data == {"draft_id": str(mail.draft_id)}
    kept = house.fresh(mail)
    assert (kept.status, kept.sent_at) == (mail.status, mail.sent_at)
    assert [c["rule"] for c in kept.receipt] == [c["rule"] for c in mail.receipt]
    assert {c["detail"] for c in kept.receipt} == {"[erased]"}


def test_nobody_is_asked_about_them_any_more(house: House) -> None:
    contact, _ = a_known_person(house)
    assert house.escalations()
    erase(house, contact)

    assert house.escalations() == []


def test_it_is_on_record_who_erased_and_why(house: House) -> None:
    contact, _ = a_known_person(house)
    erase(house, contact)

    event = house.all(Event)[-1]
    assert (event.type, event.actor, event.contact_id) == ("contact.erased", "Ada", contact.id)
    assert event.summary == "Ada erased a contact: Asked for it by letter."


def test_everything_open_ends(house: House) -> None:
    contact = house.a_contact(name=NAME)
    sent = house.a_sent_task(contact=contact)
    queued = house.a_task(contact=contact, if_enrolled=IfEnrolled.QUEUE_AFTER)
    other = house.a_contact(name=NAME)
    written = house.a_drafted_task(contact=other)

    erased = erase(house, contact)
    erase(house, other)
    house.wait(days=30)

    assert erased.status is ContactStatus.DO_NOT_CONTACT
    assert house.fresh(written).status is TaskStatus.CANCELLED
    assert house.fresh(queued).status is TaskStatus.CANCELLED
    assert len(house.mails()) == 1
    assert house.all(Timer, Timer.task_id == sent.id) == []
    assert house.escalations() == []


def test_what_agents_have_not_read_yet_can_still_be_read(house: House) -> None:
    contact = house.a_contact(name=NAME)
    task = house.a_task(contact=contact)
    house.take_turns()
    house.make_calls()  # the text lies in the mailbox

    erase(house, contact)
    house.settle()

    assert house.dead_letters() == []
    assert house.fresh(task).status is TaskStatus.CANCELLED
    assert NAME not in str([m.body for m in house.all(Message)])


@pytest.mark.parametrize("email", ["", "q.zobel@example.com", NAME])
def test_it_is_confirmed_by_the_address(house: House, email: str) -> None:
    contact = house.a_contact(email=EMAIL)
    with pytest.raises(Refused) as refused:
        erase(house, contact, confirm_email=email)
    assert (refused.value.reason_code, refused.value.field) == ("NOT_CONFIRMED", "confirmEmail")
    assert house.fresh(contact).erased_at is None


@pytest.mark.parametrize("reason", [f"For {EMAIL}.", "Ms ZOBEL wants it.", f"{NAME}"])
def test_a_reason_that_names_the_person_is_refused_as_it_stays(house: House, reason: str) -> None:
    contact = house.a_contact(email=EMAIL, name=NAME)
    with pytest.raises(Refused) as refused:
        erase(house, contact, reason=reason)
    assert (refused.value.reason_code, refused.value.field) == ("NAMES_THE_PERSON", "reason")


def test_nobody_is_erased_while_a_mail_may_be_leaving(house: House) -> None:
    contact = house.a_contact()
    task = house.a_drafted_task(contact=contact)
    house.approve(task)
    house.take_turns()
    with house.tx() as tx:
        tx.execute(
            sa.update(Call)
            .where(Call.task_id == task.id, Call.status == CallStatus.PLANNED)
            .values(in_doubt=True)
        )

    with pytest.raises(Conflict) as conflict:
        erase(house, contact)
    assert conflict.value.reason_code == "MAIL_IN_DOUBT"
    assert house.fresh(contact).email == contact.email


def test_nobody_is_erased_while_nobody_knows_whether_a_mail_left(house: House) -> None:
    contact = house.a_contact()
    task = house.a_sent_task(contact=contact)
    with house.tx() as tx:
        tx.execute(
            sa.update(SentEmail)
            .where(SentEmail.task_id == task.id)
            .values(status=DeliveryStatus.UNKNOWN)
        )

    with pytest.raises(Conflict, match="settle the question"):
        erase(house, contact)


def test_nobody_is_erased_twice_changed_or_answered_for(house: House) -> None:
    contact = erase(house, house.a_contact())

    with pytest.raises(Conflict):
        erase(house, contact)
    for command, fields in (
        (changing.change, {"changes": {"name": NAME}}),
        (contacts.record_reply, {"text": "Hello."}),
        (contacts.suppress, {"reason": "x"}),
    ):
        with pytest.raises(Refused) as refused:
            house.run(command, contact_id=contact.id, **fields)
        assert refused.value.reason_code == "ERASED"


def test_nothing_is_taken_in_for_them_by_way_of_a_mail_or_a_deal(house: House) -> None:
    known, _ = a_known_person(house)
    contact = erase(house, known)
    with house.tx() as tx:
        mail = tx.insert(
            InboundEmail,
            id=new_id(),
            provider_email_id="2",
            status=InboundStatus.UNMATCHED,
            kind="human",
            sender="eve@example.net",
            subject="Marzipan",
            text="Marzipan.",
            reason="",
            received_at=tx.now,
            created_at=tx.now,
        )
    reply, deal = house.all(Reply)[0], house.an_opportunity()

    for command, fields in (
        (replies.attach, {"inbound_email_id": mail.id, "contact_id": contact.id}),
        (replies.review, {"reply_id": reply.id, "kind": "unsubscribe"}),
        (opportunities.create, {"title": "Marzipan", "contact_id": contact.id}),
        (opportunities.update, {"opportunity_id": deal.id, "contact_id": contact.id}),
    ):
        with pytest.raises(Refused) as refused:
            house.run(command, **fields)
        assert refused.value.reason_code == "ERASED"
    assert {e.email for e in house.all(Suppression)} == {None}


def test_an_export_of_one_erased_person_shows_nothing_of_another(house: House) -> None:
    contact, _ = a_known_person(house)
    other = house.a_contact()
    erase(house, contact)
    with house.tx() as tx:
        mail = tx.insert(
            InboundEmail,
            id=new_id(),
            provider_email_id="2",
            status=InboundStatus.ATTACHED,
            kind="human",
            sender=other.email,
            subject="",
            text="",
            reason="",
            contact_id=other.id,
            received_at=tx.now,
            created_at=tx.now,
        )
    erase(house, other)

    with house.tx() as tx:
        shown = dossier.about(tx, contact.id)["inboundEmails"]
    assert str(mail.id) not in {row["id"] for row in shown}


def test_the_list_knows_the_day_and_the_address_again_but_not_the_address(house: House) -> None:
    contact, _ = a_known_person(house)
    erase(house, contact)

    entries = house.all(Suppression)
    assert [(e.email, e.source) for e in entries] == [(None, "erasure")] * 3
    assert suppressions.name(entries[0]) == f"erased on {house.clock.now:%Y-%m-%d}"
    with house.tx() as tx:
        known = {suppression.why(tx, email) for email in (EMAIL, OLD_EMAIL, ELSEWHERE)}
        assert len(known) == 1
        assert None not in known
        assert suppression.why(tx, "another@example.org") is None


def test_the_digest_of_one_workspace_says_nothing_in_another(
    house: House, other_house: House
) -> None:
    for each in (house, other_house):
        erase(each, each.a_contact(email=EMAIL))

    assert entry(house).digest != entry(other_house).digest


def test_an_erased_person_is_not_brought_in_again(house: House) -> None:
    erase(house, house.a_contact(email=EMAIL))
    other = house.a_contact()

    with pytest.raises(Refused) as created:
        house.a_contact(email=EMAIL.upper(), name=NAME)
    with pytest.raises(Refused) as moved:
        house.run(changing.change, contact_id=other.id, changes={"email": EMAIL})
    with house.tx() as tx:
        data = f"email,name\nb@example.org,B\n{EMAIL},{NAME}\n"
        result = import_contacts(tx, data, actor="Ada")

    assert created.value.reason_code == moved.value.reason_code == "ERASED"
    assert (result.created, [(f.line, f.column) for f in result.failed]) == (1, [(3, "email")])
    assert "erased on" in result.failed[0].reason
    assert {c.email for c in house.all(Contact)}.isdisjoint({EMAIL})


def test_nobody_is_assigned_to_them_and_the_gate_knows_them_too(house: House) -> None:
    contact = erase(house, house.a_contact(email=EMAIL))
    with pytest.raises(Refused):
        house.run(
            tasks.assign,
            agent_id=house.agent(AgentKind.OUTREACH).id,
            contact_id=contact.id,
            instruction="Write.",
        )
    task = house.a_drafted_task()
    house.approve(task)
    with house.tx() as tx:  # whatever way it came in
        tx.execute(sa.update(Contact).where(Contact.id == task.contact_id).values(email=EMAIL))
        tx.execute(sa.update(Draft).where(Draft.task_id == task.id).values(to=EMAIL))
    house.settle()

    [mail] = house.sent(task)
    assert "not_suppressed" in [c["rule"] for c in mail.receipt if not c["passed"]]


def test_only_an_owner_lets_them_back_by_their_new_consent(house: House) -> None:
    erase(house, house.a_contact(email=EMAIL))
    lift = {"suppression_id": entry(house).id, "reason": "They wrote to us and want it."}

    with pytest.raises(Refused) as refused:
        house.run(suppressions.remove, **lift)
    assert refused.value.reason_code == "ERASED"
    house.run(suppressions.remove, owner=True, **lift)

    assert house.a_contact(email=EMAIL).status is ContactStatus.ACTIVE
    [event] = house.all(Event, Event.type == "suppression.removed")
    assert event.data["reason"] == "They wrote to us and want it."


def test_what_the_provider_tells_later_brings_no_word_back(
    house: House, postgres: Postgres
) -> None:
    contact, task = a_known_person(house)
    mail = house.sent(task)[0]
    told = reports.read(body(mail, "email.bounced", at=house.clock.now, **bounce("Permanent")))
    assert OLD_EMAIL in told.body
    erase(house, contact)

    with house.tx() as tx:
        assert delivery.take(tx, "msg_late", told)

    assert house.fresh(mail).status is DeliveryStatus.BOUNCED
    assert found(postgres.owner_url, house, OLD_EMAIL) == []
    assert {e.email for e in house.all(Suppression)} == {None}


def test_the_link_in_an_old_mail_says_that_it_is_done(house: House) -> None:
    contact, task = a_known_person(house)
    mail = house.sent(task)[0]
    erase(house, contact)

    with house.tx() as tx:
        token = tokens.token(tx, mail.draft_id, tokens.UNSUBSCRIBE)
        wish = unsubscribing.take(tx, token, Way.ONE_CLICK)

    assert wish is not None
    assert (wish.email, wish.done) == ("", True)


def test_nobody_else_loses_a_word(house: House) -> None:
    other = house.a_contact(email=f"more{EMAIL}", name="Bob")
    task = house.a_sent_task(contact=other)
    events = [(e.summary, e.data) for e in house.all(Event)]
    erase(house, house.a_contact(email=EMAIL, name=NAME))

    assert house.fresh(other).email == f"more{EMAIL}"
    assert house.sent(task)[0].to == f"more{EMAIL}"
    assert [(e.summary, e.data) for e in house.all(Event)][: len(events)] == events


def test_what_is_known_through_a_colleague_goes_too(house: House) -> None:
    gone = house.a_contact(email=EMAIL, name=NAME, company="Zobelworks", notes="Likes walnut.")
    stays = house.a_contact(name="Bob", company="Zobelworks", notes="Likes chess.")
    for contact in (gone, stays):
        house.run(
            tasks.assign,
            agent_id=house.agent(AgentKind.RESEARCH).id,
            contact_id=contact.id,
            instruction="Find out.",
        )
    house.settle()

    erase(house, gone)

    told = {(fact.contact_id, fact.statement) for fact in house.all(Fact)}
    assert told == {(stays.id, "Bob works at Zobelworks."), (stays.id, "Likes chess.")}


def test_the_same_command_again_does_not_bring_the_old_answer(house: House) -> None:
    contact, _ = a_known_person(house)
    deal = {"id": str(house.all(Opportunity)[0].id)}
    message = {"id": house.all(Message, Message.task_id.is_not(None))[0].id}
    with house.tx() as tx:
        repeats.once(tx, "createOpportunity", f"with {NAME}", {}, lambda: deal)
        repeats.once(tx, "sendMessage", f"about {NAME}", {}, lambda: message)
    erase(house, contact)
    assert house.all(IdempotencyKey) == []


def test_events_of_who_was_not_erased_cannot_be_scrubbed(db: Database, house: House) -> None:
    contact = house.a_contact()
    with psycopg.connect(db.url) as app:
        app.execute("SELECT set_config('app.workspace', %s, true)", (str(house.workspace_id),))
        with pytest.raises(errors.InvalidParameterValue, match="no erased contact"):
            app.execute("SELECT scrub_events(%s, '{}')", (contact.id,))


def test_a_workspace_cannot_scrub_the_events_of_another(
    db: Database, house: House, other_house: House
) -> None:
    contact = erase(other_house, other_house.a_contact())
    with psycopg.connect(db.url) as app:
        app.execute("SELECT set_config('app.workspace', %s, true)", (str(house.workspace_id),))
        with pytest.raises(errors.InvalidParameterValue, match="no erased contact"):
            app.execute("SELECT scrub_events(%s, '{}')", (contact.id,))


def test_a_page_read_when_somebody_is_erased_already_tells_nothing_of_them(house: House) -> None:
    house.research_settings(wait="PT1S")
    contact = house.a_contact(company="Acme")
    url = "https://acme.example/"
    house.run(research.add_page, url=url, company="Acme")
    task = house.a_task(contact=contact)
    house.take_turns()
    [call] = house.all(Call, Call.kind == CallKind.READ_PAGE)
    with house.tx() as tx:
        tx.get_one(Call, (tx.workspace_id, call.id)).available_at += timedelta(hours=1)
    house.wait(seconds=5)
    house.approve(task)
    house.settle()
    house.reader = Pages(**{url: "Acme opened a second plant in Lyon."})

    erase(house, contact)
    house.wait(hours=2)

    assert house.all(Fact) == []
    assert house.dead_letters() == []


def test_the_key_under_which_a_page_was_listed_goes_with_the_page(house: House) -> None:
    contact = house.a_contact()
    page = house.run(research.add_page, url="https://acme.example/", contact_id=contact.id)
    with house.tx() as tx:
        repeats.once(tx, "addWebPage", "page of Quirina", {}, lambda: {"id": str(page.id)})

    erase(house, contact)

    assert house.all(IdempotencyKey) == []
