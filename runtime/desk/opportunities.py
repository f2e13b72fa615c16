"""What a person may do with an opportunity: add it, change it, hand it to an agent."""

import math
import uuid
from collections.abc import Callable
from typing import Any

from runtime.crm import contacts, delegation, erased, opportunities, team
from runtime.crm.pipeline import attention
from runtime.crm.research import need
from runtime.db import Transaction
from runtime.desk import tasks
from runtime.desk.words import one_line, optional
from runtime.errors import Refused
from runtime.mail import stopping
from runtime.models import (
    CLOSED_STAGE,
    Contact,
    Opportunity,
    Priority,
    Stage,
    Task,
    new_id,
)

LONGEST_TITLE = 200
LONGEST_NOTES = 10_000
LONGEST_NEXT_STEP = 1_000
HIGHEST_VALUE = 1e15


def create(
    tx: Transaction,
    *,
    who: str,
    title: str,
    contact_id: uuid.UUID | None = None,
    value: float | None = None,
    notes: str | None = None,
    next_step: str | None = None,
    stage: Stage = Stage.NEW,
) -> Opportunity:
    """Add a deal, with somebody or with nobody yet."""
    given = _checked(title=title, value=value, notes=notes, next_step=next_step)
    contact = _somebody(tx, contact_id) if contact_id else None
    opportunity = tx.insert(
        Opportunity,
        id=new_id(),
        contact_id=contact.id if contact else None,
        stage=stage,
        stage_changed_at=tx.now,
        created_at=tx.now,
        updated_at=tx.now,
        **given,
    )
    tx.flush()
    opportunities.note_stage(tx, opportunity, None, by=who, reason="It was added.")
    tx.record(
        "opportunity.created",
        f"{who} added “{opportunity.title}”.",
        actor=who,
        contact=opportunity.contact_id,
        opportunity_id=opportunity.id,
        stage=stage.value,
    )
    attention.draw(tx)
    return opportunity


def update(
    tx: Transaction,
    *,
    who: str,
    opportunity_id: uuid.UUID,
    stage: Stage | None = None,
    contact_id: uuid.UUID | None = None,
    **changes: Any,
) -> Opportunity:
    """Change a deal; what is left out stays, an empty text clears notes and next step.

    WON or LOST ends everything that was still to be sent for it, in the same commit.
    """
    # Tasks first, as everybody does who locks them and what they serve.
    serving = opportunities.lock_tasks(tx, opportunity_id)
    opportunity = opportunities.wanted(tx, opportunity_id, lock=True)
    new = _checked(**{name: value for name, value in changes.items() if value is not None})
    if contact_id is not None:
        new["contact_id"] = _somebody(tx, contact_id).id
    changed = [name for name, value in new.items() if value != getattr(opportunity, name)]
    for name in changed:
        setattr(opportunity, name, new[name])
    if changed:
        opportunity.updated_at = tx.now
        tx.record(
            "opportunity.updated",
            f"{who} changed “{opportunity.title}”: {', '.join(changed)}.",
            actor=who,
            contact=opportunity.contact_id,
            opportunity_id=opportunity.id,
        )
    if stage is not None and stage is not opportunity.stage:
        opportunities.move(tx, opportunity, stage, by=who, reason=f"{who} moved it.")
        if stage in CLOSED_STAGE:
            reason = f"The opportunity “{opportunity.title}” is {stage.value.lower()}."
            stopping.closed(tx, serving, reason=reason, actor=who)
    attention.draw(tx)
    return opportunity


def delegate(
    tx: Transaction,
    *,
    who: str,
    opportunity_id: uuid.UUID,
    agent_id: uuid.UUID | None = None,
    instruction: str | None = None,
    priority: Priority = Priority.NORMAL,
) -> Task:
    """Hand a deal to an agent: the one named, else the one that its state asks for."""
    opportunity = opportunities.wanted(tx, opportunity_id)
    opportunities.refuse_closed(opportunity)
    if opportunity.contact_id is None:
        raise Refused(
            "There is nobody to write to: give the opportunity a contact first.",
            code="NO_CONTACT",
            field="opportunityId",
        )
    contact = contacts.wanted(tx, opportunity.contact_id)
    choice = delegation.choose(opportunity, contact, unprepared=need.unprepared(tx, contact))
    agent = team.wanted(tx, agent_id) if agent_id else team.member(tx, choice.agent)
    why = f"{who} chose {agent.name}." if agent_id else choice.why
    task = tasks.assign(
        tx,
        who=who,
        agent_id=agent.id,
        contact_id=opportunity.contact_id,
        opportunity_id=opportunity.id,
        instruction=instruction or choice.instruction,
        priority=priority,
    )
    tx.record(
        "opportunity.delegated",
        f"“{opportunity.title}” was handed to {agent.name}. {why}",
        actor=who,
        task=task,
        opportunity_id=opportunity.id,
        why=why,
    )
    return task


def _somebody(tx: Transaction, contact_id: uuid.UUID) -> Contact:
    contact = contacts.wanted(tx, contact_id)
    erased.refuse_contact(contact)
    return contact


def _checked(**given: Any) -> dict[str, Any]:
    return {name: _CHECKS[name](value) for name, value in given.items()}


def _value(value: float | None) -> float | None:
    if value is not None and not (math.isfinite(value) and 0 <= value <= HIGHEST_VALUE):
        raise Refused("The value must be a number from 0 up.", field="value")
    return value


_CHECKS: dict[str, Callable[[Any], Any]] = {
    "title": lambda text: one_line(text, "title", longest=LONGEST_TITLE),
    "value": _value,
    "notes": lambda text: optional(text, "notes", longest=LONGEST_NOTES),
    "next_step": lambda text: optional(text, "nextStep", longest=LONGEST_NEXT_STEP),
}
