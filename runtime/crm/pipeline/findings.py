"""Findings: what a rule says of a deal, in words that need no model."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from runtime.crm.pipeline.facts import Deal, Mark, Person
from runtime.models import AgentKind, Priority


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a deal deserves attention, what it rests on, and who should do what.

    ``occasion`` tells this time from another: the same rule, deal and occasion is the
    same finding, and comes once.
    """

    rule: str
    deal: Deal
    occasion: str
    title: str
    why: str
    instruction: str
    evidence: tuple[dict[str, Any], ...]
    contact: Person | None = None
    agent: AgentKind = AgentKind.OUTREACH
    priority: Priority = Priority.NORMAL

    @property
    def key(self) -> str:
        """Return the name under which this finding is kept once."""
        return f"{self.rule}:{self.deal.id}:{self.occasion}"


def row(mark: Mark, detail: str) -> dict[str, Any]:
    """Return a row that a finding rests on."""
    return _row(mark.type, mark.id, detail, mark.at)


def deal_row(deal: Deal, detail: str, at: datetime) -> dict[str, Any]:
    """Return the deal itself as what a finding rests on."""
    return _row("Opportunity", deal.id, detail, at)


def contact_row(person: Person, detail: str) -> dict[str, Any]:
    """Return a contact as what a finding rests on."""
    return _row("Contact", person.id, detail, None)


def _row(type_: str, id_: uuid.UUID, detail: str, at: datetime | None) -> dict[str, Any]:
    return {
        "type": type_,
        "id": str(id_),
        "detail": detail,
        "at": at.isoformat() if at else None,
    }
