"""Today: what waits for a person, decided in a browser."""

import re

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from runtime import naming
from runtime.desk import changing, research
from runtime.models import Base, DraftStatus, FactSource, Role, Task, TaskStatus
from tests.house import House, text_of
from tests.runtime.mail.scribes import MILL, Scribe, a_fact
from tests.web.conftest import Open
from tests.web.screen import Screen

pytestmark = pytest.mark.shows("/")


def draft_of(page: Page) -> str:
    """Return the id of the draft that is open, by the address."""
    found = re.search(r"[?&]draft=([^&]+)", page.url)
    assert found is not None
    return found[1]


def test_a_draft_is_approved_by_keyboard_and_its_mail_and_schedule_appear_by_themselves(
    screen: Screen, house: House
) -> None:
    ada, grace = (house.a_contact(name=name) for name in ("Ada Lovelace", "Grace Hopper"))
    first, second = house.a_drafted_task(contact=ada), house.a_drafted_task(contact=grace)
    page = screen.page
    screen.until_live()
    queue = page.get_by_role("region", name="Drafts that wait")
    expect(queue.get_by_role("listitem")).to_have_count(2)
    expect(queue.locator("[aria-current]")).to_contain_text("Ada Lovelace")
    page.evaluate("window.isTheSamePage = true")

    page.keyboard.press("j")
    expect(queue.locator("[aria-current]")).to_contain_text("Grace Hopper")
    expect(page.get_by_text("Hello Grace Hopper")).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_role("region", name="What you did")).to_contain_text("Approved")
    expect(queue.get_by_role("listitem")).to_have_count(1)
    expect(page.get_by_text("Hello Ada Lovelace")).to_be_visible()
    page.keyboard.press("a")
    decided = page.locator("[data-decided=APPROVED]")
    expect(decided).to_contain_text("Approved by Ada")
    house.settle()

    expect(decided).to_contain_text("Sent")
    expect(decided).to_contain_text("Follow-up 1 is due")
    expect(page.get_by_text("We wrote")).to_be_visible()
    assert {mail["To"] for mail in house.mails()} == {ada.email, grace.email}
    assert [house.draft(task).status for task in (first, second)] == [DraftStatus.APPROVED] * 2
    assert page.evaluate("window.isTheSamePage")


def test_an_approval_is_taken_back_by_a_key_until_its_mail_has_left(
    screen: Screen, house: House
) -> None:
    task = house.a_drafted_task()
    page = screen.page
    screen.until_live()
    approve = page.get_by_role("button", name="Approve")
    expect(approve).to_be_visible()
    decided = page.locator("[data-decided=APPROVED]")
    page.keyboard.press("a")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    expect(decided).to_be_visible()
    page.keyboard.press("u")
    did = page.get_by_role("region", name="What you did")
    expect(did).to_contain_text("waits for a decision again")
    expect(approve).to_be_visible()
    assert house.draft(task).status is DraftStatus.PENDING

    page.keyboard.press("a")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    expect(decided).to_be_visible()
    house.settle()
    expect(did).to_contain_text(f"Sent to {house.draft(task).to}.")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)


def test_an_edit_becomes_a_version_that_shows_what_changed_word_for_word(
    screen: Screen, house: House
) -> None:
    task = house.a_drafted_task(contact=house.a_contact(name="Grace Hopper"))
    page = screen.page
    screen.until_live()
    expect(page.get_by_role("button", name="Approve")).to_be_visible()
    page.keyboard.press("e")
    text = page.get_by_label("Text")
    expect(text).to_be_focused()
    text.press("Escape")
    expect(text).to_have_count(0)
    page.keyboard.press("e")
    text.fill(text.input_value().replace("Hello", "Dear"))
    text.press("Escape")  # which throws nothing away
    with screen.held():
        text.press("Control+Enter")
        text.press("Control+Enter")

    changes = page.get_by_role("group").filter(has_text="What changed since version 1")
    expect(changes.locator("del")).to_have_text("Hello")
    expect(changes.locator("ins")).to_have_text("Dear")
    expect(page.get_by_text("version 2 by Ada")).to_be_visible()
    page.keyboard.press("e")
    text.fill("Dear Grace Hopper,\n\nthe mill in Lyon saved a week with it. Is an hour too much?")
    text.press("Control+Enter")
    changes = page.get_by_role("group").filter(has_text="What changed since version 2")
    expect(changes.locator("ins")).to_have_count(1)  # what was written anew is read as a whole
    expect(changes.locator("del")).to_have_count(1)
    page.keyboard.press("a")
    decided = page.locator("[data-decided=APPROVED]")
    expect(decided).to_be_visible()
    house.settle()
    expect(decided).to_contain_text("Sent")
    assert house.draft(task).version == 3
    assert "Dear Grace Hopper" in text_of(house.mails()[0])
    page.goto(f"/contacts/{naming.global_id('Contact', task.contact_id)}")
    expect(page.get_by_label("What happened")).to_contain_text("Draft, version 3 by Ada")


def test_a_draft_is_sent_back_with_feedback_that_its_next_version_shows(
    screen: Screen, house: House
) -> None:
    house.a_drafted_task()
    page = screen.page
    screen.until_live()
    expect(page.get_by_role("button", name="Approve")).to_be_visible()
    page.keyboard.press("r")
    page.get_by_label("What should be different?").fill("Shorter, please.")
    assert screen.violations() == []
    page.get_by_role("button", name="Ask for another version").click()
    expect(page.locator("[data-decided=REJECTED]")).to_contain_text("Shorter, please.")
    house.settle()

    page.get_by_role("link", name="Open version 2").click()
    expect(page.get_by_text("Ada on version 1:")).to_be_visible()


def test_a_draft_rejected_for_good_ends_its_task(screen: Screen, house: House) -> None:
    task = house.a_drafted_task()
    screen.until_live()
    screen.page.get_by_role("button", name="Reject").click()
    screen.page.get_by_role("button", name="Reject for good").click()
    expect(screen.page.locator("[data-decided=REJECTED]")).to_be_visible()
    house.settle()
    assert house.fresh(task).status is TaskStatus.CANCELLED


def test_what_is_read_stays_open_when_somebody_else_decides_it(
    screen: Screen, house: House
) -> None:
    """Or a text that was slipped under the hand would be approved unread."""
    first = house.a_drafted_task(contact=house.a_contact(name="Grace Hopper"))
    house.a_drafted_task(contact=house.a_contact(name="Ada Lovelace"))
    screen.until_live()
    expect(screen.page.get_by_text("Hello Grace Hopper")).to_be_visible()
    house.approve(first)

    expect(screen.page.locator("[data-decided=APPROVED]")).to_be_visible()
    expect(screen.page.get_by_text("Hello Grace Hopper")).to_be_visible()
    expect(screen.page.get_by_role("button", name="Approve")).to_have_count(0)


def test_what_each_sentence_rests_on_is_shown_and_what_nothing_supports_is_marked(
    screen: Screen, house: House
) -> None:
    ada = house.a_contact(name="Ada Lovelace", company="Engines Ltd")
    fact = a_fact(house, ada)
    a_fact(house, ada, "Ada Lovelace studies (tables).", FactSource.NOTE)
    body = (
        f"Hello Ada Lovelace,\n\n{MILL} Your costs fell by\n40 %. You are invited to the pilot.\n"
    )
    house.writer = Scribe(body, (MILL, str(fact.id)))
    house.a_drafted_task(contact=ada)
    page = screen.page
    queue = page.get_by_role("region", name="Drafts that wait")
    expect(queue).to_contain_text("1 unsupported")
    mail = page.get_by_role("region", name="The mail, as it would leave")
    grounds = page.get_by_role("region", name="What it rests on")
    expect(mail.locator("mark")).to_have_text(re.compile(r"^Your costs fell by\s40 %\."))
    expect(grounds).to_contain_text("Nothing known supports this")
    expect(grounds).to_contain_text("Its other sentences: 1 from what was asked, 1 of courtesy.")
    expect(grounds.get_by_role("link", name="www.engines.example")).to_have_attribute(
        "href", re.compile("^https://www.engines.example/")
    )
    grounds.get_by_text("1 other fact").click()
    expect(grounds.get_by_text("Ada Lovelace studies (tables).")).to_be_visible()
    assert screen.violations() == []

    grounds.get_by_role("link", name="Your costs fell by 40 %.").click()
    expect(mail.locator("mark")).to_be_focused()
    mail.get_by_role("link", name="Fact 1").click()
    expect(grounds.get_by_role("listitem").filter(has_text="Where it is said")).to_be_focused()
    assert "?draft=" in page.url

    house.run(research.withdraw_fact, fact_id=fact.id)
    expect(grounds).to_contain_text("Withdrawn since, by Ada")
    expect(queue).to_contain_text("Stale")


def test_a_stale_draft_says_why_and_is_approved_only_knowingly(
    screen: Screen, house: House
) -> None:
    contact = house.a_contact(name="Grace Hopper")
    task = house.a_drafted_task(contact=contact)
    screen.until_live()
    expect(screen.page.get_by_role("button", name="Approve")).to_be_visible()
    house.run(changing.change, contact_id=contact.id, changes={"notes": "Met in May."})
    again = screen.page.get_by_role("button", name="Approve although stale")
    expect(again).to_be_visible()
    again.click()
    expect(screen.page.locator("[data-decided=APPROVED]")).to_be_visible()
    assert house.draft(task).status is DraftStatus.APPROVED


def test_a_viewer_reads_everything_and_decides_nothing(open_screen: Open, house: House) -> None:
    task = house.a_drafted_task(contact=house.a_contact(name="Grace Hopper"))
    screen = open_screen()
    screen.sign_in(house, Role.VIEWER)
    screen.until_live()
    expect(screen.page.get_by_text("Hello Grace Hopper")).to_be_visible()
    expect(screen.page.get_by_text("viewer", exact=True)).to_be_visible()
    for name in ("Approve", "Edit", "Reject"):
        expect(screen.page.get_by_role("button", name=name)).to_have_count(0)
    screen.page.keyboard.press("a")

    screen.page.keyboard.press("?")
    help_ = screen.page.get_by_role("dialog", name="Keyboard")
    expect(help_).to_contain_text("Next draft")
    expect(help_).not_to_contain_text("Approve")
    answer = screen.page.evaluate(
        """async (input) => (await fetch("/graphql", {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify({
              query: `mutation ($input: ApproveDraftInput!) {
                approveDraft(input: $input) { userErrors { code } }
              }`,
              variables: { input },
            }),
        })).json()""",
        {"draftId": draft_of(screen.page), "fingerprint": "any"},
    )
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert house.draft(task).status is DraftStatus.PENDING


def test_five_hundred_drafts_are_walked_through_by_keyboard(screen: Screen, house: House) -> None:
    task = house.a_drafted_task(contact=house.a_contact(name="Grace Hopper"))
    multiply(house, task, 499)
    page = screen.page
    page.goto("/")
    rows = page.get_by_role("region", name="Drafts that wait").get_by_role("listitem")
    expect(rows).to_have_count(100)
    expect(page.get_by_role("link", name="Drafts 500")).to_be_visible()
    more = page.get_by_role("button", name="Show more")
    for shown in (200, 300, 400, 500):
        more.click()
        expect(rows).to_have_count(shown)
    expect(more).to_have_count(0)
    expect(rows.nth(0).locator("[aria-current]")).to_have_count(1)
    for _ in range(20):
        page.keyboard.press("j")
    expect(rows.nth(20).locator("[aria-current]")).to_have_count(1)
    expect(page.get_by_role("button", name="Approve")).to_be_visible()
    page.keyboard.press("a")
    expect(rows).to_have_count(499)


def multiply(house: House, task: Task, times: int) -> None:
    """Have as many more drafts wait, each of a task like this one."""
    with house.tx() as tx:
        for table, key in (("tasks", "id"), ("drafts", "task_id")):
            columns = [column.name for column in Base.metadata.tables[table].columns]
            values = ", ".join(_LIKE.get((table, name), name) for name in columns)
            tx.execute(
                sa.text(
                    f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values}"  # noqa: S608 - names of columns
                    f" FROM {table}, generate_series(1, :times) n WHERE {key} = :id"
                ),
                {"times": times, "id": task.id},
            )


_NTH = "overlay({id}::text placing lpad(to_hex(n), 12, '0') from 25)::uuid"
_LIKE = {
    ("tasks", "id"): _NTH.format(id="id"),
    ("tasks", "idempotency_key"): "NULL",
    ("drafts", "id"): _NTH.format(id="drafts.id"),
    ("drafts", "task_id"): _NTH.format(id="task_id"),
}
