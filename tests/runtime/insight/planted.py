"""Planted mail: what left and what came back, as rows, and what that makes by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from runtime.db import Transaction
from runtime.insight.span import Span
from runtime.models import (
    Contact,
    DeliveryStatus,
    Draft,
    DraftStatus,
    FollowUp,
    FollowUpStatus,
    Reply,
    SentEmail,
    Task,
    new_id,
)
from tests.house import House

S = DeliveryStatus


@dataclass(frozen=True)
class Mail:
    """A mail of a task; step 0 is its first.  ``at``: when it left."""

    at: datetime
    task: int = 0
    step: int = 0
    status: DeliveryStatus = S.SENT
    sandbox: bool = False


@dataclass(frozen=True)
class Said:
    """A reply to the mail of this number, or to none that anybody named."""

    at: datetime
    contact: int = 0
    mail: int | None = None
    kind: str = "human"


def plant(
    house: House, mails: Sequence[Mail], replies: Sequence[Said] = (), contacts: int = 1
) -> list[SentEmail]:
    """Store mails and replies; task n is with contact n modulo ``contacts``."""
    people = [house.a_contact() for _ in range(contacts)]
    tasks = {n: house.a_task(contact=_own(house, people, n)) for n in {m.task for m in mails}}
    with house.tx() as tx:
        _belong(tx, tasks, people)
        rows = [_mail(tx, tasks[mail.task], mail, n) for n, mail in enumerate(mails)]
        for n, said in enumerate(replies):
            key = None if said.mail is None else rows[said.mail].id
            _reply(tx, people[said.contact].id, key, said, n)
        return rows


def span(house: House, since: datetime, until: datetime, zone: str = "UTC", **more: Any) -> Span:
    """Return a span of a house."""
    return Span(house.workspace_id, since, until, ZoneInfo(zone), **more)


def _own(house: House, people: list[Contact], n: int) -> Contact:
    # Two tasks do not write to one contact at a time; the second is given to them afterwards.
    return people[n] if n < len(people) else house.a_contact()


def _belong(tx: Transaction, tasks: dict[int, Task], people: list[Contact]) -> None:
    for n, task in tasks.items():
        key = people[n % len(people)].id
        tx.execute(sa.update(Task).where(Task.id == task.id).values(contact_id=key))
        task.contact_id = key


def _mail(tx: Transaction, task: Task, mail: Mail, number: int) -> SentEmail:
    step = _step(tx, task, mail) if mail.step else None
    words = {"to": "a@example.org", "subject": "S", "body": "B", "task_id": task.id}
    draft = tx.insert(
        Draft,
        id=new_id(),
        follow_up_id=step,
        version=number + 1,
        status=DraftStatus.SUPERSEDED,
        fingerprint="f",
        writer="template",
        created_at=mail.at,
        **words,
    )
    return tx.insert(
        SentEmail,
        id=new_id(),
        follow_up_id=step,
        contact_id=task.contact_id,
        draft_id=draft.id,
        status=mail.status,
        transport="sandbox" if mail.sandbox else "resend",
        idempotency_key=str(draft.id),
        created_at=mail.at,
        sent_at=mail.at,
        **words,
    )


def _step(tx: Transaction, task: Task, mail: Mail) -> Any:
    known = tx.scalars(
        sa.select(FollowUp.id).where(FollowUp.task_id == task.id, FollowUp.step == mail.step)
    ).first()
    return known or _new_step(tx, task, mail).id


def _new_step(tx: Transaction, task: Task, mail: Mail) -> FollowUp:
    step = tx.insert(
        FollowUp,
        id=new_id(),
        task_id=task.id,
        contact_id=task.contact_id,
        step=mail.step,
        max_steps=9,
        status=FollowUpStatus.SENT,
        due_at=mail.at,
        timezone="UTC",
        created_at=mail.at,
        updated_at=mail.at,
    )
    tx.flush()
    return step


def _reply(tx: Transaction, contact: Any, sent: Any, said: Said, number: int) -> None:
    tx.insert(
        Reply,
        id=new_id(),
        contact_id=contact,
        sent_email_id=sent,
        kind=said.kind,
        text="Hello.",
        # No two come at once, so that it is plain which was first.
        received_at=said.at + timedelta(milliseconds=number),
    )
