"""System: how the machinery is doing, the switches, and what could not be handled."""

import re

from playwright.sync_api import Page, expect

from runtime.db import Database
from runtime.desk import messages
from runtime.models import (
    AgentKind,
    Message,
    MessageStatus,
    NodeKind,
    QueueMode,
    Role,
    SentEmail,
    Workspace,
)
from runtime.nodes import Heartbeat
from tests.house import House
from tests.web.conftest import Open
from tests.web.screen import Screen


def a_dead_letter(house: House, text: str) -> Message:
    """Leave a message that an agent gave up."""
    agent = house.agent(AgentKind.OUTREACH)
    sent: Message = house.run(messages.send, agent_id=agent.id, text=text)
    with house.tx() as tx:
        row = tx.get_one(Message, (tx.workspace_id, sent.id))
        row.status, row.attempts, row.error = MessageStatus.DEAD, 5, "ValueError: it broke"
    return sent


def sending(page: Page) -> Page:
    expect(page.get_by_role("heading", name="Sending")).to_be_visible()
    return page


def test_a_part_that_stands_still_says_so_and_what_that_means(screen: Screen, db: Database) -> None:
    worker = Heartbeat(db, NodeKind.WORKER, lambda: QueueMode.RQ)
    clock = Heartbeat(db, NodeKind.CLOCK)
    worker.start()
    clock.start()
    page = screen.page
    page.clock.install()
    page.goto("/system")
    machinery = page.get_by_role("region", name="Machinery")
    expect(machinery.get_by_text(re.compile(r"\d+ at work"))).to_be_visible()
    expect(machinery.get_by_text("Ticks", exact=True)).to_be_visible()
    expect(machinery.get_by_text("Redis queue")).to_be_visible()
    expect(machinery.get_by_text("PostgreSQL")).to_be_visible()

    worker.stop()
    clock.stop()
    page.clock.fast_forward("00:10")  # no event tells of it: the page looks again

    expect(machinery.get_by_text("None at work")).to_be_visible()
    expect(machinery.get_by_text("Stands still")).to_be_visible()
    expect(machinery).to_contain_text("No mail leaves and nothing is written until one starts.")


def test_an_owner_stops_all_mail_with_a_reason_and_lets_it_out_again(
    screen: Screen, house: House
) -> None:
    page = screen.page
    page.goto("/system")
    sending(page).get_by_role("button", name="Stop all mail…").click()
    dialog = page.get_by_role("dialog", name="Stop all mail?")
    why = dialog.get_by_label("Why?")
    expect(why).to_be_focused()
    page.keyboard.press("Enter")
    expect(why).to_have_accessible_description(re.compile("must not be empty"))
    assert screen.violations() == []
    assert not house.all(Workspace)[0].sending_stopped

    why.fill("A wrong list.")
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Sending")).to_contain_text(
        "All mail of this workspace is stopped: A wrong list."
    )
    task = house.a_drafted_task()
    house.approve(task)
    house.settle()
    assert house.mails() == []

    page.get_by_role("button", name="Let mail out again…").click()
    page.get_by_label("Why?").fill("It is right.")
    page.get_by_role("button", name="Let mail out", exact=True).click()
    expect(page.get_by_role("button", name="Stop all mail…")).to_be_visible()
    house.settle()
    assert len(house.mails()) == 1


def test_dead_letters_are_replayed_and_discarded(screen: Screen, house: House) -> None:
    first = a_dead_letter(house, "How is it going?")
    second = a_dead_letter(house, "Is anybody there?")
    page = screen.page
    page.goto("/system")
    letters = page.get_by_role("list", name="Dead letters").get_by_role("listitem")
    expect(letters).to_have_count(2)
    expect(letters.first).to_contain_text("ValueError: it broke")
    screen.until_live()

    page.keyboard.press("j")
    expect(letters.first).to_be_focused()
    page.keyboard.press("r")
    expect(letters).to_have_count(1)
    expect(letters).to_contain_text("Is anybody there?")
    expect(letters).to_be_focused()
    assert house.fresh(first).status is MessageStatus.READY

    letters.get_by_role("button", name="Discard").click()
    dialog = page.get_by_role("dialog", name="Discard this dead letter?")
    assert screen.violations() == []
    dialog.get_by_role("button", name="Discard").click()
    expect(page.get_by_text("None: every message was handled")).to_be_visible()
    expect(page.get_by_role("heading", name="Dead letters")).to_be_focused()
    assert house.fresh(second).status is MessageStatus.DISCARDED


def test_held_mail_is_looked_at_and_then_released(open_screen: Open, held_house: House) -> None:
    screen = open_screen()
    screen.sign_in(held_house, Role.MEMBER)
    page = screen.page
    page.goto("/system")
    sending(page).get_by_role("button", name="Held mail…").click()
    dialog = page.get_by_role("dialog", name="Held mail")
    expect(dialog).to_contain_text("2 mails were approved and held.")
    assert screen.violations() == []
    dialog.get_by_role("button", name="Release 2 mails").click()
    expect(page.get_by_role("region", name="What you did")).to_contain_text("2 mails released.")
    assert held_house.events("emails.released") == ["emails.released"]
    assert len(held_house.all(SentEmail)) == 2

    page.get_by_role("button", name="Held mail…").click()
    expect(dialog).to_contain_text("No mail is held")


def test_only_owners_have_the_switch_and_viewers_have_nothing_to_do(
    open_screen: Open, house: House
) -> None:
    a_dead_letter(house, "How is it going?")
    for role, buttons in ((Role.MEMBER, ["Held mail…", "Replay", "Discard"]), (Role.VIEWER, [])):
        screen = open_screen()
        screen.sign_in(house, role)
        screen.page.goto("/system?do=switch")
        main = screen.page.get_by_role("main")
        sending(screen.page)
        expect(main.get_by_text("How is it going?")).to_be_visible()
        assert main.get_by_role("button").all_inner_texts() == buttons
        expect(screen.page.get_by_role("dialog")).to_have_count(0)
