"""Live: what others do shows by itself, once, whatever the network does."""

import json

import pytest
from playwright.sync_api import WebSocket, expect

from runtime.models import DraftStatus, Event, EventCounter
from tests.house import House
from tests.web.conftest import Open
from tests.web.screen import Screen
from tests.web.wire import Wire

pytestmark = pytest.mark.shows("/")


def hears(screen: Screen) -> list[str]:
    """Return a list to which each event is added that reaches the window, by its summary."""
    heard: list[str] = []

    def read(frame: str | bytes) -> None:
        message = json.loads(frame)
        if message["type"] == "next":
            heard.append(message["payload"]["data"]["events"]["summary"])

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", read)

    screen.page.on("websocket", listen)
    return heard


def test_what_one_approves_the_other_sees_at_once_and_cannot_approve_again(
    open_screen: Open, house: House
) -> None:
    house.a_drafted_task(contact=house.a_contact(name="Grace Hopper"))
    one, other = open_screen(), open_screen()
    one.sign_in(house, name="Ada")
    other.sign_in(house, name="Bob")
    for each in (one, other):
        each.until_live()
    approve = other.page.get_by_role("button", name="Approve")
    expect(approve).to_be_visible()

    one.page.get_by_role("button", name="Approve").click()

    expect(other.page.locator("[data-decided=APPROVED]")).to_contain_text("Approved by Ada")
    expect(approve).to_have_count(0)
    expect(other.page.get_by_role("link", name="Drafts 0")).to_be_visible()


def test_who_decides_what_somebody_else_just_decided_is_told_so(
    open_screen: Open, house: House
) -> None:
    task = house.a_drafted_task()
    slow = open_screen()
    slow.sign_in(house, name="Bob")
    slow.until_live()
    slow.page.get_by_role("button", name="Pause live updates").click()
    expect(slow.page.locator("[data-connection=paused]")).to_be_visible()
    expect(slow.page.get_by_role("button", name="Approve")).to_be_visible()
    house.approve(task)

    slow.page.keyboard.press("a")

    expect(slow.page.get_by_role("region", name="What you did")).to_contain_text("APPROVED")
    slow.page.get_by_role("button", name="Resume live updates").click()
    expect(slow.page.locator("[data-decided=APPROVED]")).to_be_visible()


def test_while_the_network_is_cut_no_event_is_missed_and_none_comes_twice(
    open_screen: Open, line: Wire, house: House
) -> None:
    screen = open_screen(line.url)
    screen.loses_network = True
    heard = hears(screen)
    screen.sign_in(house)
    screen.until_live()
    expect(screen.page.get_by_text("No draft waits for you")).to_be_visible()
    before = len(house.all(Event))

    house.a_drafted_task(contact=house.a_contact(name="Seen before"))
    expect(screen.page.get_by_role("link", name="Seen before")).to_be_visible()
    line.cut()
    expect(screen.page.locator("[data-connection=reconnecting]")).to_contain_text("as of")
    house.a_drafted_task(contact=house.a_contact(name="Written in the dark"))
    line.mend()

    expect(screen.page.get_by_role("link", name="Written in the dark")).to_be_visible()
    screen.until_live()
    house.a_drafted_task(contact=house.a_contact(name="Seen after"))
    expect(screen.page.get_by_role("link", name="Seen after")).to_be_visible()
    happened = [event.summary for event in house.all(Event)][before:]
    screen.until("every event arrived", lambda: len(heard) >= len(happened))
    assert heard == happened


def test_what_cannot_be_read_says_so_and_comes_by_itself_with_the_network(
    open_screen: Open, line: Wire, house: House
) -> None:
    task = house.a_drafted_task(contact=house.a_contact(name="Grace Hopper"))
    screen = open_screen(line.url)
    screen.loses_network = True
    screen.sign_in(house)
    screen.until_live()
    expect(screen.page.get_by_role("link", name="Grace Hopper")).to_be_visible()
    line.cut()

    screen.page.get_by_role("link", name="Questions").click()
    expect(screen.page.get_by_role("alert").first).to_contain_text("cannot be reached")
    line.mend()
    expect(screen.page.get_by_text("No question is open")).to_be_visible()
    expect(screen.page.get_by_role("alert")).to_have_count(0)
    screen.page.get_by_role("link", name="Drafts").click()
    expect(screen.page.get_by_text("Hello Grace Hopper")).to_be_visible()
    house.approve(task)
    expect(screen.page.locator("[data-decided=APPROVED]")).to_be_visible()


def test_while_updates_are_paused_only_what_one_does_oneself_is_shown(
    screen: Screen, house: House
) -> None:
    ada, grace, _ = (
        house.a_drafted_task(contact=house.a_contact(name=name))
        for name in ("Ada Lovelace", "Grace Hopper", "Mary Somerville")
    )
    page = screen.page
    screen.until_live()
    queue = page.get_by_role("region", name="Drafts that wait").get_by_role("listitem")
    expect(queue).to_have_count(3)
    page.get_by_role("button", name="Pause live updates").click()
    expect(page.locator("[data-connection=paused]")).to_contain_text("as of")
    house.approve(grace)

    page.keyboard.press("a")
    expect(queue).to_have_count(1)
    assert house.draft(ada).status is DraftStatus.APPROVED
    page.get_by_role("button", name="Resume live updates").click()
    screen.until_live()
    house.a_drafted_task()
    expect(queue).to_have_count(2)


def test_a_session_that_ends_is_told_and_leaves_what_was_not_saved_in_sight(
    open_screen: Open, house: House
) -> None:
    house.a_drafted_task()
    screen = open_screen()
    screen.sign_in(house)
    screen.until_live()
    expect(screen.page.get_by_role("button", name="Approve")).to_be_visible()
    screen.page.keyboard.press("e")
    screen.page.get_by_label("Text").fill("Words that are not saved.")
    screen.refuses_us = True
    house.clock.advance(days=15)
    screen.page.get_by_role("button", name="Save").click()

    expect(screen.page.get_by_text("Your session has ended.")).to_be_visible()
    expect(screen.page.get_by_label("Text")).to_have_value("Words that are not saved.")


def test_signing_out_leads_to_the_page_for_strangers(screen: Screen) -> None:
    screen.until_still()
    screen.page.get_by_role("button", name="Sign out").click()
    expect(screen.page.get_by_text("rapport login")).to_be_visible()
    screen.page.goto("/")
    expect(screen.page.get_by_text("rapport login")).to_be_visible()


def test_events_that_are_no_longer_kept_are_made_up_for_by_reading_all_anew(
    open_screen: Open, line: Wire, house: House
) -> None:
    screen = open_screen(line.url)
    screen.loses_network = True
    screen.sign_in(house)
    screen.until_live()
    line.cut()
    expect(screen.page.locator("[data-connection=reconnecting]")).to_be_visible()
    house.a_drafted_task(contact=house.a_contact(name="Grace Hopper"))
    with house.tx() as tx:
        tx.get_one(EventCounter, house.workspace_id).pruned_to = len(house.all(Event)) - 1
    line.mend()

    expect(screen.page.get_by_role("link", name="Grace Hopper")).to_be_visible()
    screen.until_live()
    house.a_drafted_task(contact=house.a_contact(name="Ada Lovelace"))
    expect(screen.page.get_by_role("link", name="Ada Lovelace")).to_be_visible()


def test_a_hidden_window_asks_for_nothing_and_goes_on_when_it_is_seen(
    open_screen: Open, house: House
) -> None:
    screen = open_screen()
    screen.page.clock.install()
    heard = hears(screen)
    screen.sign_in(house)
    screen.until_live()
    show(screen, "hidden")
    screen.page.clock.fast_forward(61_000)
    expect(screen.page.locator("[data-connection=asleep]")).to_have_count(1)
    already = len(heard)
    house.a_drafted_task(contact=house.a_contact(name="Grace Hopper"))
    expect(screen.page.get_by_text("No draft waits for you")).to_be_visible()
    assert len(heard) == already

    show(screen, "visible")
    expect(screen.page.get_by_role("link", name="Grace Hopper")).to_be_visible()
    screen.until_live()


def show(screen: Screen, state: str) -> None:
    """Have the window believe that its tab is seen, or not."""
    screen.page.evaluate(
        """(state) => {
            const shown = { value: state, configurable: true };
            Object.defineProperty(document, "visibilityState", shown);
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        state,
    )


def test_an_answer_that_is_an_error_takes_nothing_away(screen: Screen, house: House) -> None:
    page = screen.page
    page.goto("/agents")
    expect(page.get_by_role("article", name="Outreach")).to_be_visible()
    screen.until_live()
    wrong = {
        "data": None,
        "errors": [{"message": "Out of order.", "extensions": {"code": "INTERNAL"}}],
    }
    page.route("**/graphql", lambda route: route.fulfill(json=wrong))
    house.a_contact(name="Ada Lovelace")
    expect(page.get_by_role("alert").first).to_contain_text("Out of order.")
    expect(page.get_by_role("article", name="Outreach")).to_be_visible()
    page.unroute("**/graphql")
    house.a_contact(name="Grace Hopper")
    expect(page.get_by_role("alert")).to_have_count(0)
