"""Insight rate: a share, with both its parts and how sure one can be of it."""

from datetime import datetime
from typing import Self

from graphql_api.sdl import output, told
from graphql_api.types.enums import InsightMetric
from runtime.insight.rates import SHARES, Rate, RateName


@output
class InsightRate:
    """A share, with how sure one can be of it; it looks only at what had its time."""

    numerator: int = told("How many; insightRows(numeratorMetric, to: judgedUntil) lists them.")
    denominator: int = told("Of how many; insightRows(denominatorMetric, to: judgedUntil).")
    value: float | None = told("The share, 0 to 1; null when there is nothing to tell it from.")
    low: float | None = told("The lower end of the 95 % Wilson interval; null without a value.")
    high: float | None = told("Its upper end.")
    too_few: bool = told("Whether it is of so few that it tells nothing: show the counts only.")
    why: str | None = told("Why there is no value, or little behind it; null for a sound one.")
    young: int = told(
        "How many more are too young; insightRows(denominatorMetric, from: judgedUntil)."
    )
    judged_until: datetime = told("Only what left or began before this is looked at.")
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
    reply: InsightRate = told("Conversations answered in time, of those begun.")
    positive: InsightRate = told("Conversations answered positively in time, of those begun.")

    @classmethod
    def of(cls, rates: dict[RateName, Rate]) -> Self:
        """Show all rates."""
        return cls(**{name.lower(): InsightRate.of(rate) for name, rate in rates.items()})
