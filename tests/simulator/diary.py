"""Diary: what was done in a run, one line each, by names that are the same in every run.

No id and no real time stands in it: the same seed writes the same diary.
"""

from collections import Counter
from dataclasses import dataclass

from runtime.clock import FakeClock

SHOWN = 40
"""The last lines of a story that are told when it went wrong."""


class Broken(BaseException):
    """A promise was broken.

    No Exception: what the product survives must not swallow it.
    """

    def __init__(self, sentence: str, detail: str, about: str = "") -> None:
        """``about``: the reader (R3) that the story is to be told of; all of it without."""
        super().__init__(f"{sentence} {detail}")
        self.sentence, self.detail, self.about = sentence, detail, about


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened; without ``about`` it concerns everybody."""

    at: str
    text: str
    about: str

    def __str__(self) -> str:
        return f"{self.at}  {self.about:<4} {self.text}"


class Diary:
    """The lines of one run, and how often what was done to it."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.lines: list[Line] = []
        self.faults: Counter[str] = Counter()

    def note(self, text: str, about: str = "") -> None:
        """Write a line."""
        self.lines.append(Line(f"{self._clock.now:%a %d %b %H:%M:%S}", text, about))

    def fault(self, kind: str, about: str = "") -> None:
        """Write a line about something that went wrong, and count it."""
        self.faults[kind] += 1
        self.note(f"! {kind}", about)

    def told(self, about: str = "") -> str:
        """Return the end of the story, of one reader and what concerns all, or of everybody."""
        wanted = [line for line in self.lines if not about or line.about in ("", about)]
        left_out = len(wanted) - SHOWN
        head = [f"… {left_out} lines before"] if left_out > 0 else []
        return "\n".join([*head, *map(str, wanted[-SHOWN:])])
