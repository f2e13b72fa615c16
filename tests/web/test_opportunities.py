"""Opportunities: the pipeline as a board, worked on in a browser."""

import re

from playwright.sync_api import Route, expect

from runtime import naming
from runtime.desk import opportunities
from runtime.models import (
    Opportunity,
    Recommendation,
    RecommendationStatus,
    Role,
    Stage,
    StageChange,
)
from tests.house import House
from tests.web.conftest import Open
from tests.web.screen import Screen


def test_a_deal_is_delegated_and_its_task_appears_with_the_reason(
    screen: Screen, house: House
) -> None:
    house.an_opportunity(contact=house.a_contact(name="Grace Hopper"), title="Compiler pilot")
    page = screen.page
    page.goto("/opportunities")
    screen.until_live()
    expect(page.get_by_role("link", name="Compiler pilot")).to_be_visible()
    page.evaluate("window.isTheSamePage = true")

    page.keyboard.press("j")
    deal = page.get_by_role("article", name="The open opportunity")
    expect(deal.get_by_role("heading", name="Compiler pilot")).to_be_visible()
    page.keyboard.press("d")
    dialog = page.get_by_role("dialog", name="Delegate “Compiler pilot”")
    expect(dialog.get_by_label("To which agent")).to_contain_text("Automatic")
    assert screen.violations() == []
    dialog.get_by_role("button", name="Delegate").click()

    expect(dialog).to_contain_text("has it now. Nobody has written about it yet")
    dialog.get_by_role("button", name="Done").click()
    house.settle()
    tasks = deal.get_by_role("region", name="Tasks")
    expect(tasks).to_contain_text("to Grace Hopper and ask for a short call.")
    expect(tasks).to_contain_text("Awaiting approval")
    expect(tasks).to_contain_text("the outreach agent writes the first mail")
    assert page.evaluate("window.isTheSamePage")


def test_a_recommendation_is_accepted_and_taken_back_and_dismissed_with_a_reason(
    screen: Screen, house: House
) -> None:
    house.planning_settings(highValue=1000)
    house.an_opportunity(
        contact=house.a_contact(name="Grace Hopper"), title="Compiler pilot", value=5000
    )
    page = screen.page
    page.goto("/opportunities")
    screen.until_live()
    house.wait(seconds=10)
    advice = page.get_by_role("article", name="Plan the next step with Grace Hopper")
    expect(advice).to_contain_text("worth 5,000, and no next step is noted")
    expect(advice.get_by_role("link", name="worth 5,000")).to_be_visible()
    assert screen.violations() == []

    advice.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("region", name="What you did")).to_contain_text("is on it")
    expect(advice).to_have_count(0)
    page.keyboard.press("u")
    expect(advice).to_be_visible()
    advice.get_by_role("button", name="Dismiss").click()
    page.get_by_label("Why (optional)").fill("They wait for a budget.")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Nothing is recommended")).to_be_visible()
    [row] = house.all(Recommendation)
    assert (row.status, row.reason) == (RecommendationStatus.DISMISSED, "They wait for a budget.")


def test_a_deal_is_added_and_moved_and_moved_back(screen: Screen, house: House) -> None:
    house.a_contact(name="Grace Hopper", email="grace@example.org")
    page = screen.page
    page.goto("/opportunities")
    page.get_by_role("button", name="New opportunity").click()
    page.get_by_label("What it is about").fill("Compiler pilot")
    whom = page.get_by_label("With whom")
    whom.fill("grace@example.or")
    page.get_by_role("button", name="Add to the board").click()
    page.get_by_label("Value").focus()
    expect(whom).to_have_accessible_description(re.compile("no contact's address"))
    assert house.all(Opportunity) == []
    whom.fill("grace@example.org")
    expect(page.get_by_role("option", name="Grace Hopper", include_hidden=True)).to_have_count(1)
    page.get_by_label("Value").fill("1200.50")
    page.get_by_role("button", name="Add to the board").click()
    new, meeting = (page.get_by_role("region", name=name) for name in ("New", "Meeting"))
    expect(new).to_contain_text("Compiler pilot")
    expect(new).to_contain_text("Grace Hopper")
    expect(new).to_contain_text("1,200.5")

    new.get_by_label("Stage of Compiler pilot").select_option("Meeting")
    new.get_by_role("button", name="Move").click()
    expect(meeting).to_contain_text("Compiler pilot")
    expect(page.get_by_text("New → Meeting")).to_be_visible()
    page.keyboard.press("u")
    expect(new).to_contain_text("Compiler pilot")
    new.get_by_label("Stage of Compiler pilot").select_option("Lost")
    new.get_by_role("button", name="Move").click()
    page.get_by_role("button", name="Leave it at New").click()
    expect(new.get_by_label("Stage of Compiler pilot")).to_have_value("NEW")
    new.get_by_label("Stage of Compiler pilot").select_option("Lost")
    new.get_by_role("button", name="Move").click()
    assert screen.violations() == []
    page.get_by_role("button", name="Move to Lost").click()
    expect(page.get_by_role("region", name="Lost")).to_contain_text("Compiler pilot")


def test_keys_walk_the_stages_without_a_move_and_the_focus_goes_with_the_deal(
    screen: Screen, house: House
) -> None:
    deal = house.an_opportunity(title="Compiler pilot")
    page = screen.page
    page.goto("/opportunities")
    screen.until_live()
    page.get_by_label("Stage of Compiler pilot").focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    expect(page.get_by_role("button", name="Move")).to_be_visible()
    page.keyboard.press("Enter")

    meeting = page.get_by_role("region", name="Meeting")
    expect(meeting.get_by_role("link", name="Compiler pilot")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("New → Meeting")).to_be_visible()
    assert len(house.all(StageChange, StageChange.opportunity_id == deal.id)) == 2
    page.keyboard.press("m")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Meeting → Replied")).to_be_visible()
    expect(page.get_by_label("Stage", exact=True)).to_be_focused()


def test_a_viewer_sees_the_board_and_can_do_nothing(open_screen: Open, house: House) -> None:
    house.an_opportunity(title="Compiler pilot", stage=Stage.REPLIED)
    screen = open_screen(viewport={"width": 360, "height": 740})
    screen.sign_in(house, Role.VIEWER)
    page = screen.page
    page.goto("/opportunities")
    expect(page.get_by_text("No opportunity is at this stage")).to_be_visible()
    page.get_by_role("link", name="Replied 1").click()
    page.get_by_role("link", name="Compiler pilot").click()

    expect(page.get_by_text("Began at Replied")).to_be_visible()
    expect(page.get_by_role("button", name="Delegate to agent")).to_have_count(0)
    expect(page.get_by_role("combobox")).to_have_count(0)
    page.get_by_role("link", name="Back to the board").click()
    expect(page.get_by_role("link", name="Compiler pilot")).to_be_visible()


def test_what_another_changed_meanwhile_stays_and_a_lost_answer_adds_nothing_twice(
    screen: Screen, house: House
) -> None:
    deal = house.an_opportunity(title="Compiler pilot", next_step="Call her.")
    page = screen.page
    page.goto(f"/opportunities?deal={naming.global_id('Opportunity', deal.id)}")
    page.get_by_role("button", name="Edit").click()
    page.get_by_label("What it is about").fill("Compiler course")
    house.run(opportunities.update, opportunity_id=deal.id, next_step="Write to her.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert house.fresh(deal).next_step == "Write to her."
    assert house.fresh(deal).title == "Compiler course"

    page.keyboard.press("n")
    page.get_by_label("What it is about").fill("Another pilot")
    screen.loses_network = True
    page.route("**/graphql", _lose_answer, times=1)
    page.get_by_role("button", name="Add to the board").click()
    expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
    page.get_by_role("button", name="Add to the board").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert len(house.all(Opportunity, Opportunity.title == "Another pilot")) == 1


def _lose_answer(route: Route) -> None:
    route.fetch()
    route.abort()
