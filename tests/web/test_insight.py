"""Insight: numbers that say what they are of, and open their rows."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from graphql_api import ids
from runtime.insight.metrics import DEFINITIONS, InsightMetric
from runtime.models import AgentKind, DeliveryStatus
from tests.house import House
from tests.runtime.insight.planted import Mail, Said, plant
from tests.web.conftest import Open
from tests.web.screen import Screen

FIRST = datetime(2026, 1, 5, 9, tzinfo=UTC)
JANUARY = "/insight?from=2026-01-01&to=2026-01-31"


@pytest.fixture
def busy(house: House) -> House:
    """A house of which 25 first mails left in 25 days, and what came of them."""
    sent = [Mail(FIRST + timedelta(days=n), n, status=DeliveryStatus.DELIVERED) for n in range(24)]
    bounced = Mail(FIRST, 24, status=DeliveryStatus.BOUNCED)
    later = Mail(FIRST + timedelta(days=3), 0, step=1, status=DeliveryStatus.DELIVERED)
    said = [Said(FIRST + timedelta(days=n + 1), n, n) for n in (1, 2, 3)]
    yes = Said(FIRST + timedelta(days=6), 5, 5, kind="positive")
    plant(house, [*sent, bounced, later, Mail(FIRST, 25, sandbox=True)], [*said, yes], contacts=26)
    return house


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_each_number_opens_its_rows_and_its_address_says_so(
    open_screen: Open, busy: House, theme: str
) -> None:
    screen = open_screen(color_scheme=theme)
    screen.sign_in(busy)
    page = screen.page
    page.goto(JANUARY)
    expect(page.get_by_role("link", name="26 sent", exact=True)).to_be_visible()
    strip = page.get_by_role("img", name="Sent by day: 26 in all; most, 2, 5 Jan.")
    expect(strip).to_be_visible()
    rate = page.get_by_role("listitem").filter(
        has=page.get_by_role("heading", name="Reply rate", exact=True)
    )
    expect(rate).to_contain_text("16.7%")
    expect(rate).to_contain_text("95% sure between 6.7% and 35.9%")
    expect(rate).to_contain_text("4 of 24 conversations")
    assert screen.violations() == []

    page.get_by_role("link", name="4 replied", exact=True).click()
    expect(page).to_have_url(re.compile(r"&rows=REPLIED$"))
    opened = page.get_by_role("dialog", name="Replied")
    rows = opened.get_by_role("row")
    expect(rows).to_have_count(1 + 4)
    expect(opened).to_contain_text(DEFINITIONS[InsightMetric.REPLIED])
    assert screen.violations() == []
    page.reload()
    expect(rows).to_have_count(1 + 4)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"to=2026-01-31$"))
    page.get_by_text("Day by day").first.click()
    page.get_by_text("What the columns count: by day").click()
    meant = page.get_by_role("definition").filter(has_text=DEFINITIONS[InsightMetric.REACHED])
    expect(meant.filter(visible=True)).to_have_count(1)
    assert screen.violations() == []
    page.get_by_role("link", name="2 sent on 8 Jan").click()
    expect(page.get_by_role("dialog", name="Sent, 8 Jan").get_by_role("row")).to_have_count(1 + 2)
    expect(page.get_by_role("dialog")).to_contain_text("Follow-up 1")


def test_a_rate_says_what_it_leaves_out_and_until_when_it_looks(
    open_screen: Open, house: House
) -> None:
    now = house.clock.now = datetime.now(UTC).replace(microsecond=0)
    old = [Mail(now - timedelta(days=20), n) for n in range(20)]
    young = [Mail(now - timedelta(days=2), 20 + n) for n in range(3)]
    plant(house, [*old, *young], [Said(now - timedelta(days=19), 0, 0)], contacts=23)
    screen = open_screen()
    screen.sign_in(house)
    page = screen.page
    page.goto("/insight?days=30")
    rate = page.get_by_role("listitem").filter(
        has=page.get_by_role("heading", name="Reply rate", exact=True)
    )
    expect(rate).to_contain_text("1 of 20 conversations")
    expect(rate).to_contain_text("3 too young and left out: it looks at what began before")
    expect(rate.get_by_role("time")).to_have_attribute(
        "datetime", re.compile(f"^{now - timedelta(days=14):%Y-%m-%d}")
    )
    rate.get_by_role("link", name="3 too young for the reply rate").click()
    opened = page.get_by_role("dialog", name="Conversations begun")
    expect(opened.get_by_role("row")).to_have_count(1 + 3)
    expect(opened).to_contain_text(DEFINITIONS[InsightMetric.BEGUN])
    assert screen.violations() == []


def test_what_was_closed_does_not_open_again_when_one_goes_back(
    screen: Screen, busy: House
) -> None:
    page = screen.page
    page.goto(JANUARY)
    page.get_by_role("link", name="4 replied", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.go_back()
    expect(page.get_by_role("heading", name="Insight")).to_have_count(0)
    page.goto(f"{JANUARY}&rows=SENT")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    expect(page).to_have_url(re.compile(r"to=2026-01-31$"))


def test_a_span_that_ends_before_it_begins_is_told_at_its_field(
    screen: Screen, busy: House
) -> None:
    page = screen.page
    page.goto("/insight?days=7")
    page.get_by_label("From").fill("2026-01-31")
    last = page.get_by_label("To", exact=True)
    last.fill("2026-01-01")
    page.get_by_role("button", name="Show").click()
    expect(last).to_have_accessible_description(re.compile("lies before the first"))
    expect(last).to_have_value("2026-01-01")
    expect(page.get_by_label("From")).to_have_value("2026-01-31")
    assert screen.violations() == []


def test_of_one_agent_and_of_too_few_only_counts_are_told(screen: Screen, busy: House) -> None:
    page = screen.page
    page.goto(JANUARY)
    table = page.get_by_role("table", name="Numbers by agent")
    expect(table.get_by_role("row", name="Follow-up")).to_contain_text("too few")
    page.get_by_role("link", name="Follow-up", exact=True).click()
    agent = ids.encode("Agent", busy.agent(AgentKind.FOLLOW_UP).id)
    expect(page).to_have_url(re.compile(rf"&agent={agent}$"))
    expect(page.get_by_role("link", name="1 sent", exact=True)).to_be_visible()
    expect(page.get_by_text("below 20 a rate is too uncertain").first).to_be_visible()
    expect(table).to_have_count(0)


def test_the_sandboxes_mail_is_counted_by_itself(screen: Screen, busy: House) -> None:
    page = screen.page
    page.goto(JANUARY)
    page.get_by_role("link", name="Count sandbox mail instead").click()
    expect(page.get_by_role("link", name="1 sent", exact=True)).to_be_visible()
    page.get_by_role("link", name="Count real mail instead").click()
    expect(page.get_by_role("link", name="26 sent", exact=True)).to_be_visible()


def test_other_days_are_chosen_and_an_empty_span_says_so(open_screen: Open, busy: House) -> None:
    narrow = open_screen(viewport={"width": 360, "height": 740})
    narrow.sign_in(busy)
    page = narrow.page
    page.goto(JANUARY)
    expect(page.get_by_role("link", name="26 sent", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert narrow.violations() == []
    page.get_by_label("From").fill("2026-01-05")
    page.get_by_label("To", exact=True).fill("2026-01-05")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile(r"from=2026-01-05&to=2026-01-05$"))
    expect(page.get_by_role("link", name="2 sent", exact=True)).to_be_visible()
    page.get_by_role("link", name="7 days").click()
    expect(page.get_by_text("Nothing left in this span")).to_be_visible()
    assert narrow.violations() == []


def test_time_to_approval_opens_its_drafts_and_throughput_its_messages(
    open_screen: Open, house: House
) -> None:
    house.clock.now = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
    task = house.a_drafted_task()
    house.clock.now += timedelta(minutes=30)
    house.approve(task)
    house.settle()
    screen = open_screen()
    screen.sign_in(house)
    page = screen.page
    page.goto("/insight?days=7&sandbox=1")
    approval = page.get_by_role("region", name="Time to approval")
    expect(approval).to_contain_text("30 min")
    expect(approval.get_by_role("link", name="30 min is what half")).to_be_visible()
    approval.get_by_role("link", name="1 drafts decided on").click()
    expect(page.get_by_role("dialog", name="Drafts decided on")).to_contain_text("30 min")
    page.keyboard.press("Escape")
    busy = page.get_by_role("link", name=re.compile(r"^\d+ handled by Outreach"))
    handled = int((busy.text_content() or "").strip())
    assert handled > 0
    busy.click()
    expect(page.get_by_role("dialog")).to_contain_text("Messages that the agent was done with")
    rows = page.get_by_role("dialog", name="Messages handled").get_by_role("row")
    expect(rows).to_have_count(1 + handled)
    assert screen.violations() == []


def test_the_numbers_of_one_range_are_not_shown_as_those_of_another(
    screen: Screen, busy: House
) -> None:
    page = screen.page
    page.goto(JANUARY)
    sent = page.get_by_role("link", name="26 sent", exact=True)
    expect(sent).to_be_visible()
    screen.loses_network = True
    page.route("**/graphql", lambda route: route.abort())
    page.get_by_role("link", name="7 days").click()
    expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
    expect(sent).to_have_count(0)
