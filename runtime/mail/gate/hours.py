"""Hours: whether it is the time for it, where its reader lives."""

from collections.abc import Iterator

from runtime.db import Transaction
from runtime.mail import away, timing
from runtime.mail.gate.check import Check
from runtime.models import Contact, Draft, FollowUp


def window(tx: Transaction, draft: Draft) -> Iterator[Check]:
    """Have a follow-up wait for its window, on a business day; a first mail has none."""
    if draft.follow_up_id is None:
        return
    step = tx.get_one(FollowUp, (tx.workspace_id, draft.follow_up_id))
    settings, there = timing.settings(tx), timing.where(tx, step.contact_id)
    opens = timing.slot(tx, step, tx.now)
    hours = f"{settings.window_start or '00:00'} to {settings.window_end or '24:00'} "
    hours += f"{there.zone.key} (the {there.zone_source}'s zone)"
    if opens > tx.now:
        days = f", on business days ({there.calendar.label})" if settings.business_days_only else ""
        closed = there.calendar.why_closed(tx.now.astimezone(there.zone).date())
        today = f"  Today is {closed}." if days and closed else ""
        yield Check("window", False, f"Outside the window {hours}{days}.{today}", opens)
    elif settings.window_start:
        yield Check("window", True, f"Inside the window {hours}.")


def reader_away(tx: Transaction, draft: Draft, contact: Contact) -> Iterator[Check]:
    """Have a follow-up wait for a reader who said to be away; a first mail is a person's choice."""
    if draft.follow_up_id is None or contact.away_until is None:
        return
    step = tx.get_one(FollowUp, (tx.workspace_id, draft.follow_up_id))
    there = timing.where(tx, contact.id).zone
    if away.not_before(tx.now, contact.away_until, there) > tx.now:
        # One that was moved has its time of day; one that was not has the present one.
        back = away.not_before(max(step.due_at, tx.now), contact.away_until, there)
        yield Check("reader_away", False, f"Its reader is away until {contact.away_until}.", back)
