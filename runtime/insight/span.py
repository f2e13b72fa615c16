"""Span: which mails are looked at: from when to when, whose, and real or the sandbox's.

A mail belongs to the day on which it left, by the clock of the workspace.  Days come from
the same zones that follow-ups are planned by, and are told to the database as moments: its
own zones may be of another year.
"""

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from runtime.errors import Refused
from runtime.mail.sent import OUT
from runtime.models import AgentKind, SentEmail

LONGEST_DAYS = 366
"""Days that one question may be about: a year, a leap year too."""
SANDBOX = "sandbox"

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Mails that left ``since`` or later and before ``until``.

    ``agents``: only of these kinds; None for all.  ``sandbox``: the sandbox's mail instead of
    real mail; the two are never counted together.
    """

    workspace_id: uuid.UUID
    since: datetime
    until: datetime
    zone: ZoneInfo
    agents: frozenset[AgentKind] | None = None
    sandbox: bool = False

    def __post_init__(self) -> None:
        """Raise Refused, naming ``from`` or ``to``, where this is no span or a too long one."""
        if self.since > self.until:
            raise Refused("It lies after the end of the span.", code="MALFORMED", field="from")
        begin, end = (
            _wall(*each, self.zone) for each in ((self.since, "from"), (self.until, "to"))
        )
        if end - begin > LONGEST_DAYS * _DAY:
            raise Refused(f"Ask for {LONGEST_DAYS} days at most.", code="SPAN_TOO_LONG", field="to")

    def days(self) -> list[date]:
        """Return every day that the span touches, the first first."""
        if self.since == self.until:
            return []
        first = self.since.astimezone(self.zone).date()
        last = (self.until - timedelta.resolution).astimezone(self.zone).date()
        return [first + n * _DAY for n in range((last - first).days + 1)]

    def begins(self, day: date) -> datetime:
        """Return the first moment of a day; where midnight is skipped, the next one there is."""
        return datetime.combine(day, time.min, self.zone).astimezone(UTC)

    def on(self, day: date) -> "Span":
        """Return what of the span lies within a day; nothing of one that it does not touch."""
        if day not in self.days():
            return self.up_to(self.since)
        since = max(self.since, self.begins(day))
        until = min(self.until, self.begins(day + _DAY))
        return replace(self, since=since, until=max(until, since))

    def up_to(self, moment: datetime) -> "Span":
        """Return what of the span lies before a moment."""
        return replace(self, until=min(self.until, max(self.since, moment)))

    def conditions(self, mail: Any = SentEmail) -> list[sa.ColumnElement[bool]]:
        """Return what a mail of the span must be; ``mail`` is its table, or an alias of it."""
        return [
            mail.sent_at >= self.since,
            mail.sent_at < self.until,
            *self.whenever(mail),
        ]

    def whenever(self, mail: Any = SentEmail) -> list[sa.ColumnElement[bool]]:
        """Return the same of a mail that may have left outside the span."""
        return [
            mail.workspace_id == self.workspace_id,
            mail.status.in_(OUT),
            *self.of_this_sort(mail),
        ]

    def of_this_sort(self, mail: Any) -> list[sa.ColumnElement[bool]]:
        """Return what tells mail of the span's sort and agents from other mail."""
        # As the index of real mail says it.
        sort = mail.transport == SANDBOX if self.sandbox else mail.transport != SANDBOX
        return [sort, *self.of_agents(mail.follow_up_id)]

    def of_agents(self, follow_up_id: Any) -> list[sa.ColumnElement[bool]]:
        """Return whose a row is: first mails the outreach agent's, follow-ups the other's."""
        if self.agents is None:
            return []
        whose = [
            missing
            for kind, missing in (
                (AgentKind.OUTREACH, follow_up_id.is_(None)),
                (AgentKind.FOLLOW_UP, follow_up_id.is_not(None)),
            )
            if kind in self.agents
        ]
        return [sa.or_(sa.false(), *whose)]


def _wall(moment: datetime, field: str, zone: ZoneInfo) -> datetime:
    """Return what the clock on the wall shows; there must be days around it to count in."""
    try:
        (moment - 2 * _DAY, moment + 2 * _DAY)
        return moment.astimezone(zone).replace(tzinfo=None)
    except OverflowError:
        raise Refused("It is at the end of the calendar.", code="MALFORMED", field=field) from None
