"""Rates: shares of what was sent, with how sure one can be of them.

A rate looks only at what had its time, so that yesterday's mail, which nobody could answer
yet, does not press it down; it says until when it looks.  Its parts are counted over the
same mails or conversations: the numerator lies within the denominator.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import sqrt

from runtime.insight.begun import ANSWERED_WITHIN
from runtime.insight.metrics import InsightMetric
from runtime.insight.span import Span

FLOOR = 20
"""Below so many a rate is too uncertain to tell anything."""

_Z = 1.959963984540054
"""The normal deviate of a two-sided 95 %."""


class RateName(StrEnum):
    """The shares that are looked at."""

    DELIVERED = "DELIVERED"
    BOUNCE = "BOUNCE"
    REPLY = "REPLY"
    POSITIVE = "POSITIVE"


@dataclass(frozen=True, slots=True)
class Share:
    """What a rate is: of which number it is which share, and how old a mail must be for it."""

    of: InsightMetric
    part: InsightMetric
    age: timedelta
    definition: str

    def span(self, span: Span, now: datetime) -> Span:
        """Return what of a span is old enough to be judged."""
        return span.up_to(now - self.age)


_FATE, _DAYS = timedelta(days=1), ANSWERED_WITHIN.days
_LEFT_OUT = (
    "One whose mails all came back is left out; a later answer is in the counts and in no rate. "
    "Of one agent, only its own mails and the answers to them are looked at."
)
SHARES = {
    RateName.DELIVERED: Share(
        InsightMetric.SENT,
        InsightMetric.DELIVERED,
        _FATE,
        "Mails delivered for each mail sent, of those that left at least a day ago.",
    ),
    RateName.BOUNCE: Share(
        InsightMetric.SENT,
        InsightMetric.BOUNCED,
        _FATE,
        "Mails that came back for each mail sent, of those that left at least a day ago.",
    ),
    RateName.REPLY: Share(
        InsightMetric.BEGUN,
        InsightMetric.ANSWERED,
        ANSWERED_WITHIN,
        f"Conversations answered within {_DAYS} days of their first mail, whichever mail brought "
        f"the answer, for each one begun at least {_DAYS} days ago. {_LEFT_OUT}",
    ),
    RateName.POSITIVE: Share(
        InsightMetric.BEGUN,
        InsightMetric.ANSWERED_POSITIVELY,
        ANSWERED_WITHIN,
        f"Conversations with a positive answer within {_DAYS} days of their first mail, for each "
        f"one begun at least {_DAYS} days ago. {_LEFT_OUT}",
    ),
}
_WORDS = {
    InsightMetric.SENT: (
        "What was sent",
        "Nothing was sent in this span that this could be a share of.",
    ),
    InsightMetric.BEGUN: (
        "What began",
        "No conversation that reached anybody began in this span.",
    ),
}
"""How a rate speaks of what it is a share of, and says that there is none."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its parts.  ``young``: what of the span is too young for it."""

    name: RateName
    numerator: int
    denominator: int
    young: int
    judged_until: datetime
    unreported: bool = False
    """Nothing was heard of any of these mails, neither good nor bad."""

    @property
    def known(self) -> bool:
        """Say whether there is anything to tell the share from."""
        return self.denominator > 0 and not self.unreported

    @property
    def value(self) -> float | None:
        """The share, 0 to 1; None where there is nothing to tell it from."""
        return self.numerator / self.denominator if self.known else None

    @property
    def bounds(self) -> tuple[float, float] | None:
        """The 95 % Wilson interval; None where there is no value."""
        return wilson(self.numerator, self.denominator) if self.known else None

    @property
    def too_few(self) -> bool:
        """Say whether the share is of so few that it tells nothing."""
        return self.denominator < FLOOR

    @property
    def why(self) -> str | None:
        """Say why there is no value, or little behind it; None for a sound one."""
        days = SHARES[self.name].age.days
        age = "a day" if days == 1 else f"{days} days"
        begun, nothing = _WORDS[SHARES[self.name].of]
        if self.denominator == 0 and self.young:
            return f"{begun} is younger than {age}: too young to be judged."
        if self.denominator == 0:
            return nothing
        if self.unreported:
            return (
                "The provider has reported on none of these mails, so nobody knows whether they "
                "arrived: look whether its webhook is set up."
            )
        if self.too_few:
            return f"Of {self.denominator}; below {FLOOR} a rate is too uncertain to tell anything."
        return None


def wilson(part: int, whole: int) -> tuple[float, float]:
    """Return the ends of the 95 % Wilson score interval of a share; ``whole`` is not zero."""
    share, weight = part / whole, _Z * _Z / whole
    middle = (share + weight / 2) / (1 + weight)
    reach = sqrt(weight * share * (1 - share) + weight * weight / 4) / (1 + weight)
    # At the ends the interval is exact, and rounding would leave a grain below zero.
    low = 0.0 if part == 0 else middle - reach
    high = 1.0 if part == whole else middle + reach
    return low, high
