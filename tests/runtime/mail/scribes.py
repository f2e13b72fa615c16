"""Scribes: writers that write what a test has them write, and facts for them to cite."""

from runtime.crm.research import facts
from runtime.crm.research.facts import Source
from runtime.models import Contact, Fact, FactSource, WebPage, new_id
from scheduler.integrations import Brief, Citation, Written
from scheduler.integrations.template import TemplateWriter
from tests.house import House

MILL = "Engines Ltd opened a second mill in Leeds."
PAGE = "https://www.engines.example/news"


class Scribe(TemplateWriter):
    """A writer that writes what a test has it write, and remembers its briefs."""

    def __init__(self, body: str, *cited: tuple[str, str], step: int = 0) -> None:
        self.body, self.step = body, step
        self.cited = tuple(Citation(sentence, (handle,)) for sentence, handle in cited)
        self.briefs: list[Brief] = []

    def write(self, brief: Brief) -> Written:
        self.briefs.append(brief)
        if brief.step < self.step:
            return super().write(brief)
        return Written("A mill", self.body, "scribe", citations=self.cited)


def a_fact(
    house: House, contact: Contact, text: str = MILL, source: FactSource = FactSource.PAGE
) -> Fact:
    """Keep something that is known of a contact; of a page, one that is listed and was read."""
    id_, url = new_id(), PAGE if source is FactSource.PAGE else None
    with house.tx() as tx:
        if url:
            listed = {"contact_id": contact.id, "url": f"{url}?{id_}", "added_by": "Ada"}
            tx.insert(WebPage, id=id_, created_at=tx.now, read_at=tx.now, **listed)
        facts.keep(tx, contact, Source(source, id_, text, url), [text], found_by="test")
        return facts.of(tx, contact.id)[-1]
