"""Breaker: stops a workspace's mail when too much of it comes back or is reported as spam.

The provider shuts an account for this, and the domain's name is spoilt for everybody.
Counted from rows, of really sent mail only, in the transaction that merges a report.
It stops by the kill switch: all mail waits, nothing is lost, and only a person puts it
back, with a reason; then only mail sent from that moment on counts.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from runtime.crm import escalations, workspaces
from runtime.crm.typed_settings import merged
from runtime.crm.workspaces import WorkspaceSettings
from runtime.db import Transaction
from runtime.mail import sent
from runtime.models import DeliveryStatus, EscalationKind, SentEmail, Workspace

WINDOW = timedelta(days=7)
_FLOOR = 50
"""Below so many mails a rate says nothing."""
_LAST, _BAD_OF_LAST = 20, 3
"""Few mails have no rate, but so many bounces among the last ones speak for themselves."""
_COMPLAINTS = 2
"""One person may press the wrong button."""

BREAKER = "breaker"


class BreakerState(StrEnum):
    """QUIET, WARNING close to a limit, STOPPED until a person puts it back."""

    QUIET = "QUIET"
    WARNING = "WARNING"
    STOPPED = "STOPPED"


@dataclass(frozen=True, slots=True)
class Reading:
    """What was really sent ``since``, and how much of it came back for good or was complained of.

    ``recently``: how many of the last twenty came back, however long ago they left.
    """

    since: datetime
    sent: int
    hard_bounces: int
    complaints: int
    recently: int = 0

    @property
    def bounce_rate(self) -> float:
        """Bounces for each mail sent, 0 to 1."""
        return self.hard_bounces / self.sent if self.sent else 0.0

    @property
    def complaint_rate(self) -> float:
        """Complaints for each mail sent, 0 to 1."""
        return self.complaints / self.sent if self.sent else 0.0


def judge(reading: Reading, limits: WorkspaceSettings) -> tuple[BreakerState, str]:
    """Return what a reading calls for, and why in words with the numbers."""
    bounces, complaints = reading.bounce_rate * 100, reading.complaint_rate * 100
    enough = reading.sent >= _FLOOR
    of = f"of {reading.sent} mails"
    returned = f"{reading.hard_bounces} {of} came back for good ({bounces:.2f} %)"
    reported = f"{reading.complaints} {of} were reported as spam ({complaints:.2f} %)"
    if reading.recently >= _BAD_OF_LAST:
        last = f"{reading.recently} of the last {_LAST} mails came back for good"
        return BreakerState.STOPPED, last
    if enough and bounces >= limits.bounce_stop_percent:
        return BreakerState.STOPPED, f"{returned}; the limit is {limits.bounce_stop_percent} %"
    if reading.complaints >= _COMPLAINTS and complaints >= limits.complaint_stop_percent:
        limit = f"the limit is {limits.complaint_stop_percent} %"
        return BreakerState.STOPPED, f"{reported}; {limit}"
    if enough and bounces >= limits.bounce_warn_percent:
        return BreakerState.WARNING, returned
    if enough and reading.complaints and complaints >= limits.complaint_warn_percent:
        return BreakerState.WARNING, reported
    return BreakerState.QUIET, ""


def look(tx: Transaction, workspace: Workspace) -> tuple[BreakerState, Reading]:
    """Return how the breaker stands; asking changes nothing."""
    reading = read(tx, workspace)
    if workspace.breaker_tripped_at is not None:
        return BreakerState.STOPPED, reading
    return judge(reading, _limits(workspace))[0], reading


def check(tx: Transaction) -> None:
    """Warn, or stop the workspace's mail, if what came back by now calls for it.

    The workspace is locked, so that of reports that come together none is overlooked.
    """
    workspace = workspaces.here(tx, lock=True)
    if workspace.breaker_tripped_at is not None:
        return
    state, why = judge(read(tx, workspace), _limits(workspace))
    if state is BreakerState.STOPPED:
        _stop(tx, workspace, why)
    elif state is BreakerState.WARNING:
        _warn(tx, workspace, why)


def put_back(tx: Transaction, workspace: Workspace, *, who: str) -> None:
    """Have the breaker count anew, if it is what had stopped the mail."""
    if workspace.breaker_tripped_at is None:
        return
    escalations.settle(tx, _question(workspace.breaker_tripped_at), "CLOSE", by=who)
    workspace.breaker_tripped_at, workspace.breaker_since = None, tx.now


def read(tx: Transaction, workspace: Workspace) -> Reading:
    """Count by rows what was sent within the window, since the breaker was last put back."""
    since = max(tx.now - WINDOW, workspace.breaker_since or tx.now - WINDOW)
    bounced = SentEmail.status == DeliveryStatus.BOUNCED
    complained = SentEmail.status == DeliveryStatus.COMPLAINED
    total, bounces, complaints = tx.execute(
        sa.select(
            sa.func.count(),
            sa.func.count().filter(bounced),
            sa.func.count().filter(complained),
        ).where(*_real(tx, since))
    ).one()
    last = (
        sa.select(SentEmail.status)
        .where(*_real(tx, workspace.breaker_since))
        .order_by(SentEmail.sent_at.desc())
        .limit(_LAST)
        .subquery()
    )
    recently = tx.scalar(
        sa.select(sa.func.count()).select_from(last).where(last.c.status == DeliveryStatus.BOUNCED)
    )
    return Reading(since, total, bounces, complaints, recently or 0)


def _real(tx: Transaction, since: datetime | None) -> list[sa.ColumnElement[bool]]:
    rules: list[sa.ColumnElement[bool]] = [
        SentEmail.workspace_id == tx.workspace_id,
        SentEmail.transport != "sandbox",
        SentEmail.status.in_(sent.OUT),
    ]
    return rules if since is None else [*rules, SentEmail.sent_at >= since]


def _stop(tx: Transaction, workspace: Workspace, why: str) -> None:
    workspace.breaker_tripped_at = tx.now
    workspace.sending_stopped = True
    workspace.sending_stopped_reason = f"the breaker found that {why}"
    said = f"The breaker stopped all sending: {why}."
    tx.record("sending.stopped", said, actor=BREAKER, reason=why)
    escalations.ask(
        tx,
        EscalationKind.QUESTION,
        f"{said} Find out where these addresses came from, then let mail out again "
        "(resumeSending) with what you did about it.",
        dedup_key=_question(tx.now),
        actor=BREAKER,
    )


def _warn(tx: Transaction, workspace: Workspace, why: str) -> None:
    since = f"{workspace.breaker_since:%Y-%m-%d %H:%M:%S}" if workspace.breaker_since else "ever"
    week = f"{tx.now:%G-%V}"
    asked = escalations.ask(
        tx,
        EscalationKind.QUESTION,
        f"The breaker is close to stopping all sending: {why}. Look at where these addresses "
        "came from.",
        dedup_key=f"breaker:warned:{since}:{week}",
        actor=BREAKER,
    )
    if asked is not None:
        tx.record("sending.warned", f"The breaker warns: {why}.", actor=BREAKER, reason=why)


def _limits(workspace: Workspace) -> WorkspaceSettings:
    return merged(WorkspaceSettings, workspace.settings, {})


def _question(tripped_at: datetime) -> str:
    return f"breaker:stopped:{tripped_at.isoformat()}"
