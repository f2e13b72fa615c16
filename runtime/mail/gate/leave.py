"""Leave: whether a person let this very text out."""

from collections.abc import Iterator

from runtime.crm import team, workspaces
from runtime.db import Transaction
from runtime.mail import drafts
from runtime.mail.gate.check import FRESH, Check
from runtime.models import AgentKind, Approval, ApprovalKind, Call, Draft, DraftStatus


def approval(tx: Transaction, draft: Draft, given: Approval | None) -> Check:
    """Ask for an approval of these very words, under the settings it came with."""
    if given is None or draft.status is not DraftStatus.APPROVED:
        return Check("approval", False, "Nobody has approved this text.")
    if given.fingerprint != drafts.fingerprint(draft):
        return Check("approval", False, "The text is not the one that was approved.")
    follow_up = team.member(tx, AgentKind.FOLLOW_UP)
    if given.kind is ApprovalKind.STANDING and given.settings_version != follow_up.settings_version:
        return Check("approval", False, "The follow-up settings changed since the approval.")
    how = {"PERSON": "", "STANDING": " with the first mail", "POLICY": " by the agent's setting"}
    return Check(
        "approval",
        True,
        f"Approved{how[given.kind]} by {given.approved_by} at "
        f"{given.approved_at:%Y-%m-%d %H:%M:%S} UTC.",
    )


def newest(tx: Transaction, draft: Draft) -> Check:
    """Refuse a version that another has taken the place of."""
    last = drafts.newest(tx, draft.task_id, draft.follow_up_id)
    if last is not None and last.id != draft.id:
        return Check("newest_version", False, f"There is a newer version, {last.version}.")
    return Check("newest_version", True, f"Version {draft.version} is the newest.")


def fresh(tx: Transaction, call: Call, given: Approval | None) -> Iterator[Check]:
    """Refuse a mail whose approval is so old that nobody can know whether it is still meant.

    A standing approval is bound to the settings, not to a day.  A mail that may have left
    is tried again under its key, or left to people: age changes nothing about that.
    """
    if given is None or given.kind is ApprovalKind.STANDING or call.in_doubt:
        return
    settings = workspaces.settings(tx)
    passed = tx.now - given.approved_at <= settings.lifetime
    approved = f"approved at {given.approved_at:%Y-%m-%d %H:%M:%S} UTC"
    good = f"an approval is good for {settings.draft_lifetime}"
    detail = f"It was {approved}, and {good}."
    yield Check(FRESH, passed, detail if passed else f"{detail} Somebody must decide again.")
