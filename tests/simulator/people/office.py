"""Office: where people work: what they have before their eyes, and how they give a command."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from runtime.errors import RapportError, Refused
from runtime.models import AgentKind
from runtime.settings import Settings
from tests.house import House
from tests.simulator.chance import Chance
from tests.simulator.diary import Broken, Diary
from tests.simulator.eye import Eye
from tests.simulator.hand import Hand
from tests.simulator.ledger import Errand, Ledger


@dataclass
class Office:
    """What every act needs."""

    house: House
    eye: Eye
    ledger: Ledger
    diary: Diary
    chance: Chance
    settings: dict[bool, Settings]
    """By whether real sending is allowed."""
    hands: list[Hand]
    """Of the workers that hang: who looks into the provider's log waits for them."""
    agents: dict[AgentKind, uuid.UUID]
    page: list[Any] = field(default_factory=list)
    """The drafts as they were read; perhaps long ago."""

    def do(self, what: str, command: Any, *, about: str = "", **fields: Any) -> Any:
        """Give a command; return what it returned, or None if a rule of the house said no."""
        self.house.who = self.chance.pick(["Ada", "Bob"])
        try:
            done = self.house.run(command, **fields)
        except Refused as no:
            self.diary.note(f"{self.house.who} wants to {what}: {no.reason_code}", about)
            return None
        except RapportError as error:
            raise Broken("What is refused is told as a refusal.", repr(error), about) from error
        self.diary.note(f"{self.house.who}: {what}", about)
        return done

    def errand(self, task_id: uuid.UUID) -> Errand:
        """Return the errand that a task is."""
        return self.ledger.errands[task_id]

    def one(self, rows: Any) -> Any | None:
        """Pick one of the rows, each of which has a ``task_id``, whatever order they came in."""
        if not rows:
            return None
        return self.chance.pick(sorted(rows, key=lambda row: self.errand(row.task_id).number))
