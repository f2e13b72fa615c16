"""Pace: whether the sender may send one more now, and the reader be written to again."""

from collections.abc import Iterator
from typing import Any

from runtime.crm import workspaces
from runtime.db import Transaction
from runtime.mail import pace, touches
from runtime.mail.gate.check import Check
from runtime.mail.pace import Pace, Queue
from runtime.models import Call, Contact, Draft
from runtime.settings import Settings


def rules(
    tx: Transaction,
    *,
    call: Call,
    draft: Draft,
    contact: Contact,
    letter: dict[str, Any],
    settings: Settings,
) -> Iterator[Check]:
    """Have real mail wait for each of its limits; the smallest of them wins."""
    if not pace.binds(settings):
        what = "Sandbox" if settings.transport == "sandbox" else "Real sending is off"
        yield Check("pace", True, f"{what}: no cap, ramp, burst or gap binds this mail.")
    elif call.in_doubt:
        yield Check("pace", True, "It took its place at its first try and is not counted again.")
    else:
        yield from _of_the_sender(pace.now(tx, letter), pace.queue(tx, call))
        yield from _of_the_reader(tx, draft, contact)


def _of_the_sender(now: Pace, before: Queue) -> Iterator[Check]:
    """Let the more urgent and the older through first; the others wait, each for its own turn."""
    until = now.free_at(before.waiting)
    first = f" {before.due} more urgent or older mails go first." if before.due else ""
    cap, ramp, burst = now.limits.daily_cap, now.ramp, now.limits.burst
    limits = (
        ("daily_cap", cap - now.today, f"{now.today} of at most {cap} mails today"),
        ("ramp", ramp - now.today, f"{now.today} of {ramp}, as far as today may grow"),
        ("burst", now.in_a_row, f"{now.in_a_row} of {burst} may leave in a row"),
    )
    for rule, room, said in limits:
        passed = before.due < room
        detail = f"{said}, from {now.address}." + ("" if passed else first)
        yield Check(rule, passed, detail, None if passed else until)


def _of_the_reader(tx: Transaction, draft: Draft, contact: Contact) -> Iterator[Check]:
    mails, limits = touches.lately(tx, contact, draft), workspaces.settings(tx)
    last, same_task = mails[-1] if mails else (None, False)
    if last is None:
        yield Check("contact_gap", True, "The contact got no other mail within a month.")
    elif same_task:
        yield Check("contact_gap", True, "The contact's last mail is the one that it follows.")
    elif contact.replied_at is not None and contact.replied_at >= last:
        yield Check("contact_gap", True, "The contact has answered since the last mail.")
    else:
        until = touches.next_after(tx, last, contact, draft)
        detail = f"The contact's last mail was at {last:%Y-%m-%d %H:%M:%S} UTC."
        yield Check("contact_gap", until <= tx.now, detail, until if until > tx.now else None)
    most = limits.contact_touches
    fits_at = touches.room_at([moment for moment, _ in mails], most, tx.now)
    detail = f"The contact got {len(mails)} of at most {most} mails within a month."
    yield Check("contact_touches", fits_at is None, detail, fits_at)
