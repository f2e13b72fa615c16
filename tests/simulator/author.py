"""Author: the template writer with bad days."""

from collections.abc import Sequence
from dataclasses import replace

from runtime.errors import Reject, Retry
from scheduler.integrations import Brief, Written
from scheduler.integrations.template import TemplateWriter
from tests.simulator.hand import current
from tests.simulator.weather import WRITE_FATES, Bug, Weather


class Author:
    """A writer in this process."""

    name = "author"

    def __init__(self, weather: Weather) -> None:
        self._weather, self._writer = weather, TemplateWriter()

    def write(self, brief: Brief) -> Written:
        """Write, or do what writers do."""
        about = brief.contact_name
        if (hand := current()) is not None:
            self._weather.at_rest(hand, "the writer's door", about)
        fate = self._weather.fate(WRITE_FATES, about)
        match fate:
            case "the writer was away":
                raise Retry("It is away.")
            case "the writer broke":
                raise Bug("The writer broke.")
            case "the writer refused":
                raise Reject("It does not write such things.", code="WRITER_REFUSED")
        text = self._writer.write(brief)
        if fate == "a placeholder was left":
            return replace(text, body=f"{text.body}\n\n{{{{first_name}}}}")
        return text

    def classify(self, reply: str, kinds: Sequence[str]) -> str:
        """Tell a reply's tone as the template writer does."""
        return self._writer.classify(reply, kinds)

    def quote(self, page: str, about: Sequence[str]) -> tuple[str, ...]:
        """Choose passages as the template writer does."""
        return self._writer.quote(page, about)

    def word(self, title: str, why: str) -> str:
        """Say what the rule says, as the template writer does."""
        return self._writer.word(title, why)
