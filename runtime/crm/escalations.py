"""Escalations: what waits for a person.  One cause asks once."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from runtime.db import Transaction
from runtime.models import Contact, Escalation, EscalationKind, SentEmail, Task, new_id


def ask(
    tx: Transaction,
    kind: EscalationKind,
    reason: str,
    *,
    dedup_key: str,
    actor: str,
    task: Task | None = None,
    contact: Contact | None = None,
    sent: SentEmail | None = None,
) -> Escalation | None:
    """Ask a person; None if this cause has asked before.

    ``contact``: whom it is about, where no task says so.
    """
    contact_id = contact.id if contact else task.contact_id if task else None
    escalation = tx.scalars(
        insert(Escalation)
        .values(
            workspace_id=tx.workspace_id,
            id=new_id(),
            kind=kind,
            reason=reason,
            dedup_key=dedup_key,
            task_id=task.id if task else None,
            contact_id=contact_id,
            sent_email_id=sent.id if sent else None,
            created_at=tx.now,
        )
        .on_conflict_do_nothing()
        .returning(Escalation)
    ).one_or_none()
    if escalation is not None:
        tx.record(
            "escalation.opened",
            reason,
            actor=actor,
            task=task,
            contact=contact_id,
            escalation_id=escalation.id,
            kind=kind.value,
        )
    return escalation


def settle(tx: Transaction, dedup_key: str, resolution: str, *, by: str) -> None:
    """Settle what one cause asked, if it still does, as it was seen to elsewhere."""
    tx.execute(
        sa.update(Escalation)
        .where(
            Escalation.workspace_id == tx.workspace_id,
            Escalation.dedup_key == dedup_key,
            Escalation.resolved_at.is_(None),
        )
        .values(resolved_at=tx.now, resolution=resolution, resolved_by=by)
    )


def close_of_task(tx: Transaction, task: Task, resolution: str, *, by: str) -> None:
    """Settle what a task still asks for, as it no longer matters."""
    _close(tx, Escalation.task_id == task.id, resolution, by)


def close_of_contact(tx: Transaction, contact: Contact, resolution: str, *, by: str) -> None:
    """Settle all that is still asked about somebody; their tasks are locked."""
    _close(tx, Escalation.contact_id == contact.id, resolution, by)


def _close(tx: Transaction, which: sa.ColumnElement[bool], resolution: str, by: str) -> None:
    tx.execute(
        sa.update(Escalation)
        .where(Escalation.workspace_id == tx.workspace_id, which, Escalation.resolved_at.is_(None))
        .values(resolved_at=tx.now, resolution=resolution, resolved_by=by)
    )
