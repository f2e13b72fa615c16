"""Pace settings: on which days a workspace writes, and how much at most.

The caps bind real mail only.  Days are those of the workspace's time zone; a gap, and
how late is late, are counted in business days.
"""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from runtime.crm import calendars
from runtime.crm.calendars import Closure
from runtime.crm.typed_settings import TypedSettings

MOST_CLOSURES = 100
MOST_CLOSED_DAYS = 366
"""In all: however a workspace closes, a next business day can be found."""


def _country(value: object) -> object:
    return calendars.country_code(str(value), field="settings.country") if value else None


def _day(value: object) -> object:
    if not isinstance(value, str | date):
        raise ValueError("must be a day such as 2026-12-24")  # noqa: TRY004 - pydantic reads it
    return value


Day = Annotated[date, BeforeValidator(_day)]


class ClosureSettings(BaseModel):
    """Days on which the workspace is closed: ``from``, up to and with ``to``, if it is given."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    name: str = Field(min_length=1, max_length=100)

    @model_validator(mode="before")
    @classmethod
    def _one_day_or_more(cls, value: Any) -> Any:
        if isinstance(value, dict) and value.get("to") is None:
            return {**value, "to": value.get("from")}
        return value

    @model_validator(mode="after")
    def _in_order(self) -> "ClosureSettings":
        if self.last < self.first:
            raise ValueError("to must not lie before from")
        return self

    def as_closure(self) -> Closure:
        """Return it as a calendar knows it."""
        return Closure(self.first, self.last, self.name)


class PaceSettings(TypedSettings):
    """How much real mail leaves, how soon after one another, and on which days."""

    country: Annotated[str | None, BeforeValidator(_country)] = None
    closures: list[ClosureSettings] = Field(default=[], max_length=MOST_CLOSURES)
    daily_cap: int = Field(default=50, ge=1, le=100_000)
    ramp_start: int = Field(default=50, ge=1, le=100_000)
    burst: int = Field(default=10, ge=1, le=1000)
    seconds_per_mail: int = Field(default=60, ge=1, le=3600)
    contact_gap_days: int = Field(default=2, ge=0, le=30)
    contact_touches: int = Field(default=8, ge=1, le=100)
    late_after_days: int = Field(default=10, ge=1, le=100)

    @model_validator(mode="after")
    def _open_at_times(self) -> "PaceSettings":
        days = sum((closure.last - closure.first).days + 1 for closure in self.closures)
        if days > MOST_CLOSED_DAYS:
            raise ValueError(f"closures hold {days} days, {MOST_CLOSED_DAYS} at most")
        return self

    def closed(self) -> tuple[Closure, ...]:
        """Return the workspace's closures as a calendar knows them."""
        return tuple(closure.as_closure() for closure in self.closures)
