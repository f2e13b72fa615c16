"""Waking: mails that wait for a limit come to the gate again when people change it.

The gate gives each its turn by the limits of that moment; nobody looks again before.
"""

from datetime import timedelta

import sqlalchemy as sa

from runtime.crm import workspaces
from runtime.db import Transaction
from runtime.mail import pace
from runtime.models import Call, CallKind, CallStatus

_LIMITS = (*pace.LIMITS, "contact_gap", "contact_touches")


def wake(tx: Transaction) -> int:
    """Have the mails that wait for a limit asked about again, in their order; return how many.

    Spread as the sender's pace has them leave, so that they do not all come at once.  One
    that is at the gate this moment is passed over: it is asked about by the new limits.
    """
    limits = workspaces.settings(tx)
    waiting = tx.scalars(
        sa.select(Call)
        .where(
            Call.workspace_id == tx.workspace_id,
            Call.kind == CallKind.SEND_EMAIL,
            Call.status == CallStatus.PLANNED,
            Call.body["waits_for"].astext.in_(_LIMITS),
            Call.available_at > tx.now,
        )
        .order_by(Call.priority, Call.created_at, Call.id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    for rank, call in enumerate(waiting):
        turn = max(0, rank + 1 - limits.burst) * timedelta(seconds=limits.seconds_per_mail)
        call.available_at = min(call.available_at, tx.now + turn)
    tx.hint("call")
    return len(waiting)
