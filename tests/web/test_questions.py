"""Questions and mail to sort: what only a person can settle, settled in a browser."""

from typing import Any

from playwright.sync_api import expect

from runtime.desk import follow_ups
from runtime.errors import Unknown
from runtime.models import (
    Contact,
    ContactStatus,
    DeliveryStatus,
    InboundEmail,
    InboundStatus,
    TaskStatus,
)
from scheduler.integrations import Accepted, Mail
from tests.fakes.mailers import Around
from tests.fakes.writers import Careless
from tests.graphql_api.test_replies import suggested
from tests.house import House
from tests.web.screen import Screen


class Silent(Around):
    """Takes mail and says nothing of it."""

    def send(self, mail: Mail) -> Accepted:  # noqa: ARG002 - a mailer's signature
        raise Unknown("The connection broke.")


def test_a_mail_of_which_nobody_knows_whether_it_left_is_settled_by_a_person(
    screen: Screen, house: House
) -> None:
    screen.page.goto("/?tray=questions")
    expect(screen.page.get_by_text("No question is open")).to_be_visible()
    screen.until_live()
    house.mailer = Silent(house.mailer)
    task = house.a_drafted_task(contact=house.a_contact(name="Grace Hopper"))
    house.approve(task)
    house.wait(days=2)

    question = screen.page.get_by_role("article").filter(has_text="Grace Hopper")
    expect(question).to_contain_text("Outcome unknown")
    assert screen.violations() == []
    question.get_by_label("Note").fill("They told me on the phone.")
    question.get_by_role("button", name="It was sent").click()

    expect(screen.page.get_by_text("No question is open")).to_be_visible()
    assert house.sent(task)[0].status is DeliveryStatus.SENT
    assert house.escalations() == []


def test_a_contact_who_never_answered_is_written_to_once_more_or_left(
    screen: Screen, house: House
) -> None:
    house.follow_up_settings(waits=["PT2S"])
    task = house.a_sent_task()
    house.wait(days=1)
    screen.page.goto("/")
    screen.page.get_by_role("link", name="Questions 1").click()
    expect(screen.page.get_by_text("No answer")).to_be_visible()
    screen.page.get_by_role("button", name="Write once more").click()
    expect(screen.page.get_by_text("No question is open")).to_be_visible()
    house.settle()
    assert len(house.follow_ups(task)) == 2
    assert house.fresh(task).status is TaskStatus.COMPLETED


def test_a_stopped_step_is_seen_to_and_a_note_on_it_is_not_lost(
    screen: Screen, house: House
) -> None:
    house.follow_up_settings(waits=["PT2S"])
    task = house.a_sent_task(contact=house.a_contact(name="Grace Hopper"))
    house.writer = Careless()
    house.wait(seconds=5)
    page = screen.page
    page.goto("/?tray=questions")
    screen.until_live()
    question = page.get_by_role("article").filter(has_text="Grace Hopper")
    expect(question).to_contain_text("Follow-up 1 did not leave")
    question.get_by_label("Note").fill("I asked them for a better day.")

    house.run(follow_ups.cancel, follow_up_id=house.follow_ups(task)[0].id)

    expect(question).to_contain_text("Grace Hopper: settled meanwhile")
    expect(question).to_contain_text("Ada settled it")
    lost = question.get_by_label("Your note, which was not recorded")
    expect(lost).to_have_value("I asked them for a better day.")
    expect(lost).to_be_focused()  # what is typed on is no command
    assert screen.violations() == []
    question.get_by_role("button", name="Put away").click()
    expect(page.get_by_text("No question is open")).to_be_visible()


def test_who_is_asked_about_a_stopped_step_is_led_to_it(screen: Screen, house: House) -> None:
    house.follow_up_settings(waits=["PT2S"])
    house.a_sent_task(contact=house.a_contact(name="Grace Hopper"))
    house.writer = Careless()
    house.wait(seconds=5)
    page = screen.page
    page.goto("/?tray=questions")
    page.get_by_role("link", name="See to follow-up 1").click()
    page.get_by_role("button", name="Try again").click()

    page.get_by_role("link", name="Today", exact=True).click()
    page.get_by_role("link", name="Questions").click()
    expect(page.get_by_text("No question is open")).to_be_visible()


def test_a_mail_that_may_be_an_answer_is_one_once_a_person_says_so(
    screen: Screen, house: House
) -> None:
    row = suggested(house)
    screen.page.goto("/?tray=mail")
    mail = screen.page.get_by_role("article").filter(has_text="Re: Hello")
    expect(mail).to_contain_text("From eve@example.net")
    assert screen.violations() == []
    mail.get_by_role("button", name="It is their answer").click()
    expect(screen.page.get_by_text("No mail to sort")).to_be_visible()
    assert house.fresh(row).status is InboundStatus.ATTACHED
    contact = house.all(InboundEmail)[0].contact_id
    assert [c.status for c in house.all(Contact, Contact.id == contact)] == [ContactStatus.REPLIED]


def test_a_mail_that_nobody_knows_is_given_to_whom_a_person_finds(
    screen: Screen, house: House
) -> None:
    grace = house.a_contact(name="Grace Hopper", email="grace@example.org")
    none: dict[str, Any] = dict.fromkeys(("contact_id", "sent_email_id", "matched_by"))
    row = suggested(house, status=InboundStatus.UNMATCHED, confidence=None, **none)
    screen.page.goto("/?tray=mail")
    answer = screen.page.get_by_role("button", name="It is their answer")
    expect(answer).to_be_disabled()
    screen.page.get_by_label("Whose it is").fill("Grace")
    expect(screen.page.locator("datalist option[value='grace@example.org']")).to_have_count(1)
    screen.page.get_by_label("Whose it is").fill("grace@example.org")
    answer.click()
    expect(screen.page.get_by_text("No mail to sort")).to_be_visible()
    assert house.fresh(row).contact_id == grace.id
