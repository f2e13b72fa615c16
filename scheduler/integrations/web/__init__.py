"""The web: pages that a person listed, read as text, and nothing else of the network.

Whoever can name an address could have us ask a machine that only we can reach.  So every
address is looked up once, each of its numbers must be a public one, and the connection
goes to that number; redirects are followed by hand, each through the same door.
"""

from dataclasses import dataclass
from typing import Protocol

__all__ = ["Page", "Reader", "reader"]


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says, as text, and the address that it came from in the end."""

    url: str
    title: str
    text: str


class Reader(Protocol):
    """Reads pages; safe to use from many threads at once."""

    def read(self, url: str) -> Page:
        """Return the page.  Raises Retry (try later) and Reject (not this one, and why)."""
        ...


def reader() -> Reader:
    """Return the reader of the public web."""
    from scheduler.integrations.web.reading import WebReader  # noqa: PLC0415 - lxml, when needed

    return WebReader()
