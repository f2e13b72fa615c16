"""Activity: everything that happened, as it happens."""

import csv
import io
import re
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, Route, expect

from runtime.desk import workspaces
from runtime.models import Event, Role, Task
from tests.house import House
from tests.web.conftest import Open
from tests.web.screen import Screen

MOST_ROWS = 150
EVENTS = 1_000


def rows(page: Page) -> Locator:
    return page.get_by_role("list", name="Events").get_by_role("listitem")


def much_happens(house: House, count: int, *, at_once: int = 50) -> None:
    """Record events, in transactions of several each."""
    for first in range(1, count + 1, at_once):
        with house.tx() as tx:
            for number in range(first, min(first + at_once, count + 1)):
                tx.record("test.counted", f"Event number {number}.", actor=house.who)


def test_what_happens_appears_by_itself_and_leads_to_what_it_happened_to(
    screen: Screen, house: House
) -> None:
    house.a_contact(name="Grace Hopper")
    page = screen.page
    page.goto("/activity")
    expect(rows(page).filter(has_text="Grace Hopper")).to_have_count(1)
    screen.until_live()

    house.a_drafted_task(contact=house.a_contact(name="Ada Lovelace"))

    newest = rows(page).first
    expect(newest).to_contain_text("The draft for Ada Lovelace awaits approval.")
    expect(page.locator("[data-announcer]")).to_have_text(re.compile(r"\d+ new events?\."))
    page.keyboard.press("j")
    expect(newest).to_be_focused()
    newest.get_by_text("Details").click()
    expect(newest.locator("pre")).to_contain_text("{")
    assert screen.violations() == []
    newest.get_by_role("link", name="its task").click()
    expect(page.get_by_text("Only what happened to one task.")).to_be_visible()
    expect(rows(page).filter(has_text="Grace Hopper")).to_have_count(0)
    rows(page).last.get_by_role("link", name="Outreach", exact=True).click()
    expect(page.get_by_role("article", name="Outreach")).to_be_visible()


def test_the_filters_are_in_the_address_and_in_the_files(screen: Screen, house: House) -> None:
    house.a_drafted_task(contact=house.a_contact(name="Ada Lovelace"))
    house.a_drafted_task(contact=house.a_contact(name="Grace Hopper"))
    page = screen.page
    page.goto("/activity")
    expect(rows(page).first).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("lovelace")
    form = page.get_by_role("form", name="Filter")
    form.get_by_label("Type").fill("task.assigned approval.requested")
    form.get_by_label("From").fill("2020-01-01T00:00")
    form.get_by_role("button", name="Filter").click()
    expect(rows(page)).to_have_count(2)
    page.reload()
    expect(rows(page)).to_have_count(2)
    expect(form.get_by_label("Type")).to_have_value("task.assigned approval.requested")
    expect(form.get_by_label("From")).to_have_value("2020-01-01T00:00")

    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    lines = list(csv.DictReader(io.StringIO(download.value.path().read_text())))
    assert [line["type"] for line in lines] == ["task.assigned", "approval.requested"]

    form.get_by_label("Text").fill("nobody at all")
    form.get_by_label("About the agent").select_option("Outreach")
    form.get_by_role("button", name="Filter").click()
    expect(page.get_by_text("Nothing that happened is like this")).to_be_visible()
    page.get_by_role("link", name="Show all").first.click()
    expect(rows(page).filter(has_text="Grace Hopper").first).to_be_visible()


def test_older_events_are_a_page_further_back(screen: Screen, house: House) -> None:
    much_happens(house, 250)
    page = screen.page
    page.goto("/activity?type=test.counted")
    expect(rows(page)).to_have_count(100)
    page.get_by_role("link", name="Older").click()
    expect(rows(page).first).to_contain_text("Event number 150.")
    page.get_by_role("link", name="Older").click()
    expect(rows(page)).to_have_count(50)
    expect(rows(page).last).to_contain_text("Event number 1.")
    expect(page.get_by_role("link", name="Older")).to_have_count(0)
    page.get_by_role("link", name="Back to the newest").click()
    expect(rows(page).first).to_contain_text("Event number 250.")


def test_a_flood_of_events_is_counted_once_each_and_the_rows_stay_few(
    screen: Screen, house: House
) -> None:
    page = screen.page
    page.goto("/activity?type=test.counted")
    expect(page.get_by_text("Nothing that happened is like this")).to_be_visible()
    screen.until_live()
    house.a_contact()

    much_happens(house, EVENTS)

    expect(page.locator(f"[data-heard='{EVENTS}']")).to_have_count(1)
    expect(page.get_by_text(f"{EVENTS} came since")).to_be_visible()
    expect(rows(page).first).to_contain_text(f"Event number {EVENTS}.")
    shown = rows(page).locator("p:first-child").all_text_contents()
    assert shown == [f"Event number {EVENTS - place}." for place in range(MOST_ROWS)]


def test_whoever_scrolled_away_keeps_what_they_read_until_they_want_the_new(
    screen: Screen, house: House
) -> None:
    much_happens(house, 80)
    page = screen.page
    page.goto("/activity?type=test.counted")
    expect(rows(page)).to_have_count(80)
    screen.until_live()
    oldest = rows(page).last
    oldest.scroll_into_view_if_needed()

    much_happens(house, 7)

    new = page.get_by_role("button", name="7 new")
    expect(new).to_be_visible()
    expect(rows(page)).to_have_count(80)
    expect(oldest).to_be_in_viewport()
    new.click()
    expect(rows(page)).to_have_count(87)
    expect(rows(page).first).to_be_in_viewport()
    expect(new).to_have_count(0)
    assert len(house.all(Event, Event.type == "test.counted")) == 87


def test_a_viewer_reads_along_but_takes_no_file_away(open_screen: Open, house: House) -> None:
    looking = open_screen()
    looking.sign_in(house, Role.VIEWER)
    looking.page.goto(f"/activity?actor={house.who}")
    expect(looking.page.get_by_text("Nothing that happened is like this")).to_be_visible()
    expect(looking.page.get_by_role("link", name="CSV")).to_have_count(0)
    looking.until_live()
    house.a_contact(name="Ada Lovelace")
    expect(rows(looking.page)).to_contain_text("Ada Lovelace")


def test_what_could_not_be_read_is_read_once_something_happens(
    screen: Screen, house: House
) -> None:
    house.a_contact(name="Grace Hopper")
    page = screen.page
    screen.loses_network = True
    page.route("**/graphql", _refuse)
    page.goto("/activity")
    expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
    screen.until_live()
    page.unroute("**/graphql")
    house.a_contact(name="Ada Lovelace")
    expect(rows(page).filter(has_text="Ada Lovelace")).to_have_count(1)
    expect(page.locator("[data-heard='0']")).to_have_count(1)

    page.goto("/activity?search=nobody")
    expect(page.get_by_text("Nothing that happened is like this")).to_be_visible()
    screen.until_live()
    page.route("**/graphql", _refuse)
    house.a_contact(name="Alan Turing")
    expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
    page.unroute("**/graphql")
    house.a_contact(name="Joan Clarke")
    expect(page.get_by_role("alert")).to_have_count(0)


def _refuse(route: Route) -> None:
    """Lose the questions for events, and nothing else."""
    if "query Events" in (route.request.post_data or ""):
        route.abort()
    else:
        route.fallback()


def test_who_did_it_is_called_as_elsewhere_and_found_by_that_name(
    screen: Screen, house: House
) -> None:
    house.run(workspaces.update, timezone="Asia/Tokyo")
    house.a_sent_task()
    page = screen.page
    page.goto("/activity")
    planned = rows(page).filter(has_text="Follow-up 1 of 3 is due at")
    day = house.follow_ups(house.all(Task)[0])[0].due_at.astimezone(ZoneInfo("Asia/Tokyo"))
    expect(planned).to_contain_text(f"due at {day:%a} {day.day} {day:%b}, {day:%H:%M} Asia/Tokyo.")
    expect(planned).to_contain_text("by Follow-up")
    form = page.get_by_role("form", name="Filter")
    form.get_by_label("Done by").fill("follow-up")
    form.get_by_label("Done by").press("Enter")

    expect(page).to_have_url(re.compile(r"actor=follow_up$"))
    expect(form.get_by_label("Done by")).to_have_value("Follow-up")
    expect(rows(page).filter(has_text="by Outreach")).to_have_count(0)
    expect(planned).to_be_visible()


def test_moments_are_written_by_the_workspaces_clock_and_the_focus_stays(
    open_screen: Open, house: House
) -> None:
    screen = open_screen(timezone_id="Asia/Tokyo")
    screen.sign_in(house)
    page = screen.page
    page.goto("/activity")
    form = page.get_by_role("form", name="Filter")
    form.get_by_label("From, UTC").fill("2020-01-01T00:00")
    form.get_by_label("Text").fill("added")
    form.get_by_label("Text").press("Enter")
    expect(page).to_have_url(re.compile(r"since=2020-01-01T00%3A00%3A00\.000Z"))
    expect(form.get_by_label("Text")).to_be_focused()
    expect(form.get_by_label("From, UTC")).to_have_value("2020-01-01T00:00")
