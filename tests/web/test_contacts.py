"""Contacts: found, added, imported from a file, and each with their whole story."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from graphql_api import ids
from runtime.models import Contact, ContactStatus, Fact, Reply, Role, Suppression
from tests.house import House
from tests.runtime.desk.people import EMAIL, NAME, a_known_person
from tests.web.conftest import Open
from tests.web.screen import Screen

GOOD = 1_200
"""Rows that go in; more than one piece holds."""


def open_contact(page: Page, contact: Contact) -> None:
    page.goto(f"/contacts/{ids.encode('Contact', contact.id)}")
    expect(page.get_by_role("heading", level=1, name=contact.name)).to_be_visible()


def toasts(page: Page) -> Locator:
    return page.get_by_role("region", name="What you did")


def saved(page: Page, button: str) -> Path:
    """Press what saves a file; return where it lies."""
    with page.expect_download() as begun:
        page.get_by_role("button", name=button).click()
    return Path(begun.value.path())


def test_somebody_is_found_by_search_and_opened_by_keyboard(screen: Screen, house: House) -> None:
    for name in ("Ada Lovelace", "Grace Hopper", "Grace Kelly"):
        house.a_contact(name=name)
    page = screen.page
    page.goto("/")
    screen.until_live()
    page.keyboard.press("g")
    page.keyboard.press("p")
    rows = page.get_by_role("table", name="Contacts").get_by_role("rowheader")
    expect(rows).to_have_count(3)
    page.keyboard.press("/")
    page.keyboard.type("grace")
    expect(rows).to_have_text(["Grace Kelly", "Grace Hopper"])
    expect(page).to_have_url(re.compile(r"/contacts\?q=grace$"))

    page.reload()
    expect(rows).to_have_text(["Grace Kelly", "Grace Hopper"])
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Grace Hopper")).to_be_visible()
    page.go_back()
    expect(rows).to_have_text(["Grace Kelly", "Grace Hopper"])


def test_somebody_is_added_once_and_appears_in_other_windows(
    screen: Screen, open_screen: Open, house: House
) -> None:
    other = open_screen()
    other.sign_in(house, Role.VIEWER)
    other.page.goto("/contacts")
    expect(other.page.get_by_text("There is no contact yet")).to_be_visible()
    other.until_live()
    expect(other.page.get_by_role("button", name="Add a contact")).to_have_count(0)

    page = screen.page
    page.goto("/contacts")
    expect(page.get_by_text("There is no contact yet")).to_be_visible()
    page.keyboard.press("n")
    form = page.get_by_role("dialog", name="Add a contact")
    form.get_by_label("Name", exact=True).fill("Ada Lovelace")
    form.get_by_label("E-mail address").fill("ada@engines.example")
    form.get_by_label("Lawful basis").select_option("Consent")
    form.get_by_role("button", name="Add").click()

    expect(page.get_by_role("heading", level=1, name="Ada Lovelace")).to_be_visible()
    expect(page.get_by_label("What is known")).to_contain_text("Consent")
    expect(other.page.get_by_role("link", name="Ada Lovelace")).to_be_visible()
    page.goto("/contacts?new")
    form.get_by_label("Name", exact=True).fill("Ada Again")
    form.get_by_label("E-mail address").fill("ada@engines.example")
    form.get_by_role("button", name="Add").click()
    expect(form.get_by_role("alert")).to_contain_text("There already is a contact")
    assert [each.name for each in house.all(Contact)] == ["Ada Lovelace"]


def test_a_file_is_imported_in_pieces_and_what_failed_is_handed_back(
    screen: Screen, house: House
) -> None:
    house.a_contact(name="Grace Hopper", email="grace@navy.example")
    rows = [f"Person {n};p{n}@example.org;Engines" for n in range(GOOD)]
    rows[1:1] = ["Grüße;niemand;Engines", "Grace;grace@navy.example;Navy", '"Open;x@x.example;']
    rows.append('Twice;p7@example.org;"two\nlines"')
    csv = "\r\n".join(["Wer;E-Mail;Firma", *rows])
    page = screen.page
    page.goto("/contacts/import")
    page.get_by_label("A CSV file").set_input_files(
        {"name": "fair.csv", "mimeType": "text/csv", "buffer": csv.encode("cp1252")}
    )

    expect(page.get_by_role("alert")).to_contain_text("No column for the name")
    page.get_by_label("What “Wer” is").select_option("Name")
    expect(page.get_by_role("table", name="First rows")).to_contain_text("Grüße")
    assert screen.violations() == []
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("heading", name="What would come of it")).to_be_visible()
    failed = page.get_by_role("table", name="Failed rows").get_by_role("row")
    expect(failed).to_have_count(1 + 3)
    expect(failed.nth(1)).to_contain_text("3E-Mailniemand")
    expect(failed.nth(2)).to_contain_text("5")
    expect(failed.nth(3)).to_contain_text(f"{GOOD + 5}E-Mailp7@example.org")
    assert len(house.all(Contact)) == 1
    page.get_by_role("button", name=f"Import {GOOD + 1:,} rows").click()
    expect(page.get_by_role("heading", name="What came of it")).to_be_visible()

    assert len(house.all(Contact)) == 1 + GOOD
    assert house.events("contacts.") == ["contacts.imported"] * 2
    file = saved(page, "Download the 3 failed rows").read_text("utf-8-sig").splitlines()
    assert file[0] == "Wer;E-Mail;Firma;Line;Reason"
    assert file[1].startswith("Grüße;niemand;Engines;3;")
    assert file[2].startswith('"""Open;x@x.example;";;;5;')
    assert file[-1].startswith("lines")
    assert f"{GOOD + 5};The address stands on line" in file[-1]
    assert screen.violations() == []


def test_a_file_that_is_none_is_not_taken(screen: Screen) -> None:
    page = screen.page
    page.goto("/contacts/import")
    chosen = page.get_by_label("A CSV file")
    for content, why in ((b"PK\x03\x04", "This is a workbook"), (b"a\x00b\n", "This is no text")):
        file = {"name": "f.csv", "mimeType": "text/csv", "buffer": content}
        chosen.set_input_files(file)  # type: ignore[arg-type]
        expect(page.get_by_role("alert")).to_contain_text(why)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_story_is_whole_and_pleases_axe(open_screen: Open, house: House, theme: str) -> None:
    contact, _ = a_known_person(house)
    screen = open_screen(color_scheme=theme, viewport={"width": 360, "height": 740})
    screen.sign_in(house)
    page = screen.page
    open_contact(page, contact)
    story = page.get_by_label("What happened")
    for words in ("Task for Outreach", "Draft, version 1", "We wrote, follow-up 1", "They wrote"):
        expect(story.get_by_text(words).first).to_be_visible()
    for words in ("Question to a person", "Rhubarb deal", "changed Quirina Zobel's email"):
        expect(story.get_by_text(words).first).to_be_visible()
    sent = story.get_by_role("listitem").filter(has_text="We wrote, follow-up 1")
    sent.locator("summary").first.click()
    sent.get_by_text("checks passed before it left").click()
    expect(sent.get_by_text("Passed:").first).to_be_attached()
    expect(page.get_by_role("region", name="Facts")).to_contain_text("Likes walnut.")
    expect(page.get_by_role("region", name="Web pages")).to_contain_text("zobelworks.example")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert screen.violations() == []

    page.get_by_role("main").get_by_role("link", name="Opportunities").click()
    expect(page).to_have_url(re.compile(r"\?show=deal$"))
    expect(story.get_by_text("They wrote")).to_have_count(0)
    expect(story.get_by_text("Rhubarb deal")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Everything").click()
    expect(story.get_by_text("Rhubarb deal")).to_have_count(1)


def test_a_reply_is_recorded_and_somebody_is_left_alone_and_not(
    screen: Screen, house: House
) -> None:
    contact = house.a_contact(name="Ada Lovelace", company="Engines")
    house.a_sent_task(contact=contact)
    page = screen.page
    open_contact(page, contact)
    screen.until_live()
    page.keyboard.press("r")
    form = page.get_by_role("dialog", name="Record a reply")
    form.get_by_label("What they said").fill("Call me on Monday.")
    form.get_by_label("What they answered").select_option(index=1)
    form.get_by_role("button", name="Record it").click()
    expect(page.get_by_label("What happened")).to_contain_text("Call me on Monday.")
    expect(page.get_by_text("Replied").first).to_be_visible()

    page.get_by_role("button", name="Leave alone").click()
    page.get_by_label("Why").fill("They asked by phone.")
    page.get_by_role("dialog").get_by_role("button", name="Leave alone").click()
    silence = page.get_by_role("region", name="No mail")
    expect(silence).to_contain_text("They asked by phone.")
    assert screen.violations() == []
    silence.get_by_role("button", name="Lift").click()
    page.get_by_label("Why they may be written to again").fill("They called again.")
    page.get_by_role("dialog").get_by_role("button", name="Lift").click()
    expect(silence).to_have_count(0)
    expect(page.get_by_text("Replied").first).to_be_visible()
    assert house.fresh(contact).status is ContactStatus.REPLIED


def test_their_own_wish_is_explained_and_not_lifted(screen: Screen, house: House) -> None:
    contact = house.a_contact(name="Ada Lovelace")
    with house.tx() as tx:
        tx.insert(
            Suppression,
            email=contact.email,
            reason="They unsubscribed.",
            source="unsubscribe",
            created_at=tx.now,
        )
    page = screen.page
    open_contact(page, contact)
    silence = page.get_by_role("region", name="No mail")
    expect(silence).to_contain_text("only they can take it back")
    silence.get_by_role("button", name="Lift").click()
    page.get_by_label("Why they may be written to again").fill("I want to.")
    page.get_by_role("dialog").get_by_role("button", name="Lift").click()
    expect(page.get_by_role("alert")).to_contain_text("Only they can take that back")


def test_facts_and_pages_come_and_go_and_fields_change(screen: Screen, house: House) -> None:
    contact, _ = a_known_person(house)
    page = screen.page
    open_contact(page, contact)
    screen.until_live()
    facts = page.get_by_role("region", name="Facts")
    before = len([fact for fact in house.all(Fact) if fact.withdrawn_at is None])
    facts.get_by_role("button", name="Take away Likes walnut.").click()
    page.get_by_role("button", name="Take it away").click()
    expect(facts.get_by_role("listitem")).to_have_count(before - 1)

    pages = page.get_by_role("region", name="Web pages")
    pages.get_by_label("List a public page").fill("https://zobelworks.example/team")
    pages.get_by_label("For everybody at Zobelworks").check()
    pages.get_by_role("button", name="List it").click()
    expect(pages).to_contain_text("For everybody at Zobelworks. Listed by Ada, not read yet")
    pages.get_by_role("button", name="Remove https://zobelworks.example/team").click()
    page.get_by_role("button", name="Remove it").click()
    expect(pages.get_by_role("link", name="/team")).to_have_count(0)

    page.keyboard.press("e")
    form = page.get_by_role("dialog", name="Edit Quirina Zobel")
    form.get_by_label("Country").fill("Germany")
    form.get_by_label("Notes").fill("")
    form.get_by_role("button", name="Save").click()
    expect(toasts(page)).to_contain_text("Quirina Zobel was changed.")
    changed = house.fresh(contact)
    assert (changed.country, changed.notes, changed.title) == ("DE", None, "Chiefess")


def test_an_owner_hands_out_what_is_kept_and_erases_it(screen: Screen, house: House) -> None:
    contact = house.a_contact(name=NAME, email=EMAIL)
    page = screen.page
    open_contact(page, contact)
    kept = json.loads(saved(page, "Export").read_text())
    assert kept["contact"]["email"] == EMAIL

    page.get_by_role("button", name="Erase").click()
    form = page.get_by_role("dialog", name=f"Erase {NAME}")
    form.get_by_label(f"Write {EMAIL} to confirm").fill("somebody@else.example")
    form.get_by_label("Why").fill("They asked for it.")
    form.get_by_role("button", name="Erase for good").click()
    expect(form.get_by_role("alert")).to_contain_text("to confirm")
    form.get_by_label(f"Write {EMAIL} to confirm").fill(EMAIL)
    form.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_text("This person was erased")).to_be_visible()
    expect(page.get_by_text(NAME)).to_have_count(0)
    expect(page.get_by_role("button", name="Export")).to_have_count(0)


def test_who_only_looks_is_offered_nothing_to_do(open_screen: Open, house: House) -> None:
    contact = house.a_contact(name="Ada Lovelace")
    viewer = open_screen()
    viewer.sign_in(house, Role.VIEWER)
    open_contact(viewer.page, contact)
    expect(viewer.page.get_by_role("region", name="Web pages")).to_be_visible()
    buttons = viewer.page.get_by_role("main").get_by_role("button")
    expect(buttons).to_have_count(0)
    viewer.page.goto("/contacts/import")
    expect(viewer.page.get_by_text("You may look, not import")).to_be_visible()


def test_an_import_that_is_left_says_how_far_it_came(screen: Screen, house: House) -> None:
    csv = "\n".join(["Name,E-Mail", *(f"Person {n},p{n}@example.org" for n in range(GOOD))])
    page = screen.page
    page.goto("/contacts/import")
    page.get_by_label("A CSV file").set_input_files(
        {"name": "fair.csv", "mimeType": "text/csv", "buffer": csv.encode()}
    )
    page.get_by_role("button", name="Check the file").click()
    begin = page.get_by_role("button", name=f"Import {GOOD:,} rows")
    expect(begin).to_be_visible()
    with screen.held():
        begin.click()
        expect(page.get_by_role("progressbar")).to_be_visible()
        page.keyboard.press("g")
        page.keyboard.press("p")
    expect(toasts(page)).to_contain_text("1,000 of 1,200 rows are through")
    assert len(house.all(Contact)) == 1_000


def test_a_name_without_end_leaves_the_other_columns_in_sight(screen: Screen, house: House) -> None:
    house.a_contact(name="Wolfeschlegelstein" * 6, company="Analytical Engines")
    page = screen.page
    page.goto("/contacts")
    table = page.get_by_role("table", name="Contacts")
    expect(table.get_by_role("columnheader", name="Added")).to_be_in_viewport(ratio=1)


def test_a_search_keeps_the_blank_between_two_words_however_slowly_they_come(
    screen: Screen, house: House
) -> None:
    house.a_contact(name="Ada Lovelace")
    page = screen.page
    page.goto("/contacts")
    field = page.get_by_label("Name, address or company")
    field.press_sequentially("Ada ")
    expect(page).to_have_url(re.compile(r"/contacts\?q=Ada$"))
    field.press_sequentially("Love")
    expect(page).to_have_url(re.compile(r"/contacts\?q=Ada\+Love$"))
    expect(field).to_have_value("Ada Love")


def test_somebody_is_added_over_plain_http_and_back_leads_to_the_list(
    screen: Screen, house: House
) -> None:
    page = screen.page
    page.add_init_script("delete Crypto.prototype.randomUUID")  # as it is missing there
    page.goto("/contacts")
    expect(page.get_by_text("There is no contact yet")).to_be_visible()
    page.keyboard.press("n")
    form = page.get_by_role("dialog", name="Add a contact")
    form.get_by_label("Name", exact=True).fill("Ada Lovelace")
    form.get_by_label("E-mail address").fill("ada@engines.example")
    form.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", level=1, name="Ada Lovelace")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("link", name="Ada Lovelace")).to_be_visible()
    expect(form).to_have_count(0)


def test_a_reply_is_recorded_once_however_often_it_is_sent_off(
    screen: Screen, house: House
) -> None:
    ada = house.a_contact(name="Ada Lovelace")
    page = screen.page
    open_contact(page, ada)
    page.keyboard.press("r")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What they said").fill("Call me next week.")
    with screen.held():
        dialog.get_by_role("button", name="Record it").dblclick()
    expect(dialog).to_have_count(0)
    assert len(house.all(Reply)) == 1
