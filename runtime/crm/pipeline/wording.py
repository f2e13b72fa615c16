"""Wording: a finding's reason in a model's words, asked for once it is kept.

The rule finds; a model may only say it more plainly.  A worker shows it the rule's title and
reason and nothing else, checks what it says (``fidelity``), and tells the planning agent,
which keeps it while the recommendation is open and still the one that was shown.  Whatever
fails, the rule's own words stay.  Calls hold ids only; nothing of what they say is in them.
"""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from runtime import mailbox, outbox
from runtime.crm.pipeline import fidelity, recommendations
from runtime.db import Transaction
from runtime.errors import Retry
from runtime.messages import FindingWorded
from runtime.models import (
    OPEN_CALL,
    AgentKind,
    Call,
    CallKind,
    CallStatus,
    Recommendation,
    RecommendationStatus,
    Task,
)

MAX_ATTEMPTS = 2
MOST_A_DAY = 100
"""Wordings asked for in a workspace within a day; beyond it the rules' words stay."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a model is shown of a finding: all that it may say."""

    title: str
    why: str

    @property
    def mark(self) -> str:
        """What tells these words from others, without saying them."""
        return hashlib.sha256(f"{self.title}\0{self.why}".encode()).hexdigest()[:16]


def room(tx: Transaction) -> int:
    """Return how many more wordings may be asked for today."""
    asked = sa.select(sa.func.count()).where(
        Call.workspace_id == tx.workspace_id,
        Call.task_id.is_(None),
        Call.created_at > tx.now - _DAY,
        Call.kind == CallKind.WORD_FINDING,
    )
    return max(0, MOST_A_DAY - (tx.scalar(asked) or 0))


def is_wanted(tx: Transaction, row: Recommendation) -> bool:
    """Tell whether a finding waits for an answer in the rule's words, and no call will change it.

    Found again while its call is open, it is that call which reads it as it is by then.
    """
    if row.status is not RecommendationStatus.OPEN or row.wording is not None:
        return False
    asked = sa.exists().where(
        Call.workspace_id == tx.workspace_id,
        Call.task_id.is_(None),
        Call.status.in_(OPEN_CALL),
        Call.correlation_id == row.id,
    )
    return not tx.scalar(sa.select(asked))


def plan(
    tx: Transaction,
    row: Recommendation,
    *,
    agent: AgentKind,
    task: Task | None = None,
    causation_id: int | None = None,
) -> Call:
    """Want a finding worded.

    Planned without a model too: the key is the worker's, whose template says what the rule does.
    """
    return outbox.plan(
        tx,
        CallKind.WORD_FINDING,
        agent=agent,
        task=task,
        body={"recommendation_id": str(row.id)},
        max_attempts=MAX_ATTEMPTS,
        # All that is said about one finding is found by it, to be shown or forgotten.
        correlation_id=row.id,
        causation_id=causation_id,
    )


def wanted(tx: Transaction, call: Call) -> Shown | None:
    """Return what is to be worded; None if it was answered meanwhile, or no worker survives it."""
    row = _of(tx, call)
    if outbox.worn_out(call) or row is None or row.status is not RecommendationStatus.OPEN:
        outbox.finish(tx, call, CallStatus.VOID)
        return None
    return _shown(row)


def checked(shown: Shown, text: str) -> str:
    """Return a model's words, in one line, if they say no more than what it was shown.

    Raises Retry otherwise: another try is another text.
    """
    said = " ".join(text.split())
    # The template's answer, which is the rule's own words, is beyond any doubt.
    if said != shown.why and (wrong := fidelity.fault(shown.title, shown.why, said)):
        raise Retry(wrong, code="WRITER_UNFAITHFUL")
    return said


def told(tx: Transaction, call: Call, shown: Shown, text: str, writer: str) -> None:
    """End a held call with checked words, which go to the agent; the rule's own are no news."""
    outbox.finish(tx, call)
    row = _of(tx, call, lock=True)
    if row is None or _shown(row) != shown or text == shown.why:
        return
    mailbox.post(
        tx,
        FindingWorded(
            recommendation_id=row.id, call_id=call.id, mark=shown.mark, text=text, writer=writer
        ),
        to=call.agent,
        sender=mailbox.SYSTEM,
        correlation_id=row.id,
        causation_id=call.causation_id,
        dedup_key=f"call:{call.id}:{FindingWorded.type}",
    )


def not_told(
    tx: Transaction, call: Call, code: str, message: str, *, retry_at: datetime | None
) -> None:
    """Have it worded later, or never: then the rule's words stay."""
    outbox.note_error(call, code, message)
    if retry_at is None:
        outbox.finish(tx, call, CallStatus.FAILED)
    else:
        outbox.put_back(tx, call, retry_at)


def keep(tx: Transaction, said: FindingWorded, *, actor: str) -> Recommendation | None:
    """Store a wording; None if the finding is answered, erased or another one by now.

    Also while somebody is just answering or erasing it: nobody is waited for, who may wait
    for a task that this turn holds.
    """
    row = recommendations.unless_taken(tx, said.recommendation_id)
    if row is None or row.status is not RecommendationStatus.OPEN:
        return None
    if _shown(row).mark != said.mark:
        return None
    row.wording, row.worded_by = said.text, said.writer
    recommendations.record(tx, row, "worded", f"{said.writer} put it in plainer words.", actor)
    return row


def _shown(row: Recommendation) -> Shown:
    return Shown(row.title, row.why)


def _of(tx: Transaction, call: Call, *, lock: bool = False) -> Recommendation | None:
    return tx.find(Recommendation, uuid.UUID(call.body["recommendation_id"]), lock=lock)
