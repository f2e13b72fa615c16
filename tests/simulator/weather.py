"""Weather: what goes wrong in a run, and how often.  Some seeds have a calm sea, some a storm."""

from dataclasses import dataclass, field
from datetime import timedelta

from runtime.clock import FakeClock
from tests.simulator.chance import Chance
from tests.simulator.diary import Diary
from tests.simulator.hand import Hand, PowerCut

LONGEST_SLEEP = timedelta(hours=2)
"""A call's deadline is seconds; a machine that slept longer than this in one is gone for good.

With the twenty hours in which a key is used again it stays below the provider's day."""

SEND_FATES = {
    "accepted": 0.0,
    "the answer got lost": 5.0,
    "the SDK broke": 2.0,
    "the provider failed": 3.0,
    "the provider could not be reached": 3.0,
    "the provider was busy": 3.0,
    "the quota was spent": 1.0,
    "the provider refused": 1.0,
}
LIST_FATES = {
    "shown": 0.0,
    "the list could not be read": 3.0,
    "the list is closed": 1.0,
}
WRITE_FATES = {
    "written": 0.0,
    "the writer was away": 3.0,
    "the writer broke": 1.0,
    "the writer refused": 1.0,
    "a placeholder was left": 1.5,
}
_AFTER_TAKING = (
    "the answer got lost",
    "the SDK broke",
    "the provider's answer",
    "call.answered",
)


class Bug(RuntimeError):
    """Something in a process that raises."""


@dataclass
class Weather:
    """Decides at each step whether it goes well.

    ``roughness``: how much more than usual goes wrong; drawn if not given.  ``clear`` ends
    all trouble.
    """

    chance: Chance
    clock: FakeClock
    diary: Diary
    hands: list[Hand] = field(default_factory=list)
    """Those that hang."""
    roughness: float | None = None
    clear: bool = False
    doubt: bool = False
    """Whether a mail was taken and nobody here heard of it, since the last look."""

    def __post_init__(self) -> None:
        drawn = self.chance.pick([0.0, 0.5, 1.0, 1.0, 2.0])
        self.roughness = drawn if self.roughness is None else self.roughness

    def strikes(self, share: float) -> bool:
        """Say whether trouble of this usual share comes now."""
        return not self.clear and self.chance.happens(share * (self.roughness or 0.0))

    def fate(self, fates: dict[str, float], about: str) -> str:
        """Return what becomes of a call to the outside; the first is that it goes well."""
        well = next(iter(fates))
        if not self.strikes(0.2):
            return well
        fate = self.chance.weighed({name: weight for name, weight in fates.items() if weight})
        self.diary.fault(fate, about)
        self.doubt |= fate in _AFTER_TAKING
        return fate

    def outage_follows(self) -> bool:
        """Say whether a long outage comes on top of a doubt: when a key outlives the provider's."""
        doubt, self.doubt = self.doubt, False
        return doubt and self.strikes(0.6)

    def at_rest(self, hand: Hand, where: str, about: str) -> None:
        """Let a hand go on, or leave it standing, or have its process die."""
        if self.strikes(0.03):
            self.diary.fault(f"a worker died at {where}", about)
            self.doubt |= where in _AFTER_TAKING
            raise PowerCut
        # Who hangs beside one that lost the same call is what fences are for.
        rivals = any(other.claimed.id == hand.claimed.id for other in self.hands)
        if self.strikes(0.40 if rivals else 0.10):
            self.diary.fault(f"a worker hangs at {where}", about)
            shortest, longest = self.chance.pick([(5, 60), (15, 120), (60, 3600)])
            length = self.chance.after(timedelta(seconds=shortest), timedelta(seconds=longest))
            hand.stop(where, self.clock.now + length)

    def pass_by(self, name: str) -> None:
        """Do at a failpoint of a turn or the clock, which the world plays itself, what it wants."""
        if self.strikes(0.03):
            self.diary.fault(f"a process died at {name}")
            raise PowerCut
        if name == "turn.handled" and self.strikes(0.03):
            self.diary.fault("a handler raised")
            raise Bug("A handler raised.")
