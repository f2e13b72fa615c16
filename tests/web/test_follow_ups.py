"""Follow-ups: the schedule, read and changed in a browser."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from runtime.desk import follow_ups, workspaces
from runtime.models import FollowUpStatus, Role, Task
from tests.house import House
from tests.web.conftest import Open
from tests.web.screen import Screen


@pytest.fixture
def task(house: House) -> Task:
    """An outreach whose first mail is out: its first follow-up is planned."""
    ada = house.a_contact(name="Ada Lovelace", timezone="America/New_York")
    return house.a_sent_task(contact=ada)


def open_page(screen: Screen, house: House) -> Page:
    """Open the page in a browser that lives in the house's time."""
    screen.page.clock.set_fixed_time(house.clock.now)
    screen.page.goto("/follow-ups")
    screen.until_live()
    return screen.page


def status(house: House, task: Task) -> FollowUpStatus:
    """Return the state of a task's first follow-up."""
    return house.follow_ups(task)[0].status


def test_a_step_is_paused_and_resumed_moved_and_moved_back_and_executed(
    screen: Screen, house: House, task: Task
) -> None:
    page = open_page(screen, house)
    step = page.get_by_role("article", name="The open follow-up")
    expect(step).to_contain_text("Step 1 of 3")
    expect(step).to_contain_text("America/New_York")
    expect(step.get_by_role("region", name="The sequence")).to_contain_text("First mail")

    page.keyboard.press("p")
    expect(step.get_by_role("button", name="Resume")).to_be_visible()
    expect(step).to_contain_text("by Ada")
    page.keyboard.press("u")
    expect(step.get_by_role("button", name="Pause")).to_be_visible()

    before = house.follow_ups(task)[0].due_at
    page.keyboard.press("r")
    page.get_by_label("When it is due, by the clock of UTC").fill("2026-03-10T15:30")
    expect(page.get_by_role("dialog")).to_contain_text("Tue 10 Mar, 11:30 America/New_York")
    assert screen.violations() == []
    page.keyboard.press("Enter")
    expect(step).to_contain_text("Tue 10 Mar, 15:30")
    page.keyboard.press("u")
    expect(step).not_to_contain_text("Tue 10 Mar, 15:30")
    assert house.follow_ups(task)[0].due_at == before

    page.keyboard.press("e")
    page.get_by_role("dialog").get_by_role("button", name="Execute now").click()
    expect(page.get_by_role("region", name="What you did").last).to_contain_text("begins now")
    house.settle()
    sequence = step.get_by_role("region", name="The sequence").get_by_role("listitem")
    expect(sequence.filter(has_text="Follow-up 1")).to_contain_text("Sent")
    page.keyboard.press("j")
    expect(step).to_contain_text("Step 2 of 3")
    assert status(house, task) is FollowUpStatus.SENT


def test_a_day_of_the_strip_filters_the_schedule_in_the_workspace_s_zone(
    screen: Screen, house: House, task: Task
) -> None:
    house.run(workspaces.update, timezone="Pacific/Auckland")
    # 23:30 UTC on the ninth is the tenth in Auckland.
    due = house.clock.now.replace(day=9, hour=23, minute=30)
    house.run(follow_ups.reschedule, follow_up_id=house.follow_ups(task)[0].id, due_at=due)
    page = open_page(screen, house)
    strip = page.get_by_role("navigation", name="The next fourteen days, Pacific/Auckland")

    strip.get_by_role("link", name="Tue 10 Mar 1 due").click()
    schedule = page.get_by_role("region", name="The schedule")
    expect(schedule.get_by_role("link")).to_have_count(1)
    expect(schedule).to_contain_text("12:30")
    strip.get_by_role("link", name="Mon 9 Mar 0 due").click()
    expect(page.get_by_text("No follow-up is like that")).to_be_visible()
    assert "day=2026-03-09" in page.url
    assert screen.violations() == []


def test_what_lies_before_and_beyond_the_strip_is_a_press_away(
    screen: Screen, house: House, task: Task
) -> None:
    grace = house.a_sent_task(contact=house.a_contact(name="Grace Hopper"))
    soon, far = house.follow_ups(task)[0], house.follow_ups(grace)[0]
    house.run(follow_ups.pause, follow_up_id=soon.id)
    house.clock.now = soon.due_at + timedelta(days=1)
    in_a_month = house.clock.now + timedelta(days=30)
    house.run(follow_ups.reschedule, follow_up_id=far.id, due_at=in_a_month)
    page = open_page(screen, house)
    strip = page.get_by_role("navigation", name="The next fourteen days")
    schedule = page.get_by_role("region", name="The schedule").get_by_role("link")

    strip.get_by_role("link", name="Before today 1 due").click()
    expect(schedule).to_have_count(1)
    expect(schedule).to_contain_text("Ada Lovelace")
    assert page.url.endswith("?day=before")
    strip.get_by_role("link", name=re.compile(r"^After \d+ Mar 1 due$")).click()
    expect(schedule).to_contain_text("Grace Hopper")
    expect(schedule).to_have_count(1)
    assert screen.violations() == []
    page.reload()
    expect(schedule).to_contain_text("Grace Hopper")


def test_a_cancelled_step_says_why_in_its_sequence(
    screen: Screen, house: House, task: Task
) -> None:
    page = open_page(screen, house)
    page.get_by_role("button", name="Cancel").click()
    page.get_by_label("Why (optional)").fill("They called.")
    page.keyboard.press("Enter")

    expect(page.get_by_text("No follow-up is planned")).to_be_visible()
    page.get_by_role("link", name="Skipped or cancelled").click()
    sequence = page.get_by_role("region", name="The sequence")
    expect(sequence).to_contain_text("They called.")
    assert status(house, task) is FollowUpStatus.CANCELLED


def test_what_waits_past_its_time_is_marked_and_a_viewer_changes_nothing(
    open_screen: Open, house: House, task: Task
) -> None:
    house.follow_up_settings(requireApproval=True)
    house.wait(days=7)
    house.clock.now += timedelta(minutes=5)
    assert status(house, task) is FollowUpStatus.AWAITING_APPROVAL
    screen = open_screen(viewport={"width": 360, "height": 740})
    screen.sign_in(house, Role.VIEWER)
    page = open_page(screen, house)

    page.get_by_role("link", name="Ada Lovelace").click()

    expect(page.get_by_text("Overdue")).to_be_visible()
    expect(page.get_by_role("toolbar")).to_have_count(0)
    expect(page.get_by_role("button", name="Execute what is due")).to_have_count(0)
    page.get_by_role("link", name="The schedule").click()
    expect(page.get_by_role("link", name="Ada Lovelace")).to_be_visible()


def test_what_is_open_stays_open_when_it_leaves_the_list(
    screen: Screen, house: House, task: Task
) -> None:
    later = house.a_sent_task(contact=house.a_contact(name="Grace Hopper"))
    page = open_page(screen, house)
    step = page.get_by_role("article", name="The open follow-up")
    expect(step).to_contain_text("Ada Lovelace")
    page.keyboard.press("c")
    why = page.get_by_label("Why (optional)")
    why.fill("They called")

    house.run(follow_ups.cancel, follow_up_id=house.follow_ups(task)[0].id)

    schedule = page.get_by_role("region", name="The schedule")
    expect(schedule.get_by_role("link", name="Ada Lovelace")).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)  # list and step are asked for apart
    page.keyboard.type(", up")
    expect(step.get_by_role("heading", level=2)).to_contain_text("Ada Lovelace")
    page.keyboard.press("j")
    expect(step.get_by_role("heading", level=2)).to_contain_text("Grace Hopper")
    assert status(house, later) is FollowUpStatus.SCHEDULED


def test_an_address_that_names_no_day_shows_every_day(
    screen: Screen, house: House, task: Task
) -> None:
    page = open_page(screen, house)
    page.goto("/follow-ups?day=someday")
    expect(page.get_by_role("article", name="The open follow-up")).to_contain_text("Ada Lovelace")


def test_a_step_is_executed_now_whatever_the_browsers_clock_shows(
    screen: Screen, house: House, task: Task
) -> None:
    page = open_page(screen, house)
    page.clock.set_fixed_time(house.clock.now - timedelta(minutes=20))
    expect(page.get_by_role("article", name="The open follow-up")).to_contain_text("Scheduled")
    page.keyboard.press("e")
    page.get_by_role("dialog").get_by_role("button", name="Execute now").click()
    expect(page.get_by_role("region", name="What you did").last).to_contain_text("begins now")
    house.settle()
    assert status(house, task) is FollowUpStatus.SENT


def test_the_focus_stays_with_what_was_done(screen: Screen, house: House, task: Task) -> None:
    page = open_page(screen, house)
    cancel = page.get_by_role("button", name="Cancel")
    cancel.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(cancel).to_be_focused()
    page.get_by_role("toolbar").get_by_role("button", name="Pause").press("Enter")
    expect(page.get_by_role("button", name="Resume")).to_be_focused()
