"""Notifications: asked for in a browser, shown by it, and leading to what they are about."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from runtime.models import PushSubscription, Role
from tests.graphql_api.door import Door
from tests.house import House
from tests.web import notifying
from tests.web.conftest import Open
from tests.web.screen import Screen

pytestmark = pytest.mark.shows("/")


@pytest.fixture
def willing(open_screen: Open, house: House, door: Door) -> Screen:
    """A window whose person said yes to notifications."""
    screen = open_screen()
    notifying.give_leave(screen.context, door.url)
    screen.sign_in(house)
    return screen


def open_page(screen: Screen) -> Page:
    screen.page.get_by_role("link", name="Notifications").click()
    expect(screen.page.get_by_role("heading", level=1, name="Notifications")).to_be_visible()
    return screen.page


def turned_on(screen: Screen) -> Page:
    page = open_page(screen)
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_role("button", name="Turn off")).to_be_visible()
    return page


def deliver(screen: Screen, payload: str) -> None:
    """Have the browser take a push, as its push service would hand it over."""
    cdp = screen.context.new_cdp_session(screen.page)
    found: list[Any] = []
    cdp.on("ServiceWorker.workerRegistrationUpdated", lambda e: found.extend(e["registrations"]))
    cdp.send("ServiceWorker.enable")
    screen.until("the worker is registered", lambda: found)
    screen.until("the worker runs", lambda: screen.context.service_workers)
    notifying.give_place(screen.context)
    cdp.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": screen.url, "registrationId": found[-1]["registrationId"], "data": payload},
    )


def test_it_is_off_until_asked_for_and_then_as_it_was_wished(
    willing: Screen, house: House, door: Door
) -> None:
    page = open_page(willing)
    expect(page.get_by_text("Off", exact=True)).to_be_visible()
    assert house.all(PushSubscription) == []
    page.get_by_label("Replies").uncheck()
    page.get_by_label("Failures").uncheck()
    page.get_by_label("Be quiet every day").check()
    page.get_by_label("From").fill("21:30")
    page.get_by_label("Time zone").fill("Europe/Berlin")
    page.get_by_label("What you call this browser").fill("Office")
    assert willing.violations() == []
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_text("On", exact=True)).to_be_visible()

    [row] = house.all(PushSubscription)
    assert (row.endpoint, row.kinds, row.label) == (
        notifying.ENDPOINT,
        ["ESCALATIONS", "APPROVALS"],
        "Office",
    )
    assert (row.quiet_start, row.quiet_end, row.timezone) == ("21:30", "07:00", "Europe/Berlin")
    assert page.evaluate("sessionStorage.getItem('push')") == row.server_key
    page.get_by_label("Failures").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("region", name="What you did")).to_contain_text("Saved.")
    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_role("region", name="What you did")).to_contain_text("on its way")
    [row] = house.all(PushSubscription)
    assert "FAILURES" in row.kinds
    assert row.test_at is not None
    assert willing.violations() == []

    page.get_by_role("button", name="Turn off").click()
    expect(page.get_by_role("button", name="Turn on")).to_be_visible()
    assert house.all(PushSubscription) == []


def test_a_push_is_shown_and_leads_to_its_page_without_loading_it_anew(willing: Screen) -> None:
    page = turned_on(willing)
    page.evaluate("window.isTheSamePage = true")
    told = {"kind": "ESCALATIONS", "text": "1 question waits for you.", "counts": {}}
    deliver(willing, json.dumps(told | {"path": "/?tray=questions", "tag": "n1", "at": "x"}))
    willing.until("it is shown", lambda: notifying.shown(willing.context))
    assert notifying.shown(willing.context) == [
        ["Rapport", "1 question waits for you.", "n1", "/?tray=questions"]
    ]

    notifying.press(willing.context)
    expect(page).to_have_url(re.compile(r"/\?tray=questions$"))
    expect(page.get_by_text("No question is open")).to_be_visible()
    assert page.evaluate("window.isTheSamePage")
    assert notifying.shown(willing.context) == []


def test_a_push_that_cannot_be_read_is_shown_all_the_same(willing: Screen) -> None:
    turned_on(willing)
    deliver(willing, "?")
    willing.until("it is shown", lambda: notifying.shown(willing.context))
    assert notifying.shown(willing.context)[0][1] == "Something waits for you."


def test_a_browser_that_its_service_moves_is_told_on_at_its_new_address(
    willing: Screen, house: House
) -> None:
    page = turned_on(willing)
    willing.until("the worker runs", lambda: willing.context.service_workers)

    notifying.move(willing.context)

    willing.until(
        "the server knows where", lambda: house.all(PushSubscription)[0].endpoint.endswith("where")
    )
    assert len(house.all(PushSubscription)) == 1
    # What its worker could not tell, the dashboard tells when it is opened next.
    page.evaluate("to => localStorage.setItem('rapport.push', to)", notifying.ELSEWHERE)
    page.reload()
    willing.until(
        "it is found again", lambda: house.all(PushSubscription)[0].endpoint == notifying.ENDPOINT
    )
    assert len(house.all(PushSubscription)) == 1


def test_who_signs_in_again_is_told_on_and_who_signs_out_is_not(
    willing: Screen, house: House
) -> None:
    turned_on(willing)
    [before] = house.all(PushSubscription)
    willing.sign_in(house)
    willing.until(
        "it is bound to the new session",
        lambda: house.all(PushSubscription)[0].token_id != before.token_id,
    )
    willing.until_still()  # what is asked as one signs out is refused
    willing.page.get_by_role("button", name="Sign out").click()
    expect(willing.page.get_by_text("To sign in")).to_be_visible()
    assert house.all(PushSubscription) == []
    assert willing.page.evaluate("sessionStorage.getItem('push')") is None


def test_ones_other_browsers_are_turned_off_from_here(
    willing: Screen, open_screen: Open, house: House
) -> None:
    turned_on(willing)
    other = open_screen(color_scheme="dark", viewport={"width": 360, "height": 740})
    other.sign_in(house)
    other.page.goto("/notifications")
    others = other.page.get_by_role("region", name="Your other browsers")
    expect(others).to_contain_text("Drafts that await approval, Replies")
    assert other.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert other.violations() == []
    others.get_by_role("button").click()
    expect(others).to_have_count(0)
    assert house.all(PushSubscription) == []


@pytest.mark.parametrize(
    ("lacks", "said"),
    [
        ("Object.defineProperty(window, 'isSecureContext', { value: false })", "https only"),
        ("delete window.PushManager", "no notifications of this kind"),
        (
            "Object.defineProperty(Notification, 'permission', { value: 'denied' })",
            "You told this browser to show none of ours",
        ),
    ],
)
def test_what_is_in_the_way_is_explained(
    open_screen: Open, house: House, lacks: str, said: str
) -> None:
    screen = open_screen()
    screen.context.add_init_script(lacks)
    screen.sign_in(house, Role.VIEWER)
    page = open_page(screen)
    expect(page.get_by_text(said)).to_be_visible()
    expect(page.get_by_role("button", name="Turn on")).to_have_count(0)
    assert screen.violations() == []


def test_a_person_who_says_no_is_told_so_and_nothing_is_kept(
    open_screen: Open, house: House
) -> None:
    screen = open_screen()
    screen.context.add_init_script("Notification.requestPermission = async () => 'denied'")
    screen.context.add_init_script(
        "Object.defineProperty(Notification, 'permission', { value: 'default' })"
    )
    screen.sign_in(house)
    page = open_page(screen)
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_role("alert")).to_contain_text("not allowed to show notifications")
    assert house.all(PushSubscription) == []
