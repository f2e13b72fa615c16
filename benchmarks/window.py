"""Window: whether Today, with a full queue, answers its reader while much happens."""

import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from benchmarks import drafts
from runtime.crm import tokens
from runtime.db import Database
from runtime.models import Role
from runtime.notifier import Sender
from tests.journeys.fleet import Fleet
from tests.web import chromium

EVENTS_A_MINUTE = 1000
_KINDS = ("task.started", "draft.written", "approval.requested", "email.sent", "agent.updated")
_WATCH = """() => {
  window.longTasks = [];
  new PerformanceObserver((seen) => {
    for (const { duration } of seen.getEntries()) window.longTasks.push(duration);
  }).observe({ type: "longtask" });
}"""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a reader would notice.

    ``shown``: ms from the first request to the largest paint; ``longest``: ms of the longest
    task, 0 if none took 50; ``requests``: what the page asked a second meanwhile.
    """

    shown: float
    longest: float
    requests: float


def under_load(folder: Path, waiting: int, seconds: float) -> Seen:
    """Return how Today with so many drafts fared while events came for so many seconds."""
    fleet = Fleet(folder, LOG_LEVEL="WARNING")
    db = Database(fleet.postgres.app_url, hints=Sender(fleet.postgres.app_url))
    try:
        for wing in ("agents", "worker", "clock", "api"):
            fleet.start(wing)
        drafts.have_waiting(fleet, waiting)
        with fleet.db.transaction(fleet.workspace_id) as tx:
            code = tokens.create_code(tx, name="Ada", role=Role.OWNER)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(**chromium.options())
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{fleet.port}/?code={code}")
            seen = _watched(page, fleet, db, waiting, seconds)
            browser.close()
            return seen
    finally:
        db.close()
        fleet.close()


def _watched(page: Page, fleet: Fleet, db: Database, waiting: int, seconds: float) -> Seen:
    page.reload()
    rows = page.get_by_role("region", name="Drafts that wait").get_by_role("listitem")
    expect(page.locator("[data-connection=live]")).to_have_count(1)
    expect(rows.first).to_be_visible()
    shown = page.evaluate(
        """() => new Promise((tell) => new PerformanceObserver((seen) =>
        tell(seen.getEntries().at(-1).startTime)
        ).observe({ type: "largest-contentful-paint", buffered: true }))"""
    )
    while rows.count() < waiting:
        before = rows.count()
        page.get_by_role("button", name="Show more").click()
        expect(rows).not_to_have_count(before)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(_WATCH)
    began = time.monotonic()
    for number in range(int(EVENTS_A_MINUTE / 60 * seconds)):
        with db.transaction(fleet.workspace_id) as tx:
            tx.record(_KINDS[number % len(_KINDS)], "Something happened.", actor="bench")
        left = began + (number + 1) * 60 / EVENTS_A_MINUTE - time.monotonic()
        page.wait_for_timeout(max(left, 0) * 1000)
    longest = max(page.evaluate("window.longTasks"), default=0.0)
    return Seen(shown, longest, len(asked) / (time.monotonic() - began))
