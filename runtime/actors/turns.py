"""Turns: how a batch of one agent's messages is handled, whole or not at all.

Two commits.  The first marks what is about to be tried, so that what kills the
process is known afterwards.  The second holds everything: the messages' end and
all their effects, under the agent's lock and version.  A batch that failed or
crashed is taken again one by one, and only the culprit is counted, waits and dies.
"""

import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import InterfaceError, OperationalError

from runtime import mailbox
from runtime.actors.agent import Agent
from runtime.actors.turn import Turn
from runtime.crm import escalations, tasks
from runtime.db import Database, Transaction
from runtime.errors import Reject
from runtime.failpoints import pass_by
from runtime.logs import bound_contextvars, get_logger
from runtime.messages import parse
from runtime.models import Agent as AgentRow
from runtime.models import AgentKind, AgentStatus, EscalationKind, Message, MessageStatus, Task

BATCH = 200
_TURNS_REMEMBERED = 31

log = get_logger(__name__)

Team = Mapping[AgentKind, Agent]
T = TypeVar("T")


class Run(Protocol):
    """Does something in one transaction on the turn's connection."""

    def __call__(self, work: Callable[[Transaction], T], /) -> T:
        """Do ``work`` and commit."""
        ...


class LostTheRace(Exception):
    """Somebody else is taking or has taken this turn."""


@dataclass(frozen=True, slots=True)
class _Plan:
    ids: Sequence[int]

    @property
    def single(self) -> bool:
        return len(self.ids) == 1


def take(db: Database, team: Team, workspace_id: uuid.UUID, agent_id: uuid.UUID) -> bool:
    """Take one turn; return whether there may be more to do at once.

    Any thread of any node may call this for any agent; one of them takes the turn.
    Raises only what is no message's fault, such as a lost database.
    """
    with _pinned(db) as own:

        def run(work: Callable[[Transaction], T]) -> T:
            return db.run(workspace_id, work, on=own)

        try:
            plan = run(lambda tx: _prepare(tx, agent_id))
            if plan is None:
                return False
            pass_by("turn.prepared")
            return _handle_or_count(run, team, agent_id, plan)
        except LostTheRace:
            return False


def _handle_or_count(run: Run, team: Team, agent_id: uuid.UUID, plan: _Plan) -> bool:
    if not plan.ids:
        return True
    try:
        run(lambda tx: _handle(tx, team, agent_id, plan))
    except (LostTheRace, OperationalError, InterfaceError):
        raise
    except (Exception, SystemExit) as error:
        # The actor loop: a handler may raise anything, and no other message may suffer.  An
        # exit would even have Pykka stop every actor of the process.
        if not plan.single:
            log.warning("batch failed, taken one by one", size=len(plan.ids), error=repr(error))
            return True
        log.exception("message failed", message_id=plan.ids[0])
        reason, for_good = f"{type(error).__name__}: {error}", isinstance(error, Reject)
        run(lambda tx: _count_failure(tx, agent_id, plan.ids[0], reason, for_good=for_good))
    pass_by("turn.committed")
    return True


def _prepare(tx: Transaction, agent_id: uuid.UUID) -> _Plan | None:
    """Decide what to try and say so in a commit of its own; None if there is nothing."""
    _lock(tx, agent_id)
    # Locked, so that a pause by a person, who does not take the turn's lock, is not overwritten.
    agent = tx.find(AgentRow, agent_id, lock=True)
    if agent is None or agent.status in (AgentStatus.PAUSED, AgentStatus.FAILED):
        return None
    if agent.resume_at is not None and agent.resume_at > tx.now:
        return None
    marker = agent.unfinished_batch
    if marker is not None and not mailbox.waits_below(tx, agent_id, marker):
        marker = agent.unfinished_batch = None
    ids = mailbox.ready(tx, agent_id, limit=1 if marker else BATCH, up_to=marker)
    if not ids and marker:
        # What is left of the batch waits for its next try; do not hold up the others meanwhile.
        ids = mailbox.ready(tx, agent_id, limit=1)
    if not ids:
        agent.status = AgentStatus.IDLE
        return None
    agent.status = AgentStatus.WORKING
    if len(ids) > 1:
        agent.unfinished_batch = max(ids)
        return _Plan(ids)
    return _one(tx, agent, ids[0])


def _one(tx: Transaction, agent: AgentRow, message_id: int) -> _Plan:
    message = mailbox.count_attempt(tx, message_id)
    if message is None:
        return _Plan(())
    if message.attempts > mailbox.MAX_ATTEMPTS:
        # Every try ended without a word: the message kills the process that handles it.
        message.attempts = mailbox.MAX_ATTEMPTS
        _bury(tx, agent, message, "The process died each time it handled this message.")
        return _Plan(())
    return _Plan((message_id,))


def _handle(tx: Transaction, team: Team, agent_id: uuid.UUID, plan: _Plan) -> None:
    began = time.monotonic()
    agent = tx.get_one(AgentRow, (tx.workspace_id, agent_id))
    messages = mailbox.take(tx, plan.ids)
    locked = tasks.lock(tx, {m.task_id for m in messages if m.task_id})
    behaviour = team[agent.kind]
    for message in messages:
        task = locked.get(message.task_id) if message.task_id else None
        _one_message(tx, behaviour, agent, message, task)
    mailbox.done(tx, [message.id for message in messages])
    tx.flush()
    _close(tx, agent, messages, time.monotonic() - began)
    pass_by("turn.handled")


def _one_message(
    tx: Transaction, behaviour: Agent, agent: AgentRow, message: Message, task: Task | None
) -> None:
    with bound_contextvars(
        correlation_id=str(message.correlation_id), message_id=message.id, agent=agent.kind.value
    ):
        said = parse(message.type, message.body)
        behaviour.handler(said)(Turn(tx, agent, message, task), said)
        log.info("message handled", type=message.type, task_id=str(message.task_id or ""))


def _close(tx: Transaction, agent: AgentRow, messages: Sequence[Message], seconds: float) -> None:
    """End the turn if nobody else ended one since it began: the version is the proof."""
    mine = round(seconds * 1000 / max(1, len(messages)), 2)
    ended = tx.execute(
        sa.update(AgentRow)
        .where(
            AgentRow.workspace_id == tx.workspace_id,
            AgentRow.id == agent.id,
            AgentRow.version == agent.version,
        )
        .values(
            version=AgentRow.version + 1,
            unfinished_batch=None if len(messages) > 1 else AgentRow.unfinished_batch,
            crash_count=0,
            resume_at=None,
            last_active_at=tx.now,
            recent_turn_ms=[*agent.recent_turn_ms, mine][-_TURNS_REMEMBERED:],
        )
        .execution_options(synchronize_session=False)
    )
    if not ended.rowcount:  # type: ignore[attr-defined]
        raise LostTheRace


def _count_failure(
    tx: Transaction, agent_id: uuid.UUID, message_id: int, reason: str, *, for_good: bool
) -> None:
    message = tx.find(Message, message_id, lock=True)
    if message is None or message.status is not MessageStatus.READY:
        return
    agent = tx.get_one(AgentRow, (tx.workspace_id, agent_id))
    if for_good or message.attempts >= mailbox.MAX_ATTEMPTS:
        _bury(tx, agent, message, reason)
    else:
        mailbox.failed(tx, message, reason, for_good=False)


def _bury(tx: Transaction, agent: AgentRow, message: Message, reason: str) -> None:
    """Lay a message among the dead letters, where a person sees it."""
    mailbox.failed(tx, message, reason, for_good=True)
    task = tx.find(Task, message.task_id, lock=True) if message.task_id else None
    tx.record(
        "message.buried",
        f"{message.type} could not be handled: {message.error}",
        actor=mailbox.name_of(agent.kind),
        task=task,
        agent=agent,
        message_id=message.id,
    )
    escalations.ask(
        tx,
        EscalationKind.AGENT_FAILED,
        f"{agent.name} could not handle {message.type} after {message.attempts} tries: "
        f"{message.error} Replay or discard the message in the dead letters.",
        dedup_key=f"message:{message.id}:{message.attempts}:{tx.now.isoformat()}",
        actor=mailbox.name_of(agent.kind),
        task=task,
    )


def _lock(tx: Transaction, agent_id: uuid.UUID) -> None:
    """Be the only one at this agent until the turn ends, or raise LostTheRace at once.

    The lock belongs to the connection, and so spans the turn's two commits: another
    node that came in between would count an attempt that nobody made.
    """
    key = int.from_bytes(agent_id.bytes[8:], signed=True)
    if not tx.scalar(sa.select(sa.func.pg_try_advisory_lock(key))):
        raise LostTheRace


@contextmanager
def _pinned(db: Database) -> Iterator[sa.Connection]:
    """Hold the turn's connection, and give its lock back at the end."""
    with db.pinned() as own:
        try:
            yield own
        finally:
            if not own.invalidated:  # a connection that broke has lost its locks already
                own.execute(sa.text("SELECT pg_advisory_unlock_all()"))
                own.commit()
