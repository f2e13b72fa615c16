"""Attention: when the planning agent looks at the pipeline again.

Each day, and soon after something happened.  Many things that happen at once are one
look: the timer has one name.
"""

from datetime import timedelta

from runtime import timers
from runtime.crm.pipeline import facts
from runtime.db import Transaction
from runtime.messages import PipelineChanged
from runtime.models import AgentKind

SOON = timedelta(seconds=5)
"""After something happened; what follows it in the same minute is mostly of the same cause."""
AT_THE_LATEST = timedelta(days=1)
"""Thresholds are in days."""

_NAME = "look"


def draw(tx: Transaction) -> None:
    """Have the planning agent look soon, if there is anything to look at."""
    if facts.any_open(tx):
        _look_at(tx, SOON)


def look_daily(tx: Transaction) -> None:
    """Have the planning agent look again in a day, as long as there is anything to look at."""
    if facts.any_open(tx):
        _look_at(tx, AT_THE_LATEST)


def _look_at(tx: Transaction, after: timedelta) -> None:
    timers.remind(tx, AgentKind.PLANNING, _NAME, tx.now + after, PipelineChanged(), task=None)
