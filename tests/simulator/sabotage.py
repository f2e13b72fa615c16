"""Sabotage: parts of the product taken out, to see that the simulator notices."""

import itertools
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from runtime import outbox
from runtime.db import Transaction
from runtime.mail import gate, reports
from runtime.mail.gate import Verdict
from runtime.mail.reports import Told
from runtime.models import Call, CallStatus, SentEmail
from scheduler import performing
from scheduler.integrations import Mail

Saboteur = Callable[[pytest.MonkeyPatch], None]


def open_gate(patch: pytest.MonkeyPatch) -> None:
    """Let everything through."""
    patch.setattr(gate, "ask", lambda *_args, **_fields: Verdict(()))


def no_fence(patch: pytest.MonkeyPatch) -> None:
    """Let whoever once held a call go on with it."""

    def held(tx: Transaction, call_id: uuid.UUID, _fence: int) -> Call | None:
        mine = sa.select(Call).where(
            Call.workspace_id == tx.workspace_id,
            Call.id == call_id,
            Call.status == CallStatus.STARTED,
        )
        return tx.scalars(mine.with_for_update()).one_or_none()

    patch.setattr(outbox, "held", held)


def another_key_each_time(patch: pytest.MonkeyPatch) -> None:
    """Send each try under a key of its own."""
    numbers = itertools.count()

    def mail(**fields: Any) -> Mail:
        key = f"{fields.pop('idempotency_key')}-{next(numbers)}"
        return Mail(**fields, idempotency_key=key)

    patch.setattr(performing, "Mail", mail)


def keys_for_ever(patch: pytest.MonkeyPatch) -> None:
    """Believe that the provider never forgets a key."""
    patch.setattr(outbox, "KEY_LIVES", timedelta(days=365))


def every_report_is_new(patch: pytest.MonkeyPatch) -> None:
    """Take each report for one that never came before."""
    keep, numbers = reports.keep, itertools.count()

    def anew(tx: Transaction, mail: SentEmail, svix_id: str, told: Told) -> bool:
        return keep(tx, mail, f"{svix_id}-{next(numbers)}", told)

    patch.setattr(reports, "keep", anew)
