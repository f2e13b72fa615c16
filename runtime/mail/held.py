"""Held: mails that wait for a switch, the workspace's or the deployment's.

The workspace's kill switch has them wait at the gate.  Without leave to send
(ALLOW_EMAIL_SENDING) the gate refuses them: they stay approved and BLOCKED until a
person releases them, and then they come to the gate one after the other, at the pace
and under the caps that bind all mail.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from runtime.crm import team, whereabouts, workspaces
from runtime.crm.team import FollowUpSettings
from runtime.db import Transaction
from runtime.mail import pace
from runtime.mail.places import Allowed, Places, any_time
from runtime.mail.window import counts_days, next_slot, wait_before
from runtime.models import (
    AgentKind,
    Contact,
    DeliveryStatus,
    Draft,
    DraftStatus,
    FollowUp,
    FollowUpStatus,
    SentEmail,
    Task,
    TaskStatus,
    Workspace,
)

_ONLY_SENDING_IS_OFF = sa.and_(
    SentEmail.receipt.contains([{"rule": "sending_allowed", "passed": False}]),
    ~SentEmail.receipt.path_exists('$[*] ? (@.passed == false && @.rule != "sending_allowed")'),
)


@dataclass(frozen=True, slots=True)
class Held:
    """A mail that only wanted leave to send, its step if it is a follow-up, its reader's place."""

    mail: SentEmail
    step: int | None
    timezone: str | None
    country: str | None


@dataclass(frozen=True, slots=True)
class Release:
    """What releasing does: how many mails, and when the first and the last has its turn."""

    count: int
    first_at: datetime | None = None
    last_at: datetime | None = None


def mails(tx: Transaction) -> list[Held]:
    """Return what is BLOCKED for want of leave to send and of nothing else, the oldest first."""
    first = sa.and_(SentEmail.follow_up_id.is_(None), Task.status == TaskStatus.BLOCKED)
    later = sa.and_(FollowUp.status == FollowUpStatus.BLOCKED, Task.status != TaskStatus.CANCELLED)
    here = SentEmail.workspace_id
    rows = tx.execute(
        sa.select(SentEmail, FollowUp.step, Contact.timezone, Contact.country)
        .join(Draft, sa.and_(Draft.workspace_id == here, Draft.id == SentEmail.draft_id))
        .join(Task, sa.and_(Task.workspace_id == here, Task.id == SentEmail.task_id))
        .join(Contact, sa.and_(Contact.workspace_id == here, Contact.id == SentEmail.contact_id))
        .outerjoin(
            FollowUp, sa.and_(FollowUp.workspace_id == here, FollowUp.id == SentEmail.follow_up_id)
        )
        .where(
            here == tx.workspace_id,
            SentEmail.status == DeliveryStatus.BLOCKED,
            Draft.status == DraftStatus.APPROVED,
            _ONLY_SENDING_IS_OFF,
            sa.or_(first, later),
        )
        .order_by(SentEmail.created_at, SentEmail.id)
        .execution_options(populate_existing=True)
    )
    return [Held(*row) for row in rows]


def only_wants_leave(mail: SentEmail) -> bool:
    """Tell whether the gate refused a mail because sending is off, and for nothing else."""
    return [check["rule"] for check in mail.receipt if not check["passed"]] == ["sending_allowed"]


def turns(tx: Transaction, held: Sequence[Held], letters_from: str) -> list[datetime]:
    """Return when each has its turn: in their order, spread as the sender's pace and caps allow.

    Follow-ups in their window.  The gate has its say about each when it comes.
    """
    settings = team.settings_of(team.member(tx, AgentKind.FOLLOW_UP), FollowUpSettings)
    workspace, now = workspaces.here(tx), pace.of(tx, letters_from)
    places = Places(tx.now, now.gap, now.room, now.zone)
    return [places.take(_allowed(each, settings, workspace)) for each in held]


def release(moments: Sequence[datetime]) -> Release:
    """Return what a person is told of these turns."""
    return Release(len(moments), min(moments, default=None), max(moments, default=None))


def _allowed(each: Held, settings: FollowUpSettings, workspace: Workspace) -> Allowed:
    """Return what a mail's own window and calendar say; a first mail has none."""
    if each.step is None:
        return any_time
    there = whereabouts.at(each.timezone, each.country, workspace)
    by_day = counts_days(wait_before(each.step, settings))
    return lambda moment: next_slot(moment, settings, there.zone, there.calendar, by_day=by_day)
