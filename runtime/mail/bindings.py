"""Bindings: what an approval of a draft stands for beside its text, shown before it is given."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from runtime.crm import team
from runtime.db import Transaction
from runtime.mail import drafts
from runtime.models import AgentKind, Approval, Draft, DraftStatus


@dataclass(frozen=True, slots=True)
class Bound:
    """A version of the follow-up settings and its waits; no waits if nobody kept them."""

    version: int
    waits: list[str] | None


def fingerprints(tx: Transaction, shown: Sequence[Draft]) -> list[str]:
    """Return the fingerprint of each draft as readers are given it now."""
    version = team.member(tx, AgentKind.FOLLOW_UP).settings_version
    return [drafts.shown(draft, version) for draft in shown]


def bound_to(tx: Transaction, shown: Sequence[Draft]) -> list[Bound | None]:
    """Return the follow-up settings that each draft's approval is bound to, or would be now.

    None for a follow-up's text, and for a version that is neither pending nor approved.
    """
    agent = team.member(tx, AgentKind.FOLLOW_UP)
    approved = _approved_under(tx, shown)
    versions = [_version(draft, approved, agent.settings_version) for draft in shown]
    kept = team.settings_under(tx, agent, {v for v in versions if v is not None})
    return [
        None if v is None else Bound(v, kept[v]["waits"] if v in kept else None) for v in versions
    ]


def _version(draft: Draft, approved: dict[uuid.UUID, int], now: int) -> int | None:
    if draft.follow_up_id is not None:
        return None
    return now if draft.status is DraftStatus.PENDING else approved.get(draft.id)


def _approved_under(tx: Transaction, shown: Sequence[Draft]) -> dict[uuid.UUID, int]:
    rows = tx.execute(
        sa.select(Approval.draft_id, Approval.settings_version).where(
            Approval.workspace_id == tx.workspace_id,
            Approval.draft_id.in_([draft.id for draft in shown]),
            Approval.voided_at.is_(None),
        )
    )
    return {row.draft_id: row.settings_version for row in rows}
