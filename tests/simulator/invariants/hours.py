"""Hours: follow-ups leave at their time of day, on a day that is one for them."""

from runtime import durations
from tests.simulator.invariants.sight import Sight

_SATURDAY = 5


def in_the_window(sight: Sight) -> str | None:
    """A follow-up leaves within its window, where its reader lives."""
    settings = sight.row.settings
    if sight.row.follow_up_id is None:
        return None
    if settings["windowStart"] is not None:
        clock = f"{sight.there:%H:%M}"
        if not settings["windowStart"] <= clock < settings["windowEnd"]:
            return f"It is {clock} in {sight.zone.key}."
    if _wants_business_days(sight) and sight.there.weekday() >= _SATURDAY:
        return f"It is {sight.there:%A} in {sight.zone.key}."
    return None


def not_early(sight: Sight) -> str | None:
    """A follow-up leaves when it is due, never earlier."""
    if sight.row.follow_up_id is None or sight.row.due_at <= sight.now:
        return None
    return f"It is due at {sight.row.due_at}."


def _wants_business_days(sight: Sight) -> bool:
    """Tell whether the step's wait is one of days, and nobody moved it onto a weekend."""
    settings = sight.row.settings
    waits = settings["waits"] or ["P7D"]
    wait = durations.parse(waits[min(sight.row.step, len(waits)) - 1])
    due = sight.row.due_at.astimezone(sight.zone)
    return settings["businessDaysOnly"] and wait.days >= 1 and due.weekday() < _SATURDAY
