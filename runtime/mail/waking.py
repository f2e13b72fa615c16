"""Waking: mails that wait for people come to the gate again as soon as people have acted.

The gate gives each its turn as things are at that moment; else nobody looks again for long.
One that is at the gate this moment is passed over, and comes again by itself.
"""

import uuid
from collections.abc import Collection, Sequence
from datetime import timedelta

import sqlalchemy as sa

from runtime.crm import workspaces
from runtime.db import Transaction
from runtime.mail import pace
from runtime.models import AgentKind, Call, CallKind, CallStatus, Task

_LIMITS = (*pace.LIMITS, "contact_gap", "contact_touches")


def limits_changed(tx: Transaction) -> None:
    """Have the mails that wait for a limit asked about by the new ones, in their order.

    Spread as the sender's pace has them leave, so that they do not all come at once.
    """
    limits = workspaces.settings(tx)
    for rank, call in enumerate(_waiting(tx, _LIMITS)):
        turn = max(0, rank + 1 - limits.burst) * timedelta(seconds=limits.seconds_per_mail)
        call.available_at = min(call.available_at, tx.now + turn)
    tx.hint("call")


def sending_resumed(tx: Transaction) -> int:
    """Have the mails that the kill switch made wait asked about now; return how many."""
    return _now(tx, _waiting(tx, ["kill_switch"]))


def agent_resumed(tx: Transaction, kind: AgentKind) -> int:
    """Have the mails that waited for their agent asked about now; return how many."""
    return _now(tx, _waiting(tx, ["agent_active"], Call.agent == kind))


def mail_read(tx: Transaction, contact_id: uuid.UUID) -> int:
    """Have the mails to somebody asked about now that waited for one of theirs to be read."""
    theirs = sa.select(Task.id).where(
        Task.workspace_id == tx.workspace_id, Task.contact_id == contact_id
    )
    return _now(tx, _waiting(tx, ["nothing_unread"], Call.task_id.in_(theirs)))


def _now(tx: Transaction, waiting: Sequence[Call]) -> int:
    for call in waiting:
        call.available_at = tx.now
    tx.hint("call")
    return len(waiting)


def _waiting(
    tx: Transaction, rules: Collection[str], *which: sa.ColumnElement[bool]
) -> Sequence[Call]:
    """Lock and return the mails that one of these rules has wait, in their order."""
    return tx.scalars(
        sa.select(Call)
        .where(
            Call.workspace_id == tx.workspace_id,
            Call.kind == CallKind.SEND_EMAIL,
            Call.status == CallStatus.PLANNED,
            Call.body["waits_for"].astext.in_(rules),
            Call.available_at > tx.now,
            *which,
        )
        .order_by(Call.priority, Call.created_at, Call.id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
