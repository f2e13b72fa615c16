"""Conversations: what agents say about a task, and a person who joins in, in a browser."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from agents.outreach import Outreach
from runtime import naming
from runtime.desk import messages
from runtime.models import AgentKind, MessageStatus, Role, Task
from runtime.models import Message as MessageRow
from tests.house import House
from tests.web.conftest import Open
from tests.web.screen import Screen


def said(page: Page, words: str) -> Locator:
    """Return the message with these words."""
    story = page.get_by_role("region", name="What was said")
    return story.get_by_role("listitem").filter(has_text=words)


def address(task: Task) -> str:
    """Return where a task's conversation is read."""
    return f"/conversations/{naming.global_id('Task', task.id)}"


def test_a_person_joins_in_and_sees_the_answer_and_what_came_of_it(
    screen: Screen, house: House
) -> None:
    house.a_drafted_task(contact=house.a_contact(name="Ada Lovelace"))
    task = house.a_drafted_task(contact=house.a_contact(name="Grace Hopper"))
    page = screen.page
    page.goto("/conversations")
    screen.until_live()
    page.evaluate("window.isTheSamePage = true")
    conversations = page.get_by_role("region", name="Conversations", exact=True)
    expect(conversations.get_by_role("listitem")).to_have_count(2)
    expect(conversations.locator("[aria-current]")).to_contain_text("Grace Hopper")
    page.keyboard.press("j")
    expect(conversations.locator("[aria-current]")).to_contain_text("Ada Lovelace")
    page.keyboard.press("k")
    expect(conversations.locator("[aria-current]")).to_contain_text("Grace Hopper")
    expect(said(page, "has written “Invite to the pilot”")).to_contain_text("Rapport to Outreach")

    page.get_by_text("What an agent understands").click()
    page.get_by_role("button", name="Use a warmer tone.").click()
    assert screen.violations() == []
    page.keyboard.press("Control+Enter")
    expect(said(page, "Use a warmer tone.").first).to_contain_text("Ada")
    house.settle()

    expect(said(page, "I write another version with that.")).to_contain_text("Because of")
    expect(page.get_by_role("link", name="Decide on version 2 of the draft")).to_be_visible()
    assert house.draft(task).version == 2
    assert page.evaluate("window.isTheSamePage")


def test_what_is_tried_again_and_what_is_given_up_is_told_and_sent_again(
    screen: Screen, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("the moon is in the way")

    page = screen.page
    with monkeypatch.context() as broken:
        broken.setattr(Outreach, "listen", fail)
        task = house.a_drafted_task(contact=house.a_contact(name="Grace Hopper"))
        page.goto(address(task))
        page.get_by_label("What", exact=True).fill("How do things stand?")
        page.get_by_role("button", name="Send").click()
        expect(said(page, "How do things stand?")).to_contain_text("On its way")
        house.settle()
        expect(said(page, "How do things stand?")).to_contain_text("Failed once")
        house.wait(minutes=10)
    expect(said(page, "How do things stand?")).to_contain_text("the moon is in the way")
    page.get_by_role("link", name="Dead letters").click()
    expect(
        page.get_by_role("region", name="Conversations", exact=True).get_by_text("Dead letter")
    ).to_be_visible()
    assert screen.violations() == []

    page.get_by_role("button", name="Replay").click()
    expect(page.get_by_role("region", name="What you did")).to_contain_text("mailbox of Outreach")
    house.settle()

    page.get_by_role("link", name="All").click()
    expect(said(page, "The task is awaiting approval.")).to_be_visible()
    assert house.all(MessageRow, MessageRow.status == MessageStatus.DEAD) == []


def test_a_viewer_reads_along_on_a_narrow_screen(open_screen: Open, house: House) -> None:
    house.a_drafted_task(contact=house.a_contact(name="Grace Hopper"))
    screen = open_screen(viewport={"width": 360, "height": 740})
    screen.sign_in(house, Role.VIEWER)
    page = screen.page
    page.goto("/conversations")
    page.get_by_role("link", name="Grace Hopper").click()

    expect(said(page, "A person wants this done; begin.")).to_be_visible()
    expect(page.get_by_role("region", name="Join the conversation")).to_have_count(0)
    page.get_by_label("Show what happened between the messages").uncheck()
    assert page.url.endswith("?events=off")
    page.get_by_role("link", name="Conversations").last.click()
    expect(page.get_by_role("link", name="Grace Hopper")).to_be_visible()


def test_a_thread_opens_at_its_end_and_says_whose_it_is(screen: Screen, house: House) -> None:
    task = house.a_drafted_task(contact=house.a_contact(name="Grace Hopper"))
    for number in range(12):
        house.run(
            messages.send,
            agent_id=house.agent(AgentKind.OUTREACH).id,
            text=f"How do things stand, for the {number}. time?",
            task_id=task.id,
        )
    house.settle()
    page = screen.page
    page.goto(address(task))

    expect(page.get_by_role("button", name="Send")).to_be_in_viewport()
    expect(said(page, "for the 11. time?").last).to_be_in_viewport()
    expect(said(page, "for the 1. time?").first).not_to_be_in_viewport()
    expect(page.get_by_role("heading", name="Grace Hopper")).to_be_in_viewport()
    first = said(page, "A person wants this done; begin.")
    first.scroll_into_view_if_needed()
    house.run(
        messages.send,
        agent_id=house.agent(AgentKind.OUTREACH).id,
        text="One more.",
        task_id=task.id,
    )
    expect(said(page, "One more.").last).to_be_attached()
    expect(first).to_be_in_viewport()
    listed = page.get_by_role("region", name="Conversations", exact=True)
    expect(listed.get_by_role("listitem").first).to_contain_text("Ada: One more.")


def test_words_that_are_not_sent_yet_stay_whatever_else_is_said(
    screen: Screen, house: House
) -> None:
    task = house.a_drafted_task(contact=house.a_contact(name="Grace Hopper"))
    page = screen.page
    page.goto("/conversations")
    screen.until_live()
    words = page.get_by_label("What", exact=True)
    words.focus()
    page.keyboard.type("How do ")

    house.a_drafted_task(contact=house.a_contact(name="Ada Lovelace"))

    newest = page.get_by_role("region", name="Conversations", exact=True).get_by_role("listitem")
    expect(newest.first).to_contain_text("Ada Lovelace")
    page.keyboard.type("things stand?")
    expect(words).to_have_value("How do things stand?")
    newest.first.get_by_role("link").click()
    expect(words).to_have_value("")
    page.get_by_role("link", name="Grace Hopper").first.click()
    expect(words).to_have_value("How do things stand?")

    with screen.held():
        page.keyboard.press("i")
        page.keyboard.press("Control+Enter")
        page.keyboard.press("Control+Enter")
    expect(page.get_by_role("region", name="What you did")).to_contain_text("Said to Outreach")
    expect(words).to_have_value("")
    mine = MessageRow.task_id == task.id, MessageRow.type == "PersonWrote"
    assert len(house.all(MessageRow, *mine)) == 1
