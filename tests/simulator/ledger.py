"""Ledger: what is known for certain, because we did it or saw it, whatever the rows say.

Moments are numbers that rise with each entry: of two things at the same virtual time it
is known which came first.
"""

import itertools
import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler.integrations import Mail


@dataclass(frozen=True, slots=True)
class Reader:
    """One contact: somebody who gets mail, and what they are like."""

    number: int
    id: uuid.UUID
    email: str
    persona: str
    zone: ZoneInfo | None

    @property
    def name(self) -> str:
        return f"R{self.number}"


@dataclass(frozen=True, slots=True)
class Errand:
    """One task: an accepted command to write to somebody."""

    number: int
    id: uuid.UUID
    reader: Reader
    assigned: int

    @property
    def name(self) -> str:
        return f"T{self.number}"


@dataclass(frozen=True, slots=True)
class Leave:
    """A person's approval of a text, as they had it before their eyes."""

    moment: int
    draft_id: uuid.UUID
    to: str
    subject: str
    body: str
    settings_version: int


@dataclass(slots=True)
class Taken:
    """A mail that the provider accepted."""

    number: int
    mail: Mail
    at: datetime
    draft_id: uuid.UUID
    errand: Errand
    given_up: bool = False
    """Accepted, and then never sent on: its reader got nothing."""

    @property
    def message_id(self) -> str:
        return f"re-{self.draft_id}-{self.number}"


@dataclass
class Ledger:
    """All of it, for one run."""

    readers: dict[uuid.UUID, Reader] = field(default_factory=dict)
    errands: dict[uuid.UUID, Errand] = field(default_factory=dict)
    leaves: dict[uuid.UUID, Leave] = field(default_factory=dict)
    """By draft; taken out again when it is withdrawn."""
    first_leaves: dict[uuid.UUID, Leave] = field(default_factory=dict)
    """By task: of its first mail."""
    stops: dict[uuid.UUID, str] = field(default_factory=dict)
    """By reader: why nothing may be written to them any more."""
    ever_stopped: set[uuid.UUID] = field(default_factory=set)
    """Readers; what ended with a stop stays ended when it is lifted."""
    replies: dict[uuid.UUID, int] = field(default_factory=dict)
    """By reader: when they last answered."""
    cancelled: dict[uuid.UUID, str] = field(default_factory=dict)
    """By task or step: what a person ended."""
    passed: dict[uuid.UUID, datetime] = field(default_factory=dict)
    """By draft: when its mail first passed the gate."""
    taken: list[Taken] = field(default_factory=list)
    reports: set[str] = field(default_factory=set)
    extensions: Counter[uuid.UUID] = field(default_factory=Counter)
    paused: set[str] = field(default_factory=set)
    """Kinds of agents."""
    approval_wanted: bool = True
    """Of first mails; false where the owner set it so."""
    stopped: bool = False
    """The kill switch."""
    allowed: bool = True
    """ALLOW_EMAIL_SENDING."""
    _moments: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def about(self, task_id: uuid.UUID | None) -> str:
        """Return the name of the reader whom a task is about."""
        return self.errands[task_id].reader.name if task_id else "nobody"

    def moment(self) -> int:
        """Return a number higher than all before it."""
        return next(self._moments)

    def stop(self, reader: Reader, why: str) -> None:
        """Note that a reader must be left alone from now on."""
        self.stops[reader.id] = why
        self.ever_stopped.add(reader.id)

    def by_draft(self) -> dict[uuid.UUID, list[Taken]]:
        """Return the accepted mails of each draft."""
        found: dict[uuid.UUID, list[Taken]] = defaultdict(list)
        for each in self.taken:
            found[each.draft_id].append(each)
        return found
