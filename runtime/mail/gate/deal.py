"""Deal: whether the opportunity that a mail serves is still open."""

from collections.abc import Iterator

from runtime.crm import opportunities
from runtime.db import Transaction
from runtime.mail.gate.check import Check
from runtime.models import CLOSED_STAGE, Draft, Task


def still_open(tx: Transaction, draft: Draft) -> Iterator[Check]:
    """Refuse a mail for a deal that is won or lost; a mail that serves none has no such rule."""
    deal = opportunities.of_task(tx, tx.get_one(Task, (tx.workspace_id, draft.task_id)))
    if deal is None:
        return
    is_open = deal.stage not in CLOSED_STAGE
    yield Check("opportunity_open", is_open, f"The opportunity “{deal.title}” is {deal.stage}.")
