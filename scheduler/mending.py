"""Mending: what becomes of a call that breaks its performer.

A provider's troubles never come here; this is for bugs, and for calls that kill
the process, again and again.  Each try was counted before it began, so even those
come to an end, on a person's desk.
"""

from datetime import timedelta

from runtime import outbox
from runtime.backoff import full_jitter
from runtime.crm.pipeline import wording
from runtime.crm.research import reading as pages
from runtime.db import Transaction
from runtime.mail import outcomes, reading, reconciling, sent
from runtime.models import Call, CallKind, Task
from scheduler import performing
from scheduler.deciding import LONGEST_PAUSE
from scheduler.performing import Claimed, Hands
from scheduler.surviving import surviving

_CODE = "CALL_BROKE"


def perform(hands: Hands, claimed: Claimed) -> None:
    """Perform a call, whatever it does; never raises.

    Where the database is in trouble, not the call, its lease runs out and it is taken again.
    """
    if claimed.worn_out:
        _mend(hands, claimed, "It ended its worker at each try.")
        return
    with surviving("a call broke its performer") as trouble:
        performing.perform(hands, claimed)
    if trouble.bug:
        _mend(hands, claimed, f"{type(trouble.bug).__name__} in the worker.")


def _mend(hands: Hands, claimed: Claimed, message: str) -> None:
    def work(tx: Transaction, call: Call) -> None:
        if call.attempts >= call.max_attempts:
            _give_up(tx, call, message)
            return
        outbox.note_error(call, _CODE, message)
        seconds = full_jitter(
            call.attempts, base=hands.settings.retry_base_seconds, cap=LONGEST_PAUSE
        )
        outbox.put_back(tx, call, tx.now + timedelta(seconds=seconds))

    with surviving("a broken call cannot be mended"):
        performing.under_lock(hands, claimed, work)


def _give_up(tx: Transaction, call: Call, message: str) -> None:
    if call.kind is CallKind.RECONCILE:
        reconciling.give_up(tx, call, message)
        return
    if call.in_doubt:
        outcomes.unknown(tx, call, message)
        return
    if call.kind is CallKind.READ_REPLY:
        reading.not_read(tx, call, _CODE, message, retry_at=None, count=True)
        return
    if call.kind is CallKind.READ_PAGE:
        pages.not_read(tx, call, _CODE, message, retry_at=None)
        return
    if call.kind is CallKind.WORD_FINDING:
        wording.not_told(tx, call, _CODE, message, retry_at=None)
        return
    outbox.note_error(call, _CODE, message)
    sent.not_on_its_way(tx, call)
    outcomes.give_up(tx, call, tx.get_one(Task, (tx.workspace_id, call.task_id)))
