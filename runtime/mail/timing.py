"""Timing: when a step is due, where that time comes from, and when its text is wanted.

Reads only; what it finds is stored with the step.
"""

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from runtime.crm import calendars, team, whereabouts, workspaces
from runtime.crm.team import FollowUpSettings
from runtime.crm.whereabouts import Whereabouts
from runtime.db import Transaction
from runtime.mail import away, business_time, window
from runtime.mail.window import PARTS
from runtime.models import AgentKind, Contact, FollowUp, Task


@dataclass(frozen=True, slots=True)
class Timing:
    """When a step is due, and why then."""

    due_at: datetime
    where: Whereabouts
    skipped: tuple[tuple[date, str], ...] = ()

    def fields(self) -> dict[str, Any]:
        """Return it as a step keeps it."""
        return {
            "due_at": self.due_at,
            "timezone": self.where.zone.key,
            "timezone_source": self.where.zone_source,
            "calendar": self.where.calendar.label,
            "skipped": [{"day": day.isoformat(), "why": why} for day, why in self.skipped],
        }

    def said(self) -> str:
        """Return what a person is told beside the time: the holidays skipped, and by whose list."""
        names = [f"{why} ({day})" for day, why in self.skipped if not calendars.is_weekend(why)]
        skipped = f" Skipped: {', '.join(names)}." if names else ""
        zone = f"{self.where.zone.key}, the {self.where.zone_source}'s zone"
        return f"{skipped} Time zone: {zone}. Calendar: {self.where.calendar.label}."


def settings(tx: Transaction) -> FollowUpSettings:
    """Return how this workspace follows up."""
    return team.settings_of(team.member(tx, AgentKind.FOLLOW_UP), FollowUpSettings)


def where(tx: Transaction, contact_id: uuid.UUID | None) -> Whereabouts:
    """Return the zone and the calendar of a contact: its own, else the workspace's."""
    contact = tx.get_one(Contact, (tx.workspace_id, contact_id))
    return whereabouts.of(contact, workspaces.here(tx))


def draw(workspace_id: uuid.UUID, task_id: uuid.UUID, step: int) -> int:
    """Return a step's place in its window, in PARTS: always the same, different for each step."""
    seed = f"{workspace_id}/{task_id}/{step}".encode()
    return int.from_bytes(hashlib.sha256(seed).digest()[:8], "big") % PARTS


def counted(
    tx: Transaction, task: Task, *, step: int, sent_at: datetime, drawn: int | None = None
) -> Timing:
    """Return when a step (1-based) is due, counted from the mail before it as really sent.

    Not before a reader who is away is back.
    """
    contact = tx.get_one(Contact, (tx.workspace_id, task.contact_id))
    chosen, there = settings(tx), whereabouts.of(contact, workspaces.here(tx))
    wait = window.wait_before(step, chosen)
    due = window.planned(sent_at, wait, chosen, there.zone, there.calendar, drawn=drawn)
    return Timing(away.not_before(due.at, contact.away_until, there.zone), there, due.skipped)


def allowed(tx: Transaction, step: FollowUp) -> Callable[[datetime], datetime]:
    """Return what gives the first moment, from one on, at which a step may leave."""
    chosen, there = settings(tx), where(tx, step.contact_id)
    return lambda moment: window.opens_at(
        moment,
        step.step,
        step.due_at,
        chosen,
        there.zone,
        calendar=there.calendar,
        chosen=step.chosen_by is not None,
    )


def slot(tx: Transaction, step: FollowUp, moment: datetime) -> datetime:
    """Return ``moment`` if the step may leave then, else its own place in the next window."""
    there, drawn = where(tx, step.contact_id), step.drawn if by_day(tx, step) else None
    return window.drawn_slot(
        moment, drawn, allowed(tx, step), settings=settings(tx), zone=there.zone
    )


def begins_at(tx: Transaction, step: FollowUp) -> datetime:
    """Return when a step's text is wanted: a business day ahead where a person approves it.

    Not for waits of hours: there is no day between the mails.
    """
    chosen = settings(tx)
    if not (chosen.require_approval and by_day(tx, step)):
        return step.due_at
    there = where(tx, step.contact_id)
    local = step.due_at.astimezone(there.zone).replace(tzinfo=None, fold=0)
    day = there.calendar.back(local.date(), 1)
    ahead = window.instant(datetime.combine(day, local.time()), there.zone)
    return max(step.created_at, ahead)


def by_day(tx: Transaction, step: FollowUp) -> bool:
    """Tell whether a step's wait is one of days, so that calendar, jitter and gap concern it."""
    return window.counts_days(window.wait_before(step.step, settings(tx)))


def remaining(tx: Transaction, step: FollowUp) -> timedelta:
    """Return the time that a step still has to wait: business time where its wait is one."""
    if not (by_day(tx, step) and settings(tx).business_days_only):
        return max(timedelta(), step.due_at - tx.now)
    there = where(tx, step.contact_id)
    return business_time.between(tx.now, step.due_at, there.zone, there.calendar)


def resumed(tx: Transaction, step: FollowUp, left: timedelta) -> Timing:
    """Return when a step is due that has ``left`` to wait from now on."""
    there = where(tx, step.contact_id)
    due = tx.now + left
    if by_day(tx, step) and settings(tx).business_days_only:
        due = business_time.after(tx.now, left, there.zone, there.calendar)
    return Timing(slot(tx, step, due), there)


def days_late(tx: Transaction, step: FollowUp) -> int:
    """Return how many whole business days a step is past its first due time."""
    there = where(tx, step.contact_id)
    due = step.overdue_since or step.due_at
    return business_time.days_late(due, tx.now, there.zone, there.calendar)
