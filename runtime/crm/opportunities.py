"""Opportunities: deals and the stages they go through, each move with its reason."""

import uuid
from collections.abc import Sequence

import sqlalchemy as sa

from runtime.db import Transaction
from runtime.errors import NotFound, Refused
from runtime.models import CLOSED_STAGE, Contact, Opportunity, Stage, StageChange, Task, new_id

_ORDER = list(Stage)


def wanted(
    tx: Transaction, opportunity_id: object, *, lock: bool = False, field: str = "opportunityId"
) -> Opportunity:
    """Return an opportunity, or raise NotFound naming ``field``."""
    opportunity = tx.find(Opportunity, opportunity_id, lock=lock)
    if opportunity is None:
        raise NotFound("There is no opportunity with this id here.", field=field)
    return opportunity


def refuse_closed(opportunity: Opportunity, *, field: str = "opportunityId") -> None:
    """Raise Refused if a deal is won or lost: nothing is sent for it any more."""
    if opportunity.stage in CLOSED_STAGE:
        raise Refused(
            f"“{opportunity.title}” is {opportunity.stage}: move it to an open stage first.",
            code="OPPORTUNITY_CLOSED",
            field=field,
        )


def of_task(tx: Transaction, task: Task) -> Opportunity | None:
    """Return the deal that a task serves, if it serves one."""
    return tx.find(Opportunity, task.opportunity_id) if task.opportunity_id else None


def lock_tasks(tx: Transaction, opportunity_id: uuid.UUID) -> Sequence[Task]:
    """Lock and return all tasks of a deal, in the order of their ids, as all do."""
    return tx.scalars(
        sa.select(Task)
        .where(Task.workspace_id == tx.workspace_id, Task.opportunity_id == opportunity_id)
        .order_by(Task.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()


def move(tx: Transaction, opportunity: Opportunity, stage: Stage, *, by: str, reason: str) -> None:
    """Give a locked opportunity another stage and keep why; to its own stage, nothing happens."""
    if stage is opportunity.stage:
        return
    before, opportunity.stage = opportunity.stage, stage
    opportunity.stage_changed_at = opportunity.updated_at = tx.now
    note_stage(tx, opportunity, before, by=by, reason=reason)
    tx.record(
        "opportunity.moved",
        f"“{opportunity.title}” went from {before} to {stage}: {reason}",
        actor=by,
        contact=opportunity.contact_id,
        opportunity_id=opportunity.id,
        before=before.value,
        after=stage.value,
    )


def note_stage(
    tx: Transaction, opportunity: Opportunity, before: Stage | None, *, by: str, reason: str
) -> None:
    """Write into the history that an opportunity is in its stage from now on."""
    tx.insert(
        StageChange,
        id=new_id(),
        opportunity_id=opportunity.id,
        before=before,
        after=opportunity.stage,
        by=by,
        reason=reason,
        at=tx.now,
    )


def advance(tx: Transaction, opportunity_id: uuid.UUID, stage: Stage, *, reason: str) -> None:
    """Move a deal forward by what happened, never back, and never one that is closed."""
    opportunity = tx.find(Opportunity, opportunity_id, lock=True)
    if opportunity is None or opportunity.stage in CLOSED_STAGE:
        return
    if _ORDER.index(opportunity.stage) < _ORDER.index(stage):
        move(tx, opportunity, stage, by="system", reason=reason)


def advance_all_of(tx: Transaction, contact: Contact, stage: Stage, *, reason: str) -> None:
    """Move every open deal of a locked contact forward; those further on stay where they are."""
    ids = tx.scalars(
        sa.select(Opportunity.id)
        .where(
            Opportunity.workspace_id == tx.workspace_id,
            Opportunity.contact_id == contact.id,
            Opportunity.stage.not_in(CLOSED_STAGE),
        )
        .order_by(Opportunity.id)
    )
    for opportunity_id in ids.all():
        advance(tx, opportunity_id, stage, reason=reason)
