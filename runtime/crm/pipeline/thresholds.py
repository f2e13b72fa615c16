"""Thresholds: how long is long and how much is much, as the planning agent is set."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

from runtime.crm.pipeline.facts import Deal
from runtime.crm.team import PlanningSettings

SAMPLE_FLOOR = 8
"""Deals with a value that there must be before "much" is read off the others."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Days, and a value from which on a deal counts as a big one; None: nobody can tell."""

    no_touch_days: int
    reply_unanswered_days: int
    stale_draft_days: int
    meeting_note_days: int
    high_value: float | None
    rules_off: frozenset[str] = frozenset()


def of(settings: PlanningSettings, deals: Sequence[Deal]) -> Thresholds:
    """Return the thresholds that hold for these deals."""
    return Thresholds(
        no_touch_days=settings.no_touch_days,
        reply_unanswered_days=settings.reply_unanswered_days,
        stale_draft_days=settings.stale_draft_days,
        meeting_note_days=settings.meeting_note_days,
        high_value=settings.high_value if settings.high_value is not None else _upper(deals),
        rules_off=frozenset(settings.rules_off),
    )


def _upper(deals: Sequence[Deal]) -> float | None:
    """Return the upper quartile of the deals' values, if there are enough to speak of one."""
    values = [deal.value for deal in deals if deal.value is not None]
    return quantiles(values, n=4)[2] if len(values) >= SAMPLE_FLOOR else None
