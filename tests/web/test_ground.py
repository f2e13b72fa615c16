"""Ground: what every page stands on holds under load, on bad lines, and in more than one tab."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Route, WebSocketRoute, expect
from pydantic import SecretStr

from runtime.crm import tokens
from runtime.desk import follow_ups, workspaces
from runtime.models import Approval, Role
from tests.graphql_api.door import Door
from tests.house import House
from tests.web.conftest import Open
from tests.web.screen import Screen
from tests.web.wire import Wire

SLOW = """(delay) => {
    const ask = window.really ??= window.fetch;
    window.asked = 0;
    window.fetch = (address, options) => {
        window.asked += 1;
        const signal = options?.signal;
        return new Promise((answer, fail) => {
            signal?.addEventListener("abort", () => fail(signal.reason));
            setTimeout(() => ask(address, options).then(answer, fail), delay);
        });
    };
}"""


pytestmark = pytest.mark.shows("/")


def slow(screen: Screen, delay: int) -> None:
    """Have every answer come so many milliseconds late, and count what is asked."""
    screen.page.evaluate(f"({SLOW})({delay})")


def stir(house: House) -> None:
    """Have something happen that says that drafts are no longer as they were."""
    with house.tx() as tx:
        tx.record("draft.stirred", "Something about a draft changed.", actor="system")


def test_a_stream_of_events_does_not_keep_slow_answers_from_being_seen(
    screen: Screen, house: House
) -> None:
    screen.until_still()
    slow(screen, 600)
    house.a_drafted_task(contact=house.a_contact(name="Grace Hopper"))
    seen = screen.page.get_by_role("link", name="Drafts 1")

    for _ in range(60):
        if seen.count():
            break
        stir(house)
        screen.page.wait_for_timeout(50)
    else:
        raise AssertionError("three seconds of events, and the draft was not seen")

    expect(seen).to_be_visible()


def test_a_question_that_a_dead_line_swallowed_is_asked_again(
    open_screen: Open, house: House
) -> None:
    screen = open_screen()
    screen.loses_network = True
    screen.page.clock.install()
    screen.sign_in(house)
    screen.until_still()
    slow(screen, 3_600_000)
    house.a_drafted_task()
    screen.page.clock.run_for(1_000)
    screen.until("it was asked", lambda: screen.page.evaluate("window.asked"))
    slow(screen, 0)
    stir(house)
    expect(screen.page.get_by_role("link", name="Drafts 0")).to_be_visible()

    screen.page.clock.run_for(31_000)

    expect(screen.page.get_by_role("link", name="Drafts 1")).to_be_visible()


@pytest.fixture
def real_door(door: Door, tmp_path: Path) -> Iterator[Door]:
    """The same house's server, started again with leave to send real mail."""
    changed = {"resend_api_key": SecretStr("re_a_key"), "allow_email_sending": True}
    opened = Door(door.settings.model_copy(update=changed | {"rapport_data_dir": tmp_path}))
    opened.open()
    yield opened
    opened.close()


def test_a_server_that_comes_back_with_real_mail_is_not_taken_for_one_without(
    real_door: Door, line: Wire, open_screen: Open, house: House
) -> None:
    screen = open_screen(line.url)
    screen.loses_network = True
    screen.sign_in(house)
    screen.until_live()
    expect(screen.page.get_by_text("Sandbox mail")).to_be_visible()

    line.cut()
    line.lead_to(real_door.port)
    line.mend()

    expect(screen.page.get_by_text("Real mail")).to_be_visible()


def test_nor_is_one_that_came_back_while_updates_were_paused(
    real_door: Door, line: Wire, open_screen: Open, house: House
) -> None:
    screen = open_screen(line.url)
    screen.loses_network = True
    screen.sign_in(house)
    screen.until_live()
    screen.page.get_by_role("button", name="Pause live updates").click()
    expect(screen.page.locator("[data-connection=paused]")).to_be_visible()

    line.cut()
    line.lead_to(real_door.port)
    line.mend()
    screen.page.get_by_role("button", name="Resume live updates").click()

    expect(screen.page.get_by_text("Real mail")).to_be_visible()


def test_what_the_workspace_is_called_now_stands_in_every_window(
    screen: Screen, house: House
) -> None:
    screen.until_live()

    house.run(workspaces.update, name="Analytical Engines")

    expect(screen.page.get_by_text("Analytical Engines")).to_be_visible()


def test_a_socket_that_nobody_answers_is_given_up_and_opened_anew(
    open_screen: Open, house: House
) -> None:
    screen = open_screen()
    screen.page.clock.install()
    opened: list[WebSocketRoute] = []

    def swallow_first(socket: WebSocketRoute) -> None:
        opened.append(socket)
        if len(opened) > 1:
            socket.connect_to_server()

    screen.page.route_web_socket("**/graphql", swallow_first)
    screen.sign_in(house)
    screen.until("it is opened", lambda: opened)
    screen.page.clock.run_for(11_000)
    expect(screen.page.locator("[data-connection=reconnecting]")).to_have_count(1)
    screen.page.clock.run_for(1_000)

    screen.until_live()


def test_a_tab_that_was_opened_behind_another_sleeps_too(open_screen: Open, house: House) -> None:
    screen = open_screen()
    screen.page.clock.install()
    hidden = "Object.defineProperty(document, 'visibilityState', { value: 'hidden' })"
    screen.page.add_init_script(hidden)
    screen.sign_in(house)
    screen.until_live()

    screen.page.clock.fast_forward(61_000)

    expect(screen.page.locator("[data-connection=asleep]")).to_have_count(1)


def test_while_updates_are_paused_nothing_is_asked(open_screen: Open, house: House) -> None:
    screen = open_screen()
    screen.page.clock.install()
    screen.sign_in(house)
    screen.page.goto("/agents")
    screen.until_still()
    screen.page.get_by_role("button", name="Pause live updates").click()
    expect(screen.page.locator("[data-connection=paused]")).to_be_visible()
    screen.page.clock.run_for(1_000)
    slow(screen, 0)

    screen.page.clock.run_for(60_000)

    assert screen.page.evaluate("window.asked") == 0


@pytest.mark.parametrize(
    ("later", "words"),
    [(timedelta(hours=47), "2 days ago"), (timedelta(hours=26), "1 day ago")],
)
def test_what_was_almost_two_days_ago_is_not_called_yesterday_s(
    later: timedelta, words: str, screen: Screen, house: House
) -> None:
    screen.page.clock.set_fixed_time(house.clock.now + later)
    house.a_contact(name="Grace Hopper")

    screen.page.goto("/contacts")

    expect(screen.page.get_by_role("row", name="Grace Hopper")).to_contain_text(words)


def test_a_day_begins_at_its_first_moment_also_where_midnight_is_left_out(
    screen: Screen, house: House
) -> None:
    """In Santiago the clocks went from midnight to one on the sixth of September 2026."""
    house.run(workspaces.update, timezone="America/Santiago")
    task = house.a_sent_task(contact=house.a_contact(name="Grace Hopper"))
    before = datetime(2026, 9, 6, 3, 30, tzinfo=UTC)  # half past eleven on the fifth
    house.run(follow_ups.reschedule, follow_up_id=house.follow_ups(task)[0].id, due_at=before)
    screen.page.clock.set_fixed_time(datetime(2026, 9, 4, 12, tzinfo=UTC))

    screen.page.goto("/follow-ups")

    strip = screen.page.get_by_role("navigation", name="The next fourteen days")
    expect(strip.get_by_role("link", name="Sat 5 Sept 1 due")).to_be_visible()
    expect(strip.get_by_role("link", name="Sun 6 Sept 0 due")).to_be_visible()


TABLES = "function () { return this.reduce((sum, each) => sum + each.size, 0); }"


def kept(screen: Screen) -> int:
    """Return how many entries all tables in the window's memory hold together."""
    line = screen.context.new_cdp_session(screen.page)
    kind = line.send("Runtime.evaluate", {"expression": "Map.prototype"})["result"]
    found = line.send("Runtime.queryObjects", {"prototypeObjectId": kind["objectId"]})["objects"]
    counted = {"functionDeclaration": TABLES, "objectId": found["objectId"], "returnByValue": True}
    entries: int = line.send("Runtime.callFunctionOn", counted)["result"]["value"]
    line.detach()
    return entries


def test_a_list_that_changes_all_day_keeps_no_page_that_is_no_longer_shown(
    screen: Screen, house: House
) -> None:
    for _ in range(60):
        house.a_contact()
    screen.page.goto("/contacts")
    screen.page.get_by_role("button", name="Show more").click()
    expect(screen.page.get_by_role("row")).to_have_count(61)
    before = kept(screen)

    for number in range(20):
        house.a_contact(name=f"Somebody new {number}")
        expect(screen.page.get_by_role("row", name=f"Somebody new {number} ")).to_be_visible()

    assert kept(screen) < before + 10


def test_a_command_whose_answer_is_lost_is_not_said_to_have_failed(
    screen: Screen, house: House
) -> None:
    house.a_drafted_task()
    screen.loses_network = True
    screen.until_still()
    screen.page.route("**/graphql", lose_the_answer)

    screen.page.get_by_role("button", name="Approve").click()

    told = screen.page.get_by_role("region", name="What you did")
    expect(told).to_contain_text("It may have been done all the same")
    screen.page.unroute("**/graphql")
    assert house.all(Approval)


def lose_the_answer(route: Route) -> None:
    if "mutation" in (route.request.post_data or ""):
        route.fetch()
        route.abort()
    else:
        route.continue_()


def code_for(house: House, name: str) -> str:
    """Return a code by which somebody signs in as an owner."""
    with house.tx() as tx:
        return tokens.create_code(tx, name=name, role=Role.OWNER)


def test_a_window_does_nothing_in_the_name_of_who_signed_in_in_another(
    screen: Screen, house: House
) -> None:
    house.a_drafted_task()
    screen.until_still()

    screen.context.new_page().goto(f"/?code={code_for(house, 'Bob')}")
    expect(screen.page.get_by_text("Somebody else has signed in")).to_be_visible()
    screen.page.get_by_role("button", name="Approve").click()

    told = screen.page.get_by_role("region", name="What you did")
    expect(told).to_contain_text("You are signed out.")
    expect(told).not_to_contain_text("It may have been done")
    assert house.all(Approval) == []


def test_who_signs_in_again_goes_on_in_the_window_with_their_unsaved_words(
    screen: Screen, house: House
) -> None:
    house.a_drafted_task()
    screen.until_still()
    screen.refuses_us = True
    screen.page.keyboard.press("e")
    screen.page.get_by_label("Text").fill("Words that are not saved.")
    house.clock.advance(days=15)
    screen.page.get_by_role("button", name="Save").click()
    expect(screen.page.locator("form").get_by_role("alert")).to_have_text("You are signed out.")

    screen.context.new_page().goto(f"/?code={code_for(house, house.who)}")

    screen.until_live()
    expect(screen.page.get_by_text("Run rapport login")).to_have_count(0)
    screen.page.get_by_role("button", name="Save").click()
    expect(screen.page.locator("main")).to_contain_text("Words that are not saved.")
    expect(screen.page.get_by_label("Text")).to_have_count(0)


def test_signing_out_in_one_window_ends_the_others_at_once(screen: Screen) -> None:
    screen.until_live()
    other = screen.context.new_page()
    other.goto("/")

    other.get_by_role("button", name="Sign out").click()

    expect(screen.page.locator("[data-connection=ended]")).to_have_count(1, timeout=2_000)


PRESS = """([key, at]) => {
    const event = new KeyboardEvent("keydown", { key, bubbles: true });
    Object.defineProperty(event, "timeStamp", { value: at });
    document.body.dispatchEvent(event);
}"""


def test_a_slow_second_key_leads_where_it_should_and_approves_nothing(
    screen: Screen, house: House
) -> None:
    house.a_drafted_task()
    screen.until_still()
    expect(screen.page.get_by_role("button", name="Approve")).to_be_visible()

    screen.page.evaluate(PRESS, ["g", 10_000])
    screen.page.evaluate(PRESS, ["a", 13_000])

    expect(screen.page.get_by_role("heading", level=1, name="Agents")).to_be_visible()
    assert house.all(Approval) == []


def test_a_refusal_is_said_in_the_dialog_that_asked_for_it(screen: Screen, house: House) -> None:
    task = house.a_sent_task()
    screen.page.goto("/follow-ups")
    screen.until_still()
    screen.page.get_by_role("button", name="Pause live updates").click()
    expect(screen.page.locator("[data-connection=paused]")).to_be_visible()
    screen.page.keyboard.press("e")
    dialog = screen.page.get_by_role("dialog")
    house.run(follow_ups.cancel, follow_up_id=house.follow_ups(task)[0].id)

    dialog.get_by_role("button", name="Execute now").click()

    expect(dialog.get_by_role("alert")).to_contain_text("CANCELLED")
    assert screen.violations() == []
