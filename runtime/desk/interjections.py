"""Interjections: what a person's words to an agent do, in the commit that carries the words.

What stops, stops at once and not when the agent comes to it; the agent then says what was
understood and done.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from runtime.crm import contacts as people
from runtime.crm import intents, tasks
from runtime.crm.intents import Intent
from runtime.db import Transaction
from runtime.desk import approvals, contacts, drafts, follow_ups
from runtime.errors import Conflict
from runtime.mail import drafts as texts
from runtime.mail import follow_ups as steps
from runtime.mail import sent
from runtime.models import (
    OPEN_FOLLOW_UP,
    AgentKind,
    Contact,
    Draft,
    DraftStatus,
    FollowUp,
    FollowUpStatus,
    Task,
)

NO_TASK = "Name the task that it is about, so that I know whom you mean."
NOT_UNDERSTOOD = (
    "I did not understand that, and did nothing. I can stop writing to somebody or to their "
    "company, pause, write a draft anew as you say, or answer how things stand."
)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who spoke, as their token says, and to which agent."""

    who: str
    who_id: uuid.UUID | None
    agent: AgentKind


def lock(tx: Transaction, text: str, task_id: uuid.UUID) -> Task:
    """Lock the task that words are about, and before it whomever they may reach.

    That is its contact, or everybody of their company, in the order of all who lock several:
    the contacts by their ids, then the tasks by theirs.
    """
    seen = tx.find(Task, task_id)
    if seen is not None and seen.contact_id is not None:
        contact = people.wanted(tx, seen.contact_id)
        meant = people.lock(tx, [each.id for each in _meant(tx, contact, text)])
        if len(meant) > 1:
            tasks.lock_of_contacts(tx, meant)
    return tasks.wanted(tx, task_id)


def act(
    tx: Transaction,
    *,
    who: str,
    agent: AgentKind,
    text: str,
    task: Task | None,
    who_id: uuid.UUID | None = None,
) -> tuple[Intent, str]:
    """Do what the words mean; return what was understood, and what was done about it.

    An answer to a question is left to the agent: then nothing was done, and the second is empty.
    """
    intent = intents.understood(text)
    if intent is Intent.UNCLEAR:
        return intent, NOT_UNDERSTOOD
    if task is None:
        return intent, NO_TASK
    if intent is Intent.ANSWER:
        return intent, ""
    try:
        return intent, _DEEDS[intent](tx, Speaker(who, who_id, agent), text, task)
    except Conflict as conflict:
        return intent, conflict.message


def _stop(tx: Transaction, by: Speaker, text: str, task: Task) -> str:
    contact = people.wanted(tx, task.contact_id)
    meant = _meant(tx, contact, text)
    for person in meant:
        contacts.suppress(tx, who=by.who, contact_id=person.id, reason=text[:500])
    names = ", ".join(person.name for person in meant[:5])
    more = f" and {len(meant) - 5} more" if len(meant) > 5 else ""
    return f"Nothing more goes to {names}{more}. What was open for them is cancelled."


def _meant(tx: Transaction, contact: Contact, text: str) -> Sequence[Contact]:
    """Return whom words that stop something stop it for: somebody, or all of their company."""
    stops = intents.understood(text) is Intent.STOP
    if not (stops and intents.about_company(text) and contact.company):
        return [contact]
    return tx.scalars(
        sa.select(Contact)
        .where(
            Contact.workspace_id == tx.workspace_id,
            sa.func.lower(Contact.company) == contact.company.lower(),
        )
        .order_by(Contact.id)
    ).all()


def _pause(tx: Transaction, by: Speaker, text: str, task: Task) -> str:
    step = _open_step(tx, task)
    if step is not None and step.status is FollowUpStatus.SCHEDULED:
        follow_ups.pause(tx, who=by.who, follow_up_id=step.id, reason=text[:500])
        return f"Follow-up {step.step} is paused until somebody resumes it."
    draft = _newest(tx, task, step)
    if draft is not None and draft.status is DraftStatus.APPROVED:
        approvals.withdraw(tx, who=by.who, draft_id=draft.id, reason=text[:500])
        return "Its approval is withdrawn; it waits until somebody approves it again."
    return "There is nothing on its way that could be paused."


def _revise(tx: Transaction, by: Speaker, text: str, task: Task) -> str:
    step = _open_step(tx, task) if by.agent is AgentKind.FOLLOW_UP else None
    draft = _newest(tx, task, step)
    waits = draft is not None and draft.status in (DraftStatus.PENDING, DraftStatus.APPROVED)
    if draft is None or not waits or sent.may_be_out(tx, draft):
        return "There is no draft that waits, so there is nothing to write anew."
    if draft.status is DraftStatus.APPROVED:
        approvals.withdraw(tx, who=by.who, draft_id=draft.id, reason=text[:500])
    drafts.reject(tx, who=by.who, who_id=by.who_id, draft_id=draft.id, feedback=text)
    return "I write another version with that."


_DEEDS = {Intent.STOP: _stop, Intent.PAUSE: _pause, Intent.REVISE: _revise}


def _open_step(tx: Transaction, task: Task) -> FollowUp | None:
    found = [step for step in steps.of_task(tx, task) if step.status in OPEN_FOLLOW_UP]
    return found[-1] if found else None


def _newest(tx: Transaction, task: Task, step: FollowUp | None) -> Draft | None:
    return texts.newest(tx, task.id, step.id if step else None)
