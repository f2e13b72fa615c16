"""Gate: the last word before a mail leaves, whatever path led here.

One function, asked under the task's lock immediately before the provider is
called.  It answers Send, Wait(until) or Refuse, and keeps what it found for each
rule: the receipt.  A rule that does not apply has no line.  All rules are always
asked, so that the receipt shows every reason, not just the first.
"""

from typing import Any

from runtime.db import Transaction
from runtime.mail import approvals
from runtime.mail.gate import basis, deal, hours, leave, pace, provider, reader, switches, text
from runtime.mail.gate.check import FRESH, LOOK_AGAIN, Check, Verdict
from runtime.models import Call, Contact, Draft
from runtime.settings import Settings

__all__ = ["FRESH", "LOOK_AGAIN", "Check", "Verdict", "ask", "in_the_way"]


def ask(
    tx: Transaction,
    *,
    call: Call,
    draft: Draft,
    contact: Contact,
    settings: Settings,
    letter: dict[str, Any],
) -> Verdict:
    """Ask every rule about this mail, now."""
    given = approvals.in_force(tx, draft)
    return Verdict(
        (
            leave.approval(tx, draft, given),
            leave.newest(tx, draft),
            reader.recipient(draft, contact, letter),
            reader.not_suppressed(tx, contact),
            reader.nothing_unread(tx, contact),
            *basis.lawful(tx, contact),
            reader.no_reply(contact, given),
            *deal.still_open(tx, draft),
            text.complete(draft),
            text.unsubscribe(letter),
            *text.thread(call, draft, letter),
            *leave.fresh(tx, call, given),
            switches.agent(tx, call),
            *hours.window(tx, draft),
            *hours.reader_away(tx, draft, contact),
            *provider.mail_before(tx, draft),
            *provider.quota(tx, draft, settings),
            *pace.rules(
                tx, call=call, draft=draft, contact=contact, letter=letter, settings=settings
            ),
            switches.kill_switch(tx),
            switches.allowed(settings),
        )
    )


def in_the_way(
    tx: Transaction,
    *,
    call: Call,
    draft: Draft | None,
    contact: Contact,
    settings: Settings,
    letter: dict[str, Any],
) -> list[Check]:
    """Return the rules that would not let this mail pass now; asking changes nothing.

    Without a draft only those are asked that need no text.
    """
    if draft is not None:
        checks = ask(
            tx, call=call, draft=draft, contact=contact, settings=settings, letter=letter
        ).checks
    else:
        checks = (
            reader.not_suppressed(tx, contact),
            reader.nothing_unread(tx, contact),
            *basis.lawful(tx, contact),
            switches.agent(tx, call),
            switches.kill_switch(tx),
            switches.allowed(settings),
        )
    return [check for check in checks if not check.passed]
