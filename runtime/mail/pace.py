"""Pace: how much real mail an address sends a day, how soon after one another, and who is next.

The sender's row is locked before the gate is asked, and the mail's place taken in the same
transaction: however many workers there are, a cap is never exceeded.  Each mail takes one
place for all its tries.  In the sandbox nothing is counted and nothing binds.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import parseaddr
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from runtime.crm import workspaces
from runtime.crm.pace_settings import PaceSettings
from runtime.crm.zones import zone
from runtime.db import Transaction
from runtime.mail.places import MORNING, next_morning
from runtime.models import OPEN_CALL, Call, CallKind, CallStatus, Sender, SentEmail
from runtime.settings import Settings

LIMITS = ("daily_cap", "ramp", "burst")
"""Rules of the gate that a mail waits for in a queue with the others of its workspace."""

SWITCHES = ("agent_active", "kill_switch")
"""Rules that wait for a person: who waits for them is not ahead of anybody."""

REMEMBERED = timedelta(days=30)
"""How far back the days are kept that the ramp looks at, and a contact's mails are counted."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How much a sender may send now.  ``today``: mails that took their place today."""

    address: str
    now: datetime
    zone: ZoneInfo
    limits: PaceSettings
    today: int
    ramp: int
    busy_until: datetime | None

    @property
    def gap(self) -> timedelta:
        """The time that each mail takes up."""
        return timedelta(seconds=self.limits.seconds_per_mail)

    @property
    def a_day(self) -> int:
        """How many mails a day bears, as far as can be told today."""
        return min(self.limits.daily_cap, self.ramp)

    def room(self, day: date) -> int:
        """Return how many more mails a day from today on bears."""
        today = self.now.astimezone(self.zone).date()
        return self.a_day - (self.today if day == today else 0)

    @property
    def in_a_row(self) -> int:
        """How many mails may leave at once, now."""
        ahead = max(timedelta(), (self.busy_until or self.now) - self.now)
        return max(0, self.limits.burst - -(-ahead // self.gap))

    def free_at(self, rank: int) -> datetime:
        """Return when the mail is likely to have its turn that so many others go before."""
        left = max(0, self.a_day - self.today)
        if rank < left:
            moment = self._refilled(rank)
            if moment.astimezone(self.zone).date() == self.now.astimezone(self.zone).date():
                return moment
        rank = max(0, rank - left)
        waking = timedelta(days=1) - timedelta(hours=MORNING.hour)
        a_day = max(1, min(self.a_day, waking // self.gap))
        morning = next_morning(self.now, self.zone, days=1 + rank // a_day)
        return morning + (rank % a_day) * self.gap

    def _refilled(self, rank: int) -> datetime:
        """Return when so many places and one more have become free."""
        busy = max(self.now, self.busy_until or self.now)
        return max(self.now, busy + (rank + 1 - self.limits.burst) * self.gap)


@dataclass(frozen=True, slots=True)
class Queue:
    """Mails of this workspace before one, by priority, then age: all, and those due by now."""

    waiting: int
    due: int


def binds(settings: Settings) -> bool:
    """Tell whether mail is counted at all: only what may really leave."""
    return settings.email_sending == "ENABLED"


def lock(tx: Transaction, letter: dict[str, Any]) -> None:
    """Lock the row of a letter's sender, made if it is the first, until the transaction ends."""
    address = sender_of(letter)
    tx.execute(
        insert(Sender)
        .values(workspace_id=tx.workspace_id, address=address)
        .on_conflict_do_nothing()
    )
    _sender(tx, address, lock=True)


def now(tx: Transaction, letter: dict[str, Any]) -> Pace:
    """Return how much the sender of a letter may send; it is only sure under its lock."""
    return of(tx, letter["sender"])


def of(tx: Transaction, written: str) -> Pace:
    """Return the same of a sender as mails name it: ``Name <address>``."""
    workspace = workspaces.here(tx)
    limits, there = workspaces.settings(tx), zone(workspace.timezone)
    address = parseaddr(written)[1].lower()
    sender = _sender(tx, address)
    today = tx.now.astimezone(there).date()
    days = sender.days if sender else {}
    return Pace(
        address,
        tx.now,
        there,
        limits,
        days.get(today.isoformat(), 0),
        _ramp(days, today, limits.ramp_start),
        sender.busy_until if sender else None,
    )


def reserve(tx: Transaction, mail: SentEmail, letter: dict[str, Any]) -> None:
    """Take a mail's place, under its sender's lock; a mail that has one keeps it."""
    if mail.reserved_at is not None:
        return
    pace, sender = now(tx, letter), _sender(tx, sender_of(letter), lock=True)
    if sender is None:
        raise LookupError(f"no sender {pace.address} was locked")
    mail.reserved_at = tx.now
    sender.busy_until = max(tx.now, sender.busy_until or tx.now) + pace.gap
    _count(sender, _day(tx, pace.zone), 1)


def give_back(tx: Transaction, mail: SentEmail) -> None:
    """Give back the place of a mail that certainly did not leave; without one, nothing."""
    if mail.reserved_at is None or mail.envelope is None:
        return
    pace, sender = now(tx, mail.envelope), _sender(tx, sender_of(mail.envelope), lock=True)
    if sender is not None:
        _count(sender, mail.reserved_at.astimezone(pace.zone).date(), -1)
        if sender.busy_until is not None:
            sender.busy_until -= pace.gap
    mail.reserved_at = None


def queue(tx: Transaction, call: Call) -> Queue:
    """Return how many other mails go before this one, of those that only wait for their turn."""
    due = sa.or_(Call.status == CallStatus.STARTED, Call.available_at <= tx.now)
    waits_for = sa.func.coalesce(Call.body["waits_for"].astext, "")
    mine = (call.priority, call.created_at, call.id)
    found = tx.execute(
        sa.select(sa.func.count(), sa.func.count().filter(due)).where(
            Call.workspace_id == tx.workspace_id,
            Call.kind == CallKind.SEND_EMAIL,
            Call.status.in_(OPEN_CALL),
            ~Call.in_doubt,
            Call.id != call.id,
            sa.tuple_(Call.priority, Call.created_at, Call.id) < sa.tuple_(*mine),
            waits_for.not_in(SWITCHES),
            sa.or_(due, waits_for.in_(LIMITS)),
        )
    ).one()
    return Queue(*found)


def sender_of(letter: dict[str, Any]) -> str:
    """Return the address that a letter goes out from."""
    return parseaddr(letter["sender"])[1].lower()


def _sender(tx: Transaction, address: str, *, lock: bool = False) -> Sender | None:
    return tx.get(
        Sender,
        (tx.workspace_id, address),
        with_for_update={"key_share": True} if lock else None,
        populate_existing=lock,
    )


def _ramp(days: dict[str, int], today: date, start: int) -> int:
    """Return what a day may grow to: half more than the best of the last month, or the start."""
    since = (today - REMEMBERED).isoformat()
    best = max((n for day, n in days.items() if since <= day < today.isoformat()), default=0)
    return max(start, best * 3 // 2)


def _count(sender: Sender, day: date, more: int) -> None:
    since = (day - REMEMBERED).isoformat()
    kept = {each: n for each, n in sender.days.items() if each >= since}
    sender.days = {**kept, day.isoformat(): max(0, kept.get(day.isoformat(), 0) + more)}


def _day(tx: Transaction, there: ZoneInfo) -> date:
    return tx.now.astimezone(there).date()
