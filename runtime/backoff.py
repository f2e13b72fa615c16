"""Back-off: how long to wait before the next try."""

import random

FLOOR = 0.25
"""Seconds; full jitter alone may draw zero, and then an outage is met by a burst."""


def full_jitter(
    attempt: int, *, base: float, cap: float, after: float | None = None, floor: float = FLOOR
) -> float:
    """Return seconds to wait after the given attempt (1-based).

    Exponential with full jitter between ``floor`` and ``min(cap, base * 2**(attempt - 1))``;
    never sooner than the other side asked for (``after``, from Retry-After), which
    gets a little jitter on top, so that all who were told the same do not come at once.
    """
    ceiling = max(floor, min(cap, base * 2 ** (attempt - 1)))
    drawn = random.uniform(floor, ceiling)  # noqa: S311 - spreading load needs no secret
    if after is None:
        return drawn
    return max(drawn, after + random.uniform(0, min(1.0, after / 10 + floor)))  # noqa: S311 - as above
