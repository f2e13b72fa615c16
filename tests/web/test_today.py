"""Today: what waits for a person, decided in a browser."""

import re

from playwright.sync_api import Page, expect

from runtime.models import DraftStatus
from tests.house import House
from tests.web.screen import Screen


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
    house.settle()

    decided = page.locator("[data-decided=APPROVED]")
    expect(decided).to_contain_text("Approved by Ada")
    expect(decided).to_contain_text("Sent")
    expect(decided).to_contain_text("Follow-up 1 is due")
    expect(page.get_by_text("We wrote")).to_be_visible()
    assert {mail["To"] for mail in house.mails()} == {ada.email, grace.email}
    assert [house.draft(task).status for task in (first, second)] == [DraftStatus.APPROVED] * 2
    assert page.evaluate("window.isTheSamePage")
