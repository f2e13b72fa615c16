"""Held: mails that wait for a switch, the workspace's or the deployment's.

The workspace's kill switch has them wait at the gate.  Without leave to send
(ALLOW_EMAIL_SENDING) the gate refuses them: they stay approved and BLOCKED until a
person releases them, and then they come to the gate one after the other.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from runtime.crm import team, workspaces
from runtime.crm.team import FollowUpSettings
from runtime.crm.zones import zone
from runtime.db import Transaction
from runtime.mail.window import next_slot
from runtime.models import (
    AgentKind,
    Call,
    CallStatus,
    Contact,
    DeliveryStatus,
    Draft,
    DraftStatus,
    FollowUp,
    FollowUpStatus,
    SentEmail,
    Task,
    TaskStatus,
)

Allowed = Callable[[datetime], datetime]
"""Gives the first moment that a mail may leave at, from one on."""

GAP = timedelta(seconds=60)
"""Between two released mails: a provider, and a reader's provider, take a burst for spam."""

_ONLY_SENDING_IS_OFF = sa.and_(
    SentEmail.receipt.contains([{"rule": "sending_allowed", "passed": False}]),
    ~SentEmail.receipt.path_exists('$[*] ? (@.passed == false && @.rule != "sending_allowed")'),
)


@dataclass(frozen=True, slots=True)
class Held:
    """A mail that only wanted leave to send, and the zone its reader lives in."""

    mail: SentEmail
    timezone: str | None


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
        sa.select(SentEmail, Contact.timezone)
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
    return [Held(mail, timezone) for mail, timezone in rows]


def only_wants_leave(mail: SentEmail) -> bool:
    """Tell whether the gate refused a mail because sending is off, and for nothing else."""
    return [check["rule"] for check in mail.receipt if not check["passed"]] == ["sending_allowed"]


def turns(tx: Transaction, held: Sequence[Held]) -> list[datetime]:
    """Return when each has its turn: in their order, a GAP apart, follow-ups in their window."""
    settings = team.settings_of(team.member(tx, AgentKind.FOLLOW_UP), FollowUpSettings)
    default = workspaces.here(tx).timezone
    slots = _Slots(tx.now)
    moments = []
    for each in held:
        allowed: Allowed = _any_time
        if each.mail.follow_up_id is not None and settings.window_start is not None:
            allowed = _windowed(settings, each.timezone, default)
        moments.append(slots.take(allowed))
    return moments


def release(moments: Sequence[datetime]) -> Release:
    """Return what a person is told of these turns."""
    return Release(len(moments), min(moments, default=None), max(moments, default=None))


def knock_again(tx: Transaction) -> int:
    """Have the mails that the kill switch made wait come to the gate at once; return how many.

    One that is at the gate this moment is passed over: it comes again by itself, soon.
    """
    stopped = sa.select(SentEmail.draft_id).where(
        SentEmail.workspace_id == tx.workspace_id,
        SentEmail.receipt.contains([{"rule": "kill_switch", "passed": False}]),
    )
    waiting = (
        sa.select(Call.id)
        .where(
            Call.workspace_id == tx.workspace_id,
            Call.status == CallStatus.PLANNED,
            Call.draft_id.in_(stopped),
        )
        .with_for_update(skip_locked=True)
    )
    nudged = tx.execute(
        sa.update(Call)
        .where(Call.workspace_id == tx.workspace_id, Call.id.in_(waiting))
        .values(available_at=tx.now)
        .execution_options(synchronize_session=False)
    )
    tx.hint("call")
    return int(nudged.rowcount)  # type: ignore[attr-defined]


class _Slots:
    """Moments a GAP apart, each given once.

    ``_next`` leads from a taken slot towards a free one and is shortened as it is
    walked, so that ten thousand mails are as quick to place as ten, one by one.
    """

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._next: dict[int, int] = {}

    def take(self, allowed: Allowed) -> datetime:
        """Return the first free moment that is allowed; ``allowed`` gives the next such one."""
        number = 0
        while True:
            wished = allowed(self._start + number * GAP)
            number = self._free(math.ceil((wished - self._start) / GAP))
            moment = self._start + number * GAP
            if allowed(moment) == moment:
                self._next[number] = number + 1
                return moment

    def _free(self, number: int) -> int:
        passed = []
        while number in self._next:
            passed.append(number)
            number = self._next[number]
        self._next |= dict.fromkeys(passed, number)
        return number


def _any_time(moment: datetime) -> datetime:
    return moment


def _windowed(settings: FollowUpSettings, timezone: str | None, default: str) -> Allowed:
    there = zone(timezone, default)
    return lambda moment: next_slot(moment, settings, there, by_day=False)
