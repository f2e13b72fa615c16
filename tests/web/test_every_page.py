"""What holds for every page: it is usable by everybody, in both themes, and loads little."""

import gzip
import json
import re

import pytest
from playwright.sync_api import expect

from graphql_api.static import FOLDER
from runtime.desk import drafts
from tests.house import House
from tests.web.chromium import WEB
from tests.web.conftest import Open
from tests.web.screen import Screen

FIRST_LOAD_KB = 120
PAGES = re.findall(r'path: "([^"]+)",\s+name: "([^"]+)"', (WEB / "src/pages.ts").read_text())


@pytest.fixture
def busy_house(house: House) -> House:
    """A house in which there is something to see on each page."""
    house.a_sent_task(contact=house.a_contact(name="Ada Lovelace", company="Analytical"))
    house.an_opportunity(contact=house.a_contact(name="Alan Turing"))
    task = house.a_drafted_task(contact=house.a_contact(name="Grace Hopper", company="Navy"))
    house.a_drafted_task()
    words = "Dear Grace Hopper, may I show you the compiler course?"
    house.run(drafts.edit, draft_id=house.draft(task).id, body=words)
    return house


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_each_page_has_nothing_that_axe_objects_to(
    screen: Screen, busy_house: House, theme: str
) -> None:
    assert PAGES
    screen.page.goto("/")
    screen.page.get_by_label(theme).check()
    for path, name in PAGES:
        screen.page.goto(path)
        expect(screen.page.get_by_role("heading", level=1)).to_be_visible()
        expect(screen.page).to_have_title(f"{name} · Rapport")
        screen.until_still()
        assert screen.violations() == [], path


def test_each_page_fits_a_narrow_screen(open_screen: Open, busy_house: House) -> None:
    narrow = open_screen(viewport={"width": 360, "height": 740})
    narrow.sign_in(busy_house)
    for path, _ in PAGES:
        narrow.page.goto(path)
        expect(narrow.page.get_by_role("heading", level=1)).to_be_visible()
        narrow.until_still()
        width = narrow.page.evaluate("document.documentElement.scrollWidth")
        assert width <= 360, path
        assert narrow.violations() == [], path


def test_each_page_is_reached_by_its_keys(screen: Screen) -> None:
    screen.page.goto("/")
    screen.until_live()
    screen.page.keyboard.press("?")
    help_ = screen.page.get_by_role("dialog", name="Keyboard")
    for _, name in PAGES:
        expect(help_).to_contain_text(f"Go to {name}")
    assert screen.violations() == []
    screen.page.keyboard.press("Escape")
    expect(help_).to_have_count(0)
    screen.page.goto("/nowhere")
    expect(screen.page.get_by_text("There is no such page")).to_be_visible()
    screen.page.keyboard.press("g")
    screen.page.keyboard.press("t")
    expect(screen.page.get_by_role("heading", name="Today")).to_be_visible()


def test_an_address_that_nobody_can_read_names_no_such_thing(screen: Screen) -> None:
    page = screen.page
    for address, what in {
        "/contacts/%E0%A4%A": "contact",
        "/contacts/50%25": "contact",
        "/contacts/one/two": "page",
        "/conversations/%E0%A4%A": "task",
        "/agents/%E0%A4%A": "agent",
        "/opportunities?deal=%E0%A4%A": "opportunity",
        "/follow-ups?open=%E0%A4%A": "follow-up",
        "/?draft=%E0%A4%A": "draft",
    }.items():
        page.goto(address)
        expect(page.get_by_text(f"There is no such {what}")).to_be_visible()
        assert screen.errors == [], address


def test_the_skip_link_comes_first(screen: Screen) -> None:
    screen.page.goto("/")
    expect(screen.page.get_by_role("heading", name="Today")).to_be_visible()
    screen.page.keyboard.press("Tab")
    screen.page.keyboard.press("Enter")
    expect(screen.page.locator("main")).to_be_focused()


def test_a_first_load_is_small() -> None:
    manifest = json.loads((FOLDER / ".vite/manifest.json").read_text())
    for entry in (chunk for chunk in manifest.values() if chunk.get("isDynamicEntry")):
        files = {entry["file"], manifest["index.html"]["file"]}
        files |= {manifest[name]["file"] for name in entry.get("imports", ())}
        size = sum(len(gzip.compress((FOLDER / name).read_bytes())) for name in files)
        assert size <= FIRST_LOAD_KB * 1000, entry["src"]


@pytest.mark.parametrize(
    "address", ["/conversations/nobody", "/insight?agent=nobody", "/insight?rows=SENT&day=someday"]
)
def test_an_address_that_names_nothing_breaks_no_page(screen: Screen, address: str) -> None:
    screen.page.goto(address)
    screen.until_still()
    expect(screen.page.get_by_role("heading", level=1)).to_be_visible()
    expect(screen.page.get_by_text("This page broke")).to_have_count(0)
