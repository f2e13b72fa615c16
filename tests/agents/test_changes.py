"""What changes while facts are held: no mail rests on what its source no longer says."""

from runtime.crm.research import facts
from runtime.desk import changing, opportunities, research
from runtime.mail import replies
from runtime.mail.replies import Heard
from runtime.models import (
    Confidence,
    Contact,
    FactSource,
    MatchedBy,
    ReplyKind,
)
from tests.agents.test_research import NEWS, URL, asked_about, quotes
from tests.fakes.pages import Pages
from tests.house import House


def told(house: House, contact: Contact) -> list[str]:
    with house.tx() as tx:
        return [fact.statement for fact in facts.told(tx, contact.id)]


def test_a_mail_rests_on_no_notes_and_no_company_that_a_contact_had_before(house: House) -> None:
    notes = "Likes tea. Plays chess. Lives in Graz."
    ada = house.a_contact(name="Ada", company="Acme", title="Engineer", notes=notes)
    house.run(research.add_page, url=URL, company="Acme")
    house.reader = Pages(**{URL: NEWS})
    asked_about(house, ada)
    house.run(
        changing.change, contact_id=ada.id, changes={"company": "Globex", "notes": "Likes coffee."}
    )

    house.a_drafted_task(contact=ada)

    assert told(house, ada) == ["Ada is Engineer at Globex.", "Likes coffee."]


def test_a_mail_rests_on_no_deal_that_is_somebody_elses_by_now(house: House) -> None:
    ada, bob = house.a_contact(name="Ada"), house.a_contact(name="Bob")
    deal = house.an_opportunity(contact=ada, notes="The budget is tight. Two sites. Three tools.")
    asked_about(house, ada)
    house.run(opportunities.update, opportunity_id=deal.id, contact_id=bob.id)

    house.a_drafted_task(contact=ada)

    assert told(house, ada) == []


def test_what_a_companys_page_no_longer_says_is_withdrawn_of_all_who_work_there(
    house: House,
) -> None:
    house.research_settings(freshDays=1)
    house.run(research.add_page, url=URL, company="Acme")
    house.reader = reader = Pages(**{URL: NEWS})
    ada, bob = (house.a_contact(name=name, company="Acme") for name in ("Ada", "Bob"))
    asked_about(house, ada)
    asked_about(house, bob)
    house.skip(days=2)
    reader.pages[URL] = "Acme sleeps in winter."

    asked_about(house, ada)

    assert quotes(house, FactSource.PAGE) == ["Acme sleeps in winter."]


def test_the_words_of_a_colleague_are_not_taken_for_the_contacts(house: House) -> None:
    contact = house.a_contact()
    mail = house.sent(house.a_sent_task(contact=contact))[0]
    for matched, confidence, text in (
        (MatchedBy.MESSAGE_ID, Confidence.MEDIUM, "I have left the company."),
        (MatchedBy.REPLY_TOKEN, Confidence.MEDIUM, "I am in charge now."),
        (MatchedBy.MESSAGE_ID, Confidence.HIGH, "We start in May."),
        (MatchedBy.PERSON, Confidence.HIGH, "We have two plants."),
    ):
        with house.tx() as tx:
            heard = Heard(kind=ReplyKind.HUMAN, text=text, sent=mail)
            reply = replies.keep(tx, tx.get_one(Contact, (tx.workspace_id, contact.id)), heard)
            reply.matched_by, reply.confidence = matched, confidence

    asked_about(house, contact)

    assert sorted(quotes(house, FactSource.REPLY)) == ["We have two plants.", "We start in May."]
