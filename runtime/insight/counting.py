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
    marks = [condition.label(metric) for metric, condition in metrics.conditions(span).items()]
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
        yield _number(mails, metric, sa.true()).label(metric)


def _aged(mails: sa.CTE) -> Iterator[sa.Label[int]]:
    for name, share in SHARES.items():
        old = mails.c[f"old_{name}"]
        yield _number(mails, share.part, old).label(f"part_{name}")
        yield _number(mails, share.of, old).label(f"of_{name}")
        yield sa.func.count().filter(~old).label(f"young_{name}")
        yield sa.func.count().filter(old, mails.c.reported).label(f"reported_{name}")


def _number(
    mails: sa.CTE, metric: InsightMetric, only: sa.ColumnElement[bool]
) -> sa.ColumnElement[int]:
    distinct = metric is InsightMetric.REACHED
    counted = sa.func.count(mails.c.task_id.distinct()) if distinct else sa.func.count()
    return counted.filter(mails.c[metric], only)


def _key(row: Any, days: list[date]) -> Key:
    day = None if row["day"] is None else days[row["day"] - 1]
    if row["later"] is None:
        return day, None
    return day, AgentKind.FOLLOW_UP if row["later"] else AgentKind.OUTREACH


def _sums(tx: Transaction, span: Span, row: Any) -> Sums:
    counts = Counts(**{metric.lower(): row[metric] for metric in InsightMetric})
    return Sums(counts, {name: _rate(tx, span, name, row) for name in RateName})


def _rate(tx: Transaction, span: Span, name: RateName, row: Any) -> Rate:
    told_by_reports = SHARES[name].of is InsightMetric.SENT
    return Rate(
        name,
        numerator=row.get(f"part_{name}", 0),
        denominator=row.get(f"of_{name}", 0),
        young=row.get(f"young_{name}", 0),
        judged_until=SHARES[name].span(span, tx.now).until,
        unreported=told_by_reports and not row.get(f"reported_{name}", 0),
    )
