"""Gate: the last word before a mail leaves, whatever path led here.

One function, asked under the task's lock immediately before the provider is
called.  It answers Send, Wait(until) or Refuse, and keeps what it found for each
rule: the receipt.  A rule that does not apply has no line.  All rules are always
asked, so that the receipt shows every reason, not just the first.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from runtime.crm import contacts, suppression, team
from runtime.crm.addresses import normalise
from runtime.crm.team import FollowUpSettings
from runtime.crm.zones import zone
from runtime.db import Transaction
from runtime.errors import Refused
from runtime.mail import approvals, drafts
from runtime.mail.window import opens_at
from runtime.models import (
    AgentKind,
    AgentStatus,
    Approval,
    ApprovalKind,
    Call,
    Contact,
    Draft,
    DraftStatus,
    FollowUp,
    Workspace,
)
from runtime.settings import Settings

LOOK_AGAIN = timedelta(seconds=30)
"""How soon a mail that waits for a person's switch comes to the gate again, at the latest."""

_UNRESOLVED = re.compile(
    r"\{\{.*?\}\}|\{%.*?%\}|<<\s*\w+\s*>>|\[(?:your |first |last |full |company |contact )?"
    r"(?:name|company|title|position|signature|sender)\]",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Check:
    """One rule, and what it found.  ``wait_until``: not now, but then."""

    rule: str
    passed: bool
    detail: str
    wait_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Send, unless ``refused`` or ``wait_until`` is set."""

    checks: tuple[Check, ...]

    @property
    def refused(self) -> Check | None:
        """The first rule that says no for good."""
        return next((c for c in self.checks if not c.passed and c.wait_until is None), None)

    @property
    def wait_until(self) -> datetime | None:
        """The latest of the times that rules ask to wait for."""
        return max((c.wait_until for c in self.checks if c.wait_until), default=None)

    @property
    def receipt(self) -> list[dict[str, Any]]:
        """The checks as the sent row keeps them."""
        return [{"rule": c.rule, "passed": c.passed, "detail": c.detail} for c in self.checks]


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
    approval = approvals.in_force(tx, draft)
    return Verdict(
        (
            _approval(tx, draft, approval),
            _newest(tx, draft),
            _recipient(draft, contact, letter),
            _not_suppressed(tx, contact),
            _no_reply(contact, approval),
            _complete(draft),
            _unsubscribe(letter),
            _agent(tx, call),
            *_window(tx, draft, contact),
            _kill_switch(tx),
            _allowed(settings),
        )
    )


def _approval(tx: Transaction, draft: Draft, approval: Approval | None) -> Check:
    if approval is None or draft.status is not DraftStatus.APPROVED:
        return Check("approval", False, "Nobody has approved this text.")
    if approval.fingerprint != drafts.fingerprint(draft):
        return Check("approval", False, "The text is not the one that was approved.")
    follow_up = team.member(tx, AgentKind.FOLLOW_UP)
    if (
        approval.kind is ApprovalKind.STANDING
        and approval.settings_version != follow_up.settings_version
    ):
        return Check("approval", False, "The follow-up settings changed since the approval.")
    how = {"PERSON": "", "STANDING": " with the first mail", "POLICY": " by the agent's setting"}
    return Check(
        "approval",
        True,
        f"Approved{how[approval.kind]} by {approval.approved_by} at "
        f"{approval.approved_at:%Y-%m-%d %H:%M:%S} UTC.",
    )


def _newest(tx: Transaction, draft: Draft) -> Check:
    newest = drafts.newest(tx, draft.task_id, draft.follow_up_id)
    if newest is not None and newest.id != draft.id:
        return Check("newest_version", False, f"There is a newer version, {newest.version}.")
    return Check("newest_version", True, f"Version {draft.version} is the newest.")


def _recipient(draft: Draft, contact: Contact, letter: dict[str, Any]) -> Check:
    if draft.to != contact.email or letter["to"] != draft.to:
        return Check("recipient", False, "The contact's address is no longer the draft's.")
    try:
        normalise(draft.to)
    except Refused as error:
        return Check("recipient", False, error.message)
    return Check("recipient", True, f"{draft.to} is the contact's address and well formed.")


def _not_suppressed(tx: Transaction, contact: Contact) -> Check:
    if contact.status not in contacts.MAY_BE_WRITTEN_TO:
        state = contact.status.value.lower().replace("_", " ")
        return Check("not_suppressed", False, f"The contact is {state}.")
    if (reason := suppression.why(tx, contact.email)) is not None:
        return Check("not_suppressed", False, f"The address is suppressed: {reason}")
    return Check("not_suppressed", True, "Neither the contact nor the address is suppressed.")


def _no_reply(contact: Contact, approval: Approval | None) -> Check:
    replied_at = contact.replied_at
    if replied_at and (approval is None or replied_at >= approval.approved_at):
        return Check("no_reply", False, "The contact has replied since the approval.")
    return Check("no_reply", True, "No reply since the approval.")


def _complete(draft: Draft) -> Check:
    if found := _UNRESOLVED.search(f"{draft.subject}\n{draft.body}"):
        return Check("complete", False, f"A placeholder was left in the text: {found[0][:60]}")
    return Check("complete", True, "No placeholder is left in the text.")


def _unsubscribe(letter: dict[str, Any]) -> Check:
    there = bool(letter["headers"].get("List-Unsubscribe"))
    return Check(
        "unsubscribe",
        there,
        "The mail says how to unsubscribe." if there else "There is no List-Unsubscribe header.",
    )


def _agent(tx: Transaction, call: Call) -> Check:
    agent = team.member(tx, call.agent)
    if agent.status in (AgentStatus.PAUSED, AgentStatus.FAILED):
        return Check("agent_active", False, f"{agent.name} is paused.", tx.now + LOOK_AGAIN)
    return Check("agent_active", True, f"{agent.name} is not paused.")


def _window(tx: Transaction, draft: Draft, contact: Contact) -> Iterator[Check]:
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


def _kill_switch(tx: Transaction) -> Check:
    workspace = tx.get_one(Workspace, tx.workspace_id)
    if workspace.sending_stopped:
        why = workspace.sending_stopped_reason or "no reason was given"
        return Check("kill_switch", False, f"Sending is stopped: {why}.", tx.now + LOOK_AGAIN)
    return Check("kill_switch", True, "Sending is not stopped in this workspace.")


def _allowed(settings: Settings) -> Check:
    match settings.email_sending:
        case "BLOCKED":
            return Check("sending_allowed", False, "Real sending is off: ALLOW_EMAIL_SENDING.")
        case "SANDBOX":
            return Check("sending_allowed", True, "Sandbox: the mail stays in this house.")
        case _:
            return Check("sending_allowed", True, "Real sending is on.")
