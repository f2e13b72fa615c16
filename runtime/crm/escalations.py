"""Escalations: what waits for a person.  One cause asks once.

A key begins with the word for its cause.  What a cause asked is settled where it is seen to,
in the same transaction: a question that nobody needs to answer must not wait for anybody.
"""

import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from runtime.db import Transaction
from runtime.models import Contact, Escalation, EscalationKind, SentEmail, Task, new_id

_STEP = ("away", "call_failed", "enrolled", "refused")
"""Causes that ask what is to become of a follow-up's step."""
_TASK = (*_STEP, "no_answer", "talk")
"""Causes that ask what is to become of a task."""


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


def settle(tx: Transaction, cause: str, resolution: str, *, by: str) -> None:
    """Settle what one cause asked, each time that it did, as it was seen to elsewhere.

    ``cause``: the key it asked under, or that up to the number of the time.
    """
    key = Escalation.dedup_key
    each_time = key.startswith(f"{cause}:", autoescape=True)
    _settle(tx, sa.or_(key == cause, each_time), resolution, by)


def settle_of_step(tx: Transaction, task_id: uuid.UUID, resolution: str, *, by: str) -> None:
    """Settle what was asked about the step of a locked task: it goes on again, or is over."""
    _settle(tx, _asks_of(task_id, _STEP), resolution, by)


def settle_of_task(tx: Transaction, task_id: uuid.UUID, resolution: str, *, by: str) -> None:
    """Settle what a locked task needed to go on: it is over, or went on without.

    What people owe an answer to, or must find out, is asked on.
    """
    _settle(tx, _asks_of(task_id, _TASK), resolution, by)


def settle_of_contact(tx: Transaction, contact: Contact, resolution: str, *, by: str) -> None:
    """Settle all that is still asked about somebody; their tasks are locked."""
    _settle(tx, Escalation.contact_id == contact.id, resolution, by)


def settle_of_mail(tx: Transaction, mail: SentEmail, resolution: str, *, by: str) -> None:
    """Settle what asked a person whether a mail left; its task is locked."""
    unknown = Escalation.kind == EscalationKind.OUTCOME_UNKNOWN
    _settle(tx, sa.and_(Escalation.sent_email_id == mail.id, unknown), resolution, by)


def _asks_of(task_id: uuid.UUID, causes: Sequence[str]) -> sa.ColumnElement[bool]:
    first = sa.func.split_part(Escalation.dedup_key, ":", 1)
    return sa.and_(Escalation.task_id == task_id, first.in_(causes))


def _settle(tx: Transaction, which: sa.ColumnElement[bool], resolution: str, by: str) -> None:
    settled = tx.scalars(
        sa.update(Escalation)
        .where(Escalation.workspace_id == tx.workspace_id, which, Escalation.resolved_at.is_(None))
        .values(resolved_at=tx.now, resolution=resolution, resolved_by=by)
        .returning(Escalation)
        .execution_options(populate_existing=True)
    )
    for each in settled.all():
        record_settled(tx, each)


def record_settled(tx: Transaction, escalation: Escalation) -> None:
    """Say that a question needs nobody any more."""
    tx.record(
        "escalation.resolved",
        f"The question was settled: {escalation.resolution}",
        actor=escalation.resolved_by or "system",
        task=tx.find(Task, escalation.task_id) if escalation.task_id else None,
        contact=escalation.contact_id,
        escalation_id=escalation.id,
    )
