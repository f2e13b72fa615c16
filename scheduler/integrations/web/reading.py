"""Reading: a page from its address to its text, by the rules of the house and of its host."""

import threading
import time
from collections.abc import Callable
from urllib.parse import urljoin

from protego import Protego

from runtime.errors import Reject, Retry
from scheduler.integrations.web import Page, asking, targets
from scheduler.integrations.web.asking import Answer
from scheduler.integrations.web.pages import page
from scheduler.integrations.web.targets import Number, Resolve, Target

MOST_REDIRECTS = 3
ROBOTS_BYTES = 500_000
ROBOTS_SECONDS = 3600.0
"""How long a host's robots.txt is remembered."""

_MOVED = (301, 302, 303, 307, 308)


class WebReader:
    """Reads pages of the public web, where their host lets robots read."""

    def __init__(
        self,
        *,
        resolve: Resolve = targets.look_up,
        public: Callable[[Number], bool] = targets.is_public,
        ask: Callable[..., Answer] = asking.ask,
    ) -> None:
        self._resolve, self._public, self._ask = resolve, public, ask
        self._robots: dict[str, tuple[float, Protego]] = {}
        self._lock = threading.Lock()

    def read(self, url: str) -> Page:
        """Return the page; see ``Reader.read``."""
        target, answer = self._followed(url, self._refuse_unless_welcome)
        return page(target.url, _good(target, answer))

    def _followed(
        self, url: str, first: Callable[[Target], None], **limits: int
    ) -> tuple[Target, Answer]:
        """Return what an address leads to, each step of the way looked at like the first."""
        for _ in range(MOST_REDIRECTS + 1):
            target = self._target(url)
            first(target)
            answer = self._ask(target, **limits)
            if answer.status not in _MOVED:
                return target, answer
            url = urljoin(target.url, answer.headers.get("location", ""))
        raise Reject("The page moves on and on.", code="PAGE_MOVES")

    def _target(self, url: str) -> Target:
        return targets.target(url, self._resolve, public=self._public)

    def _refuse_unless_welcome(self, target: Target) -> None:
        if not self._rules(target).can_fetch(target.url, asking.AGENT):
            raise Reject(f"{target.host} asks robots not to read this page.", code="PAGE_FORBIDDEN")

    def _rules(self, target: Target) -> Protego:
        with self._lock:
            known = self._robots.get(target.origin)
        if known and time.monotonic() - known[0] < ROBOTS_SECONDS:
            return known[1]
        rules = Protego.parse(self._robots_txt(target))
        with self._lock:
            self._robots[target.origin] = (time.monotonic(), rules)
        return rules

    def _robots_txt(self, target: Target) -> str:
        """Return what a host says to robots; one that has nothing to say says nothing."""
        _, answer = self._followed(f"{target.origin}/robots.txt", _anything, most=ROBOTS_BYTES)
        if answer.status >= 500:
            raise Retry(f"{target.host} is out of order.", code="PAGE_UNREACHABLE")
        return answer.body.decode("utf-8", "replace") if answer.status == 200 else ""


def _anything(_target: Target) -> None:
    """Read it: no robots.txt says whether robots.txt may be read."""


def _good(target: Target, answer: Answer) -> Answer:
    if answer.status == 429 or answer.status >= 500:
        raise Retry(f"{target.host} cannot answer now ({answer.status}).", code="PAGE_UNREACHABLE")
    if answer.status != 200:
        raise Reject(f"{target.host} has no such page ({answer.status}).", code="PAGE_MISSING")
    return answer
