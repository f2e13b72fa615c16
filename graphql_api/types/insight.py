"""Insight: what came of the mail, in numbers that each open their rows."""

from datetime import date, datetime
from typing import Self

from graphql_api.sdl import output, told
from graphql_api.types.agent import Agent
from graphql_api.types.enums import InsightMetric
from graphql_api.types.insight_rate import InsightRates
from runtime.insight.counting import Counts, Sums
from runtime.insight.decisions import DEFINITION, Waits
from runtime.insight.metrics import DEFINITIONS
from runtime.insight.report import Report
from runtime.models import AgentKind


@output
class InsightCounts:
    """How many mails or conversations there were of each metric; insightRows lists them."""

    sent: int = told("Of the metric SENT.")
    delivered: int = told("Of the metric DELIVERED.")
    bounced: int = told("Of the metric BOUNCED.")
    reached: int = told("Of the metric REACHED; days and agents do not add up to their total.")
    replied: int = told("Of the metric REPLIED.")
    positive: int = told("Of the metric POSITIVE.")
    begun: int = told("Of the metric BEGUN; agents do not add up to their total.")
    answered: int = told("Of the metric ANSWERED; agents do not add up to their total.")
    answered_positively: int = told("Of the metric ANSWERED_POSITIVELY; nor do these.")

    @classmethod
    def of(cls, counts: Counts) -> Self:
        """Show counts."""
        return cls(**{name: getattr(counts, name) for name in Counts.__slots__})


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
