"""Pages of a web that a test writes: addresses and what stands there, or what goes wrong."""

from runtime.errors import Reject
from scheduler.integrations.web import Page


class NoWeb:
    """A web without pages."""

    def read(self, url: str) -> Page:
        raise Reject(f"There is nothing at {url}.", code="PAGE_MISSING")


class Pages(NoWeb):
    """A web of these pages; an exception in place of a text is raised.  Keeps what was read."""

    def __init__(self, **pages: str | BaseException) -> None:
        self.pages: dict[str, str | BaseException] = pages
        self.read_of: list[str] = []

    def read(self, url: str) -> Page:
        self.read_of.append(url)
        there = self.pages.get(url)
        if there is None:
            return super().read(url)
        if isinstance(there, BaseException):
            raise there
        return Page(url, "A page", there)
