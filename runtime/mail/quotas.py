"""Quotas: what the provider lets an account send in a day or a month, once it is used up.

Known only from the provider's refusals.  An account is the deployment's: when its quota is
used up, the mail of every workspace waits at the gate until after the reset, spread so
that it does not all come at once.  Somebody in each workspace is told, once a day.
"""

import uuid
from datetime import UTC, datetime, time, timedelta

from sqlalchemy.dialects.postgresql import insert

from runtime.crm import escalations
from runtime.db import Transaction
from runtime.mail.envelope import carrier
from runtime.models import EscalationKind, SpentQuota
from runtime.settings import Settings

SPREAD = timedelta(minutes=15)
"""Over how long what has waited comes back."""

BY_CODE = {"MAIL_DAILY_QUOTA": "day", "MAIL_MONTHLY_QUOTA": "month"}
"""The provider's refusals that speak of a quota, and of which."""


def note_spent(tx: Transaction, account: str, quota: str, until: datetime) -> None:
    """Keep that an account's quota is used up until a moment; a later moment wins.

    ``account``: as ``envelope.carrier`` names it.
    """
    row = {"quota": quota, "until": until, "noted_at": tx.now}
    statement = insert(SpentQuota).values(carrier=account, **row)
    tx.execute(
        statement.on_conflict_do_update(
            index_elements=[SpentQuota.carrier],
            set_=row,
            where=SpentQuota.until < statement.excluded.until,
        )
    )
    tell(tx, quota, until)


def spent(tx: Transaction, settings: Settings) -> SpentQuota | None:
    """Return the quota that keeps mail from leaving, as it was last heard of; it may be over."""
    return tx.get(SpentQuota, carrier(settings), populate_existing=True)


def turn(draft_id: uuid.UUID, until: datetime) -> datetime:
    """Return when a mail has its turn after a reset: always the same one, each another's."""
    return until + SPREAD * (draft_id.int % 1000) / 1000


def says(quota: str, until: datetime) -> str:
    """Return what is said of a used-up quota."""
    when = f"{until:%Y-%m-%d %H:%M} UTC"
    if quota == "month":
        return f"The month's quota at Resend is used up; it is tried again at {when}."
    return f"The {quota}'s quota at Resend is used up until {when}."


def next_day(now: datetime) -> datetime:
    """Return when a quota is worth another look, where the provider did not say: the next day."""
    return datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time.min, UTC)


def tell(tx: Transaction, quota: str, until: datetime) -> None:
    """Tell a person of this workspace, once for each reset."""
    escalations.ask(
        tx,
        EscalationKind.QUESTION,
        f"{says(quota, until)} What is approved waits and then goes out by itself; raise the "
        "plan at Resend if that is too slow.",
        dedup_key=f"quota:{until:%Y-%m-%d}",
        actor="resend",
    )
