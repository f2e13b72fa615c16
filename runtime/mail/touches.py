"""Touches: the real mails that a contact got, of any task, and when the next one may come."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from runtime.crm import workspaces
from runtime.db import Transaction
from runtime.mail import sent, timing, window
from runtime.mail.pace import REMEMBERED
from runtime.models import Contact, DeliveryStatus, Draft, FollowUp, SentEmail

_WHEN = sa.func.coalesce(SentEmail.sent_at, SentEmail.reserved_at)


def lately(tx: Transaction, contact: Contact, draft: Draft) -> list[tuple[datetime, bool]]:
    """Return the mails of the last month, the oldest first: when, and whether of the same task.

    One on its way counts, as it may be out at any moment; the draft's own does not.
    """
    rows = tx.execute(
        sa.select(_WHEN, SentEmail.task_id == draft.task_id)
        .where(
            SentEmail.workspace_id == tx.workspace_id,
            SentEmail.contact_id == contact.id,
            SentEmail.draft_id != draft.id,
            SentEmail.transport == "resend",
            sa.or_(
                SentEmail.status.in_(sent.MAY_BE_OUT),
                sa.and_(
                    SentEmail.status == DeliveryStatus.SENDING, SentEmail.reserved_at.is_not(None)
                ),
            ),
            tx.now - REMEMBERED < _WHEN,
        )
        .order_by(_WHEN)
    )
    return [(moment, same_task) for moment, same_task in rows]


def next_after(tx: Transaction, last: datetime, contact: Contact, draft: Draft) -> datetime:
    """Return when the contact may be written to again after a mail of another task.

    So many business days later, at the same time of day; for a step never longer than its
    own wait.
    """
    there = timing.where(tx, contact.id)
    gap = workspaces.settings(tx).contact_gap_days
    local = last.astimezone(there.zone).replace(tzinfo=None, fold=0)
    day = there.calendar.add(local.date(), gap)
    until = window.instant(datetime.combine(day, local.time()), there.zone)
    if draft.follow_up_id is None:
        return until
    step = tx.get_one(FollowUp, (tx.workspace_id, draft.follow_up_id))
    chosen = timing.settings(tx)
    wait = window.wait_before(step.step, chosen)
    return min(until, window.due_at(last, wait, chosen, there.zone, there.calendar))


def room_at(times: list[datetime], most: int, now: datetime) -> datetime | None:
    """Return when one more mail fits into a month of so many at most; None if it does now."""
    if len(times) < most:
        return None
    return max(times[len(times) - most] + REMEMBERED, now + timedelta(seconds=1))
