"""Hours: whether it is the time for it, where its reader lives."""

from collections.abc import Iterator

from runtime.crm import team
from runtime.crm.team import FollowUpSettings
from runtime.crm.zones import zone
from runtime.db import Transaction
from runtime.mail import away
from runtime.mail.gate.check import Check
from runtime.mail.window import opens_at
from runtime.models import AgentKind, Contact, Draft, FollowUp, Workspace


def window(tx: Transaction, draft: Draft, contact: Contact) -> Iterator[Check]:
    """Have a follow-up wait for its window; a first mail has none."""
    if draft.follow_up_id is None:
        return
    step = tx.get_one(FollowUp, (tx.workspace_id, draft.follow_up_id))
    settings = team.settings_of(team.member(tx, AgentKind.FOLLOW_UP), FollowUpSettings)
    there = zone(contact.timezone, tx.get_one(Workspace, tx.workspace_id).timezone)
    opens = opens_at(tx.now, step.step, step.due_at, settings, there)
    hours = f"{settings.window_start or '00:00'} to {settings.window_end or '24:00'} {there.key}"
    if opens > tx.now:
        days = ", on business days" if settings.business_days_only else ""
        yield Check("window", False, f"Outside the window {hours}{days}.", opens)
    elif settings.window_start:
        yield Check("window", True, f"Inside the window {hours}.")


def reader_away(tx: Transaction, draft: Draft, contact: Contact) -> Iterator[Check]:
    """Have a follow-up wait for a reader who said to be away; a first mail is a person's choice."""
    if draft.follow_up_id is None or contact.away_until is None:
        return
    step = tx.get_one(FollowUp, (tx.workspace_id, draft.follow_up_id))
    there = zone(contact.timezone, tx.get_one(Workspace, tx.workspace_id).timezone)
    back = away.not_before(max(step.due_at, tx.now), contact.away_until, there)
    # One that was moved has its time of day; one that was not has the present one.
    back = max(step.due_at, back) if step.due_at > tx.now else back
    if back > tx.now:
        yield Check("reader_away", False, f"Its reader is away until {contact.away_until}.", back)
