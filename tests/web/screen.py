"""Screen: a browser window in which somebody is signed in, and that complains of every error."""

import contextlib
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Request, Route, expect

from runtime.crm import tokens
from runtime.models import Role
from tests.house import House
from tests.web.chromium import WEB

AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PATIENCE = 20.0
"""Seconds for anything to appear; nothing here takes a tenth of it on an idle machine."""
_OF_A_LOST_NETWORK = re.compile(r"net::ERR_|WebSocket connection to")


class Screen:
    """One window of its own browser context: no cookie is shared with another's."""

    def __init__(self, browser: Browser, url: str, **context: Any) -> None:
        self.url = url
        self.context = browser.new_context(base_url=url, reduced_motion="reduce", **context)
        self.page = self.context.new_page()
        self.errors: list[str] = []
        self.loses_network = False
        self.refuses_us = False
        self.asked = 0
        """Questions to the API that are not answered yet."""
        self.page.on("request", lambda request: self._count(request, 1))
        self.page.on("requestfinished", lambda request: self._count(request, -1))
        self.page.on("requestfailed", lambda request: self._count(request, -1))
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def sign_in(
        self, house: House, role: Role = Role.OWNER, name: str | None = None, at: str | None = "/"
    ) -> None:
        """Come with a login code, as ``rapport login`` prints it, and open the page ``at``."""
        with house.tx() as tx:
            code = tokens.create_code(tx, name=name or house.who, role=role)
        assert self.context.request.get(f"/?code={code}", max_redirects=0).status == 303
        if at is not None:
            self.page.goto(at)
            expect(self.page.get_by_role("navigation", name="Pages")).to_be_visible()

    def until_live(self) -> None:
        """Wait until events arrive."""
        expect(self.page.locator("[data-connection=live]")).to_have_count(1)

    def until_still(self) -> None:
        """Wait until everything that was asked for first has come."""
        self.until_live()
        self.page.wait_for_load_state("load")
        expect(self.page.locator("[data-skeleton]")).to_have_count(0)
        self.until("every question is answered", lambda: self.asked == 0)

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hold back all questions and commands over HTTP, then let them go."""
        routes: list[Route] = []

        def hold(route: Route) -> None:
            routes.append(route)

        self.page.route("**/graphql", hold)
        yield
        for route in routes:
            route.continue_()
        self.page.unroute("**/graphql")

    def until(self, what: str, true: Callable[[], object]) -> None:
        """Wait until something is true that is not on the page; fail naming ``what``."""
        deadline = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < deadline, f"this never came about: {what}"
            self.page.wait_for_timeout(20)  # the browser's messages arrive meanwhile

    def violations(self) -> list[str]:
        """Return what axe finds wrong with the page as it is now, a line each."""
        self.page.evaluate(AXE.read_text())
        found = self.page.evaluate(
            "(tags) => axe.run(document, { runOnly: tags, resultTypes: ['violations'] })", _TAGS
        )
        return [
            f"{each['id']}: {node['html']} {node['failureSummary']}"
            for each in found["violations"]
            for node in each["nodes"]
        ]

    def close(self) -> None:
        """Close the window; nothing may have gone wrong in it, unnoticed by the test."""
        errors = list(self.errors)  # those before this end of everything under way
        self.context.close()
        assert errors == []

    def _count(self, request: Request, by: int) -> None:
        if request.url.endswith("/graphql"):
            self.asked += by

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        if self.loses_network and _OF_A_LOST_NETWORK.search(message.text):
            return
        if self.refuses_us and "401" in message.text:
            return
        self.errors.append(message.text)
