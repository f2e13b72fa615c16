"""Agents: how each is, what it does, how it is set, and the tasks it is given."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from runtime.desk import tasks
from runtime.models import AgentKind, AgentStatus, Priority, Role, Task, TaskStatus
from tests.house import House
from tests.web.conftest import Open
from tests.web.screen import Screen


def pane(page: Page, name: str) -> Page:
    """Wait for an agent's pane; return the page."""
    expect(page.get_by_role("article", name=name)).to_be_visible()
    return page


def test_an_agents_state_and_work_are_seen_and_change_by_themselves(
    screen: Screen, house: House
) -> None:
    page = screen.page
    page.goto("/agents")
    desk = pane(page, "Outreach").get_by_role("article", name="Outreach")
    expect(desk).to_contain_text("Nothing: it waits for work.")
    screen.until_live()

    house.a_drafted_task(contact=house.a_contact(name="Ada Lovelace"))

    expect(desk.get_by_text("Ada Lovelace", exact=True)).to_be_visible()
    expect(desk.get_by_text("Awaiting approval").first).to_be_visible()
    expect(desk.get_by_text("2 handled and 0 failed in the last 24 hours")).to_be_visible()
    team = page.get_by_role("navigation", name="The team")
    expect(team.get_by_role("link", name="Outreach")).to_contain_text("1 open task")
    page.keyboard.press("j")
    expect(page.get_by_role("article", name="Follow-up")).to_contain_text(
        "No follow-up is planned."
    )
    assert page.url.endswith("/agents/follow-up")


def test_an_agent_is_paused_by_a_key_and_resumed_by_undo(screen: Screen, house: House) -> None:
    page = screen.page
    page.goto("/agents/outreach")
    pane(page, "Outreach")
    screen.until_live()

    page.keyboard.press("p")
    expect(page.get_by_role("article").get_by_text("Paused", exact=True)).to_be_visible()
    assert house.agent(AgentKind.OUTREACH).status is AgentStatus.PAUSED
    page.keyboard.press("u")
    expect(page.get_by_role("article").get_by_text("Idle", exact=True)).to_be_visible()
    assert house.agent(AgentKind.OUTREACH).status is AgentStatus.IDLE


def test_a_setting_that_is_refused_is_told_at_its_field_and_the_others_stay(
    screen: Screen, house: House
) -> None:
    page = screen.page
    page.goto("/agents/outreach")
    pane(page, "Outreach").keyboard.press("e")
    tries = page.get_by_label("Tries before a task fails")
    page.get_by_label("Tone").fill("warm and brief")
    tries.fill("50")
    page.get_by_role("button", name="Save").click()

    expect(tries).to_be_focused()
    expect(tries).to_have_accessible_description(
        "maxAttempts: Input should be less than or equal to 20."
    )
    assert screen.violations() == []
    tries.fill("3")
    page.get_by_label("Each first mail needs a person's approval").uncheck()
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("button", name="Edit settings")).to_be_focused()
    expect(page.get_by_role("article")).to_contain_text("warm and brief")
    settings = house.agent(AgentKind.OUTREACH).settings
    wanted = {"tone": "warm and brief", "maxAttempts": 3, "requireApproval": False}
    assert {key: settings[key] for key in wanted} == wanted


def _follow_up(page: Page) -> None:
    page.get_by_role("button", name="Add a follow-up").click()
    page.get_by_label("Wait before follow-up 4", exact=True).fill("36")
    page.get_by_label("Unit of: Wait before follow-up 4").select_option("hours")
    page.get_by_role("button", name="Remove follow-up 1").click()
    page.get_by_label("Not before").fill("09:00")
    page.get_by_label("Not after").fill("17:30")


def _planning(page: Page) -> None:
    off = page.get_by_role("group", name="Rules that are off")
    off.get_by_label("A big opportunity lies idle").check()
    by_themselves = page.get_by_role("group", name="become tasks by themselves")
    by_themselves.get_by_label("A reply has had no answer").check()
    page.get_by_label("An opportunity is big from").fill("2500")


def _research(page: Page) -> None:
    page.get_by_label("Facts are looked up").select_option("before each mail")
    page.get_by_label("A mail waits for facts for", exact=True).fill("5")
    page.get_by_label("Pages for a task").fill("2")


@pytest.mark.parametrize(
    ("kind", "fill", "wanted"),
    [
        (
            AgentKind.FOLLOW_UP,
            _follow_up,
            {"waits": ["P4D", "P7D", "P1DT12H"], "windowStart": "09:00", "windowEnd": "17:30"},
        ),
        (
            AgentKind.PLANNING,
            _planning,
            {
                "rulesOff": ["high_value_idle"],
                "autoAccept": ["reply_unanswered"],
                "highValue": 2500.0,
            },
        ),
        (
            AgentKind.RESEARCH,
            _research,
            {"beforeDraft": "ALWAYS", "wait": "PT5M", "pagesPerTask": 2},
        ),
    ],
)
def test_each_kind_is_set_by_a_form_of_its_own(
    screen: Screen,
    house: House,
    kind: AgentKind,
    fill: Callable[[Page], None],
    wanted: dict[str, object],
) -> None:
    page = screen.page
    page.goto(f"/agents/{kind.value.lower().replace('_', '-')}?do=settings")
    expect(page.get_by_label("Name", exact=True)).to_be_visible()
    fill(page)
    assert screen.violations() == []
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("region", name="What you did")).to_contain_text("is set")
    settings = house.agent(kind).settings
    assert {key: settings[key] for key in wanted} == wanted


def test_a_task_is_assigned_from_here_and_can_be_taken_back(screen: Screen, house: House) -> None:
    ada = house.a_contact(name="Ada Lovelace")
    page = screen.page
    page.goto("/agents/outreach")
    pane(page, "Outreach").keyboard.press("n")
    dialog = page.get_by_role("dialog", name="A task for Outreach")
    dialog.get_by_role("button", name="Assign").click()
    whom = dialog.get_by_label("Contact: name")
    what = dialog.get_by_label("What is to be done?")
    expect(what).to_have_accessible_description("The instruction must not be empty.")
    what.fill("Invite her to the pilot.")
    dialog.get_by_role("button", name="Assign").click()
    expect(whom).to_have_accessible_description("Outreach needs to know whom to write to.")
    whom.fill(ada.email)
    expect(dialog.locator("option", has_text="Ada Lovelace")).to_have_count(1)
    dialog.get_by_label("Priority").select_option("Urgent")
    dialog.get_by_label("Look facts up first?").select_option("No")
    dialog.get_by_role("button", name="Assign").click()

    expect(dialog).to_have_count(0)
    expect(page.get_by_role("article")).to_contain_text("Invite her to the pilot.")
    [task] = house.all(Task)
    assert (task.contact_id, task.priority, task.research) == (ada.id, Priority.URGENT, False)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("article")).to_contain_text("Nothing: it waits for work.")
    assert house.fresh(task).status is TaskStatus.CANCELLED


def test_whoever_may_only_look_is_offered_nothing_to_do(open_screen: Open, house: House) -> None:
    task = house.a_task()
    house.run(tasks.cancel, task_id=task.id)
    looking = open_screen()
    looking.sign_in(house, Role.VIEWER)
    looking.page.goto("/agents/outreach?do=settings")
    pane(looking.page, "Outreach")
    expect(looking.page.get_by_text("Settings", exact=True)).to_be_visible()
    expect(looking.page.get_by_role("article").get_by_role("button")).to_have_count(0)
    expect(looking.page.get_by_label("Name", exact=True)).to_have_count(0)


def test_a_form_that_is_open_keeps_its_words_when_a_key_is_pressed_beside_it(
    screen: Screen,
) -> None:
    page = screen.page
    page.goto("/agents/outreach?do=settings")
    pane(page, "Outreach").get_by_label("Tone").fill("warm and brief")
    page.keyboard.press("Escape")
    page.get_by_role("heading", name="Messages by hour").click()
    page.keyboard.press("j")
    page.keyboard.press("p")
    expect(page.get_by_label("Tone")).to_have_value("warm and brief")
    page.get_by_role("button", name="Discard changes").click()
    page.keyboard.press("e")
    page.get_by_label("Tone").press("Escape")
    expect(page.get_by_role("button", name="Edit settings")).to_be_visible()
