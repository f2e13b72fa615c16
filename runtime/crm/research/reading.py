"""Reading: a listed page, asked for in a turn, read by a worker, kept as facts with their spans.

The worker is told an address and whom it is about; it answers with the page's text and the
quotes it would keep.  Each quote is looked for in that text here, whoever chose it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from runtime import mailbox, outbox
from runtime.crm import budget, contacts
from runtime.crm.research import facts, pages
from runtime.crm.research.facts import Source
from runtime.db import Transaction
from runtime.errors import in_a_line
from runtime.messages import PageNotRead, PageRead
from runtime.models import (
    AgentKind,
    Call,
    CallKind,
    CallStatus,
    Contact,
    FactSource,
    Task,
    WebPage,
)

MAX_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """What a worker is told: the page to read, and whom or what it may tell something of."""

    url: str
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What a worker read: where in the end, the title, the text, and what of it to keep."""

    url: str
    title: str
    text: str
    quotes: tuple[str, ...]
    found_by: str


def plan(
    tx: Transaction,
    page: WebPage,
    *,
    agent: AgentKind,
    task: Task,
    causation_id: int | None = None,
) -> Call:
    """Want a listed page read for a task."""
    return outbox.plan(
        tx,
        CallKind.READ_PAGE,
        agent=agent,
        task=task,
        body={"page_id": str(page.id)},
        max_attempts=MAX_ATTEMPTS,
        causation_id=causation_id,
    )


def wanted(tx: Transaction, call: Call) -> Asked | None:
    """Return what is to be read; None if it is given up.

    As it was taken off the list, no worker survives it, its task's budget is spent, its contact
    was erased, or it was read for somebody else since.
    """
    page = _page(tx, call)
    if page is None:
        outbox.finish(tx, call, CallStatus.VOID)
        _answer(tx, call, None, code="PAGE_REMOVED", message="It was taken off the list.")
        return None
    if outbox.worn_out(call):
        not_read(tx, call, "WORKER_LOST", "No worker came back from it.", retry_at=None)
        return None
    if budget.is_spent(tx, call):
        _leave_unread(tx, call, page)
        return None
    contact = _contact_of(tx, call)
    if contact.erased_at is not None:
        _forgotten(tx, call)
        return None
    if page.read_at is not None and page.read_at >= call.created_at:
        _as_for_another(tx, call, page, contact)
        return None
    # A company's page is read once for all who work there, so nothing of one of them is kept.
    about = (page.company,) if page.company else (contact.name, contact.company)
    return Asked(page.url, tuple(filter(None, about)))


def read(tx: Transaction, call: Call, told: Told) -> None:
    """End a held call with what the page says."""
    outbox.finish(tx, call)
    page = _page(tx, call)
    if page is None:
        _answer(tx, call, None, code="PAGE_REMOVED", message="It was taken off the list.")
        return
    contact = _contact_of(tx, call)
    if contact.erased_at is not None:
        _forgotten(tx, call)
        return
    page.read_at, page.title = tx.now, told.title[:200] or None
    page.error_code = page.error_message = None
    kept = facts.keep(
        tx,
        contact,
        Source(FactSource.PAGE, page.id, told.text, told.url),
        told.quotes,
        found_by=told.found_by,
    )
    refused = sorted(why.value for why in kept.refused)
    _tell(tx, call, page, url=told.url, known=kept.facts, refused=refused)


def not_read(
    tx: Transaction,
    call: Call,
    code: str,
    message: str,
    *,
    retry_at: datetime | None,
    count: bool = True,
) -> None:
    """Have the page read again at ``retry_at``, or say that it is not read, and why."""
    outbox.note_error(call, code, message)
    if retry_at is not None:
        outbox.put_back(tx, call, retry_at, count=count)
        return
    outbox.finish(tx, call, CallStatus.FAILED)
    page = _page(tx, call)
    if page is not None:
        page.read_at, page.error_code = tx.now, code
        page.error_message = in_a_line(message)
    _answer(tx, call, page, code=code, message=message)


def outcome(tx: Transaction, task: Task) -> tuple[int, int]:
    """Return how many pages were read for a task, and how many in vain."""
    rows = tx.execute(
        sa.select(Call.status, sa.func.count())
        .where(
            Call.workspace_id == tx.workspace_id,
            Call.task_id == task.id,
            Call.kind == CallKind.READ_PAGE,
        )
        .group_by(Call.status)
    )
    ended = {row[0]: row[1] for row in rows}
    return ended.get(CallStatus.DONE, 0), ended.get(CallStatus.FAILED, 0)


def _forgotten(tx: Transaction, call: Call) -> None:
    """Drop a call for somebody who was erased meanwhile, of whom nothing is kept any more."""
    outbox.finish(tx, call, CallStatus.VOID)
    message = "The contact was erased."
    _answer(tx, call, None, code="CONTACT_ERASED", message=message)


def _as_for_another(tx: Transaction, call: Call, page: WebPage, contact: Contact) -> None:
    """End a call with what its page gave, or why none, when it was read for another since."""
    if page.error_code:
        message = page.error_message or ""
        outbox.note_error(call, page.error_code, message)
        outbox.finish(tx, call, CallStatus.FAILED)
        _answer(tx, call, page, code=page.error_code, message=message)
        return
    outbox.finish(tx, call)
    facts.share(tx, contact, page.id)
    known = sum(fact.source_id == page.id for fact in facts.of(tx, contact.id))
    _tell(tx, call, page, url=page.url, known=known)


def _leave_unread(tx: Transaction, call: Call, page: WebPage) -> None:
    """Give a call up for its task's sake: of the page, which others may read, nothing is noted."""
    outbox.note_error(call, budget.SPENT, budget.SPENT_WORDS)
    outbox.finish(tx, call, CallStatus.FAILED)
    _answer(tx, call, page, code=budget.SPENT, message=budget.SPENT_WORDS)


def _answer(tx: Transaction, call: Call, page: WebPage | None, *, code: str, message: str) -> None:
    _post(
        tx,
        call,
        PageNotRead(
            task_id=call.of_task,
            call_id=call.id,
            page_id=page.id if page else None,
            host=pages.host(page.url) if page else "",
            code=code,
            message=in_a_line(message),
        ),
    )


def _tell(
    tx: Transaction,
    call: Call,
    page: WebPage,
    *,
    url: str,
    known: int,
    refused: Sequence[str] = (),
) -> None:
    _post(
        tx,
        call,
        PageRead(
            task_id=call.of_task,
            call_id=call.id,
            page_id=page.id,
            host=pages.host(url),
            facts=known,
            refused=list(refused),
        ),
    )


def _post(tx: Transaction, call: Call, said: PageRead | PageNotRead) -> None:
    mailbox.post(
        tx,
        said,
        to=call.agent,
        sender=mailbox.SYSTEM,
        task=tx.get_one(Task, (tx.workspace_id, call.task_id)),
        causation_id=call.causation_id,
        dedup_key=f"call:{call.id}:{said.type}",
    )


def _page(tx: Transaction, call: Call) -> WebPage | None:
    return tx.find(WebPage, call.body.get("page_id"), lock=True)


def _contact_of(tx: Transaction, call: Call) -> Contact:
    task = tx.get_one(Task, (tx.workspace_id, call.task_id))
    return contacts.wanted(tx, task.contact_id)
