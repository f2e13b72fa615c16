"""Insight: what came of the mail, in numbers that each open their rows."""

from datetime import date, datetime
from typing import Any, Self

import strawberry

from graphql_api.sdl import output
from graphql_api.types.agent import Agent
from graphql_api.types.enums import InsightMetric
from runtime.insight.counting import Counts, Sums
from runtime.insight.decisions import DEFINITION, Waits
from runtime.insight.metrics import DEFINITIONS
from runtime.insight.rates import SHARES, Rate, RateName
from runtime.insight.report import Report
from runtime.models import AgentKind


def told(text: str, **rest: Any) -> Any:
    """Declare a field with what it promises."""
    return strawberry.field(description=text, **rest)


@output
class InsightCounts:
    """How many mails there were of each metric; insightRows lists them."""

    sent: int = told("Of the metric SENT.")
    delivered: int = told("Of the metric DELIVERED.")
    bounced: int = told("Of the metric BOUNCED.")
    reached: int = told("Of the metric REACHED; days and agents do not add up to their total.")
    replied: int = told("Of the metric REPLIED.")
    positive: int = told("Of the metric POSITIVE.")

    @classmethod
    def of(cls, counts: Counts) -> Self:
        """Show counts."""
        return cls(**{name: getattr(counts, name) for name in Counts.__slots__})


@output
class InsightRate:
    """A share, with how sure one can be of it; it looks only at mails that had their time."""

    numerator: int = told("How many; insightRows(numeratorMetric, to: judgedUntil) lists them.")
    denominator: int = told("Of how many; insightRows(denominatorMetric, to: judgedUntil).")
    value: float | None = told("The share, 0 to 1; null when there is nothing to tell it from.")
    low: float | None = told("The lower end of the 95 % Wilson interval; null without a value.")
    high: float | None = told("Its upper end.")
    too_few: bool = told("Whether it is of so few that it tells nothing: show the counts only.")
    why: str | None = told("Why there is no value, or little behind it; null for a sound one.")
    young: int = told("Mails too young for it; insightRows(SENT, from: judgedUntil) lists them.")
    judged_until: datetime = told("Only mails that left before this are looked at.")
    numerator_metric: InsightMetric = told("What the numerator counts.")
    denominator_metric: InsightMetric = told("What the denominator counts.")
    definition: str = told("What the rate is, in words to be shown beside it.")

    @classmethod
    def of(cls, rate: Rate) -> Self:
        """Show a rate."""
        share = SHARES[rate.name]
        low, high = rate.bounds or (None, None)
        return cls(
            numerator=rate.numerator,
            denominator=rate.denominator,
            value=rate.value,
            low=low,
            high=high,
            too_few=rate.too_few,
            why=rate.why,
            young=rate.young,
            judged_until=rate.judged_until,
            numerator_metric=share.part,
            denominator_metric=share.of,
            definition=share.definition,
        )


@output
class InsightRates:
    """The shares that are looked at."""

    delivered: InsightRate = told("Mails delivered, of those sent.")
    bounce: InsightRate = told("Mails that came back, of those sent.")
    reply: InsightRate = told("Conversations answered, of those reached.")
    positive: InsightRate = told("Conversations with a positive answer, of those reached.")

    @classmethod
    def of(cls, rates: dict[RateName, Rate]) -> Self:
        """Show all rates."""
        return cls(**{name.lower(): InsightRate.of(rate) for name, rate in rates.items()})


@output
class ApprovalTime:
    """How long drafts waited for a person's decision."""

    n: int = told("How many were decided on; insightDrafts lists them.")
    median_seconds: float | None = told("Half waited at most so long; null for none.")
    p90_seconds: float | None = told("Nine of ten waited at most so long; null for none.")
    definition: str = told("What is measured, in words to be shown beside it.")

    @classmethod
    def of(cls, waits: Waits) -> Self:
        """Show waits."""
        return cls(
            n=waits.n,
            median_seconds=waits.median,
            p90_seconds=waits.p90,
            definition=DEFINITION,
        )


@output
class InsightSums:
    """All numbers of a span together."""

    counts: InsightCounts = told("How many of each.")
    rates: InsightRates = told("The shares, over what is old enough to be judged.")
    approval_time: ApprovalTime = told("How long drafts waited for a decision.")

    @classmethod
    def of(cls, sums: Sums, waits: Waits) -> Self:
        """Show sums."""
        return cls(
            counts=InsightCounts.of(sums.counts),
            rates=InsightRates.of(sums.rates),
            approval_time=ApprovalTime.of(waits),
        )


@output
class AgentInsight:
    """All numbers of one agent: first mails are outreach's, follow-ups the follow-up agent's."""

    agent: Agent = told("Whose they are.")
    sums: InsightSums = told("The numbers.")


@output
class InsightDay:
    """What came, to this day, of the mails that left on one day by the workspace's clock."""

    day: date = told("The day.")
    total: InsightCounts = told("Of all agents.")
    outreach: InsightCounts = told("Of first mails.")
    follow_up: InsightCounts = told("Of follow-ups.")

    @classmethod
    def of(cls, report: Report, day: date) -> Self:
        """Show a day."""
        return cls(
            day=day,
            total=InsightCounts.of(report.on(day)),
            outreach=InsightCounts.of(report.on(day, AgentKind.OUTREACH)),
            follow_up=InsightCounts.of(report.on(day, AgentKind.FOLLOW_UP)),
        )


@output
class MetricDefinition:
    """What a number means."""

    metric: InsightMetric = told("Which number.")
    definition: str = told("Its meaning, in words to be shown beside it.")


@output
class Insight:
    """What came of the mails of a span, each counted on the day it left.

    An answer or a bounce that comes later changes a past day's numbers.
    """

    from_: datetime = told("From when.", name="from")
    to: datetime = told("Until when, itself excluded.")
    timezone: str = told("Whose days these are: the workspace's time zone.")
    sandbox: bool = told("Whether the sandbox's mail is counted instead of real mail.")
    other_mails: int = told("Mails of the span that are not counted, being of the other sort.")
    days: list[InsightDay] = told("Each day the span touches, in order, empty ones too.")
    agents: list[AgentInsight] = told("By agent, of those who send mail.")
    total: InsightSums = told("All together.")
    definitions: list[MetricDefinition] = told("What each number means.")

    @classmethod
    def of(cls, report: Report) -> Self:
        """Show a report."""
        span = report.span
        return cls(
            from_=span.since,
            to=span.until,
            timezone=span.zone.key,
            sandbox=span.sandbox,
            other_mails=report.other_mails,
            days=[InsightDay.of(report, day) for day in report.days],
            agents=[
                AgentInsight(
                    agent=Agent.of(agent),
                    sums=InsightSums.of(report.of(agent.kind), report.waited(agent.kind)),
                )
                for agent in report.team
            ],
            total=InsightSums.of(report.of(), report.waited()),
            definitions=[
                MetricDefinition(metric=metric, definition=text)
                for metric, text in DEFINITIONS.items()
            ],
        )
