"""Counting: all numbers of a span in one statement, by day and by agent.

Each mail is marked once with what it counts for; the sums over days, agents and all are
taken from the same marks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from runtime.db import Transaction
from runtime.insight import metrics
from runtime.insight.begun import BY_EACH
from runtime.insight.metrics import InsightMetric
from runtime.insight.rates import SHARES, Rate, RateName
from runtime.insight.span import Span
from runtime.models import AgentKind, SentEmail

Key = tuple[date | None, AgentKind | None]
"""A day and an agent; None for all of them."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of each."""

    sent: int = 0
    delivered: int = 0
    bounced: int = 0
    reached: int = 0
    replied: int = 0
    positive: int = 0
    begun: int = 0
    answered: int = 0
    answered_positively: int = 0


@dataclass(frozen=True, slots=True)
class Sums:
    """The numbers of one day, agent or all: counts, and the rates over what is old enough."""

    counts: Counts
    rates: dict[RateName, Rate]


def count(tx: Transaction, span: Span) -> dict[Key, Sums]:
    """Return the sums by day and agent; a day or agent of which there is nothing is missing.

    The key (None, None) is always there.
    """
    days = span.days()
    if not days:
        return {(None, None): empty(tx, span)}
    mails = _marked(tx, span, days)
    columns = [*_plain(mails), *_aged(mails)]
    by = (mails.c.day, mails.c.later)
    query = sa.select(*by, *columns).group_by(sa.func.cube(*by))
    return {_key(row, days): _sums(tx, span, row) for row in tx.execute(query).mappings()}


def mails(tx: Transaction, span: Span) -> int:
    """Count the mails of a span."""
    query = sa.select(sa.func.count()).select_from(SentEmail).where(*span.conditions())
    return tx.execute(query).scalar_one()


def empty(tx: Transaction, span: Span) -> Sums:
    """Return the sums of nothing."""
    return Sums(Counts(), {name: _rate(tx, span, name, {}) for name in RateName})


def _marked(tx: Transaction, span: Span, days: list[date]) -> sa.CTE:
    begins = sa.literal([span.begins(day) for day in days], ARRAY(sa.DateTime(timezone=True)))
    together, by_each = metrics.conditions_and_by_each(span)
    marks = [
        *(condition.label(_mark(metric)) for metric, condition in together.items()),
        *(condition.label(_mark(metric, by_each=True)) for metric, condition in by_each.items()),
    ]
    old = [
        (SentEmail.sent_at < share.span(span, tx.now).until).label(f"old_{name}")
        for name, share in SHARES.items()
    ]
    return (
        sa.select(
            sa.func.width_bucket(SentEmail.sent_at, begins).label("day"),
            SentEmail.follow_up_id.is_not(None).label("later"),
            SentEmail.task_id,
            metrics.REPORTED.label("reported"),
            *marks,
            *old,
        )
        .where(*span.conditions())
        .cte("mails")
    )


def _plain(mails: sa.CTE) -> Iterator[sa.Label[int]]:
    for metric in InsightMetric:
        for mark in _marks(metric):
            yield _number(mails, mark, sa.true()).label(f"n_{mark}")


def _aged(mails: sa.CTE) -> Iterator[sa.Label[int]]:
    for name, share in SHARES.items():
        old = mails.c[f"old_{name}"]
        for part, of in zip(_marks(share.part), _marks(share.of), strict=True):
            yield _number(mails, part, old).label(f"{name}_{part}")
            yield _number(mails, of, old).label(f"{name}_{of}")
            yield _number(mails, of, ~old).label(f"{name}_young_{of}")
        yield sa.func.count().filter(old, mails.c.reported).label(f"{name}_reported")


def _mark(metric: InsightMetric, *, by_each: bool = False) -> str:
    """Return what the mark of a metric is called; ``by_each``: each agent for itself."""
    return f"{metric}{BY_EACH}" if by_each and metric in metrics.BY_CONVERSATION else metric


def _marks(metric: InsightMetric) -> list[str]:
    return list(dict.fromkeys((_mark(metric), _mark(metric, by_each=True))))


def _number(mails: sa.CTE, mark: str, only: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    distinct = mark == InsightMetric.REACHED
    counted = sa.func.count(mails.c.task_id.distinct()) if distinct else sa.func.count()
    return counted.filter(mails.c[mark], only)


def _key(row: Any, days: list[date]) -> Key:
    day = None if row["day"] is None else days[row["day"] - 1]
    if row["later"] is None:
        return day, None
    return day, AgentKind.FOLLOW_UP if row["later"] else AgentKind.OUTREACH


def _sums(tx: Transaction, span: Span, row: Any) -> Sums:
    of_one = row["later"] is not None
    counts = {m.lower(): row[f"n_{_mark(m, by_each=of_one)}"] for m in InsightMetric}
    return Sums(Counts(**counts), {name: _rate(tx, span, name, row) for name in RateName})


def _rate(tx: Transaction, span: Span, name: RateName, row: Any) -> Rate:
    share, of_one = SHARES[name], row.get("later") is not None
    part, of = (_mark(metric, by_each=of_one) for metric in (share.part, share.of))
    return Rate(
        name,
        numerator=row.get(f"{name}_{part}", 0),
        denominator=row.get(f"{name}_{of}", 0),
        young=row.get(f"{name}_young_{of}", 0),
        judged_until=share.span(span, tx.now).until,
        unreported=share.of is InsightMetric.SENT and not row.get(f"{name}_reported", 0),
    )
