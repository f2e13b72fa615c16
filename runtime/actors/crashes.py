"""Crashes: how often an agent's actor may die before a person is asked.

What a message raises is counted on the message.  This is for the rest: a
machine that fails around it.  A lost database is nobody's crash.
"""

from datetime import timedelta

from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError

from runtime import mailbox
from runtime.actors.actor import Key
from runtime.backoff import full_jitter
from runtime.crm import escalations
from runtime.db import Database, Transaction
from runtime.errors import in_a_line
from runtime.logs import get_logger
from runtime.models import Agent, AgentStatus, EscalationKind

MAX_CRASHES = 5

log = get_logger(__name__)


def count(db: Database, key: Key, error: BaseException | None) -> None:
    """Count a crash: the agent rests, longer each time, and after the fifth waits for a person."""
    if isinstance(error, OperationalError | InterfaceError):
        log.warning("an agent lost the database", agent_id=str(key[1]), error=str(error))
        return
    workspace_id, agent_id = key
    try:
        db.run(workspace_id, lambda tx: _count(tx, agent_id, error))
    except SQLAlchemyError as trouble:
        log.warning("a crash could not be counted", error=str(trouble))


def _count(tx: Transaction, agent_id: object, error: BaseException | None) -> None:
    agent = tx.find(Agent, agent_id, lock=True)
    if agent is None or agent.status in (AgentStatus.PAUSED, AgentStatus.FAILED):
        return
    what = in_a_line(f"{type(error).__name__}: {error}")
    agent.crash_count += 1
    if agent.crash_count < MAX_CRASHES:
        pause = full_jitter(agent.crash_count, base=2, cap=60)
        agent.resume_at, agent.status = tx.now + timedelta(seconds=pause), AgentStatus.IDLE
        return
    agent.status, agent.resume_at = AgentStatus.FAILED, None
    signed = mailbox.name_of(agent.kind)
    summary = f"{agent.name} crashed {agent.crash_count} times and was stopped: {what}"
    tx.record("agent.failed", summary, actor=signed, agent=agent)
    escalations.ask(
        tx,
        EscalationKind.AGENT_FAILED,
        f"{summary} Resume the agent when the cause is gone.",
        # Resumed without a turn since, it must still be asked about again.
        dedup_key=f"crash:{agent.id}:{tx.now.isoformat()}",
        actor=signed,
    )
