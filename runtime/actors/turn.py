"""Turn: one message and the five verbs an agent may answer it with.

All five write rows of the one transaction that also settles the message: they
happen together or not at all.  None of them waits for anybody.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from runtime import mailbox, timers
from runtime.crm import budget, escalations
from runtime.db import Transaction
from runtime.errors import Reject
from runtime.messages import Said
from runtime.models import (
    Agent,
    AgentKind,
    Call,
    Escalation,
    EscalationKind,
    Message,
    SentEmail,
    Task,
)

MOST_HOPS = 16
"""Messages of agents that one cause may set off in a row; the longest story needs five."""


class Turn:
    """What a handler sees: the transaction, the message, the locked task it is about, and verbs."""

    def __init__(self, tx: Transaction, agent: Agent, message: Message, task: Task | None) -> None:
        self.tx = tx
        self.agent = agent
        self.message = message
        self._task = task
        self.name = mailbox.name_of(agent.kind)

    @property
    def now(self) -> datetime:
        """The database's time at the turn's begin."""
        return self.tx.now

    @property
    def task(self) -> Task:
        """The task this message is about; Reject if it is about none."""
        if self._task is None:
            raise Reject(f"{self.message.type} came without its task.", code="NO_TASK")
        return self._task

    def tell(
        self, recipient: AgentKind | None, said: Said, *, dedup_key: str | None = None
    ) -> None:
        """Say something to another agent, or (None) to the people.

        Agents that only keep answering each other are stopped, and a person is asked: after
        so many messages of one cause, and after so many about one task, whatever caused them.
        """
        hops = self.message.hops + 1
        if recipient is not None and self._is_too_much(said, hops):
            return
        mailbox.post(
            self.tx,
            said,
            to=recipient,
            sender=self.name,
            task=self._task,
            correlation_id=self.message.correlation_id,
            causation_id=self.message.id,
            hops=hops,
            dedup_key=dedup_key,
        )

    def call(self, plan: Callable[..., Call], *about: Any, **fields: Any) -> Call:
        """Want something of the outside: ``writing.plan`` or ``sending.plan``.

        The answer comes as a message.  ``task=None``: it is wanted for no task.
        """
        if "task" not in fields:
            fields["task"] = self.task
        return plan(self.tx, *about, agent=self.agent.kind, causation_id=self.message.id, **fields)

    def remind(self, name: str, due_at: datetime, said: Said) -> None:
        """Have ``said`` come back at ``due_at``; the same name again moves it."""
        timers.remind(self.tx, self.agent.kind, name, due_at, said, task=self._task)

    def record(self, type_: str, summary: str, **data: Any) -> None:
        """Record that something happened."""
        self.tx.record(type_, summary, actor=self.name, task=self._task, agent=self.agent, **data)

    def ask_human(
        self,
        kind: EscalationKind,
        reason: str,
        *,
        dedup_key: str,
        sent: SentEmail | None = None,
    ) -> Escalation | None:
        """Put something before a person; None if the same cause already did."""
        return escalations.ask(
            self.tx,
            kind,
            reason,
            dedup_key=dedup_key,
            actor=self.name,
            task=self._task,
            sent=sent,
        )

    def _is_too_much(self, said: Said, hops: int) -> bool:
        """Tell whether agents have talked enough; the first time a person is asked about it."""
        if hops > MOST_HOPS:
            cause = str(self.message.correlation_id)
            self._stop_the_talk(said, f"{MOST_HOPS} messages in a row came of one cause", cause)
            return True
        if self._task is not None and not budget.may_be_said(self.tx, self._task):
            much = f"{budget.MOST_MESSAGES} messages were sent about one task"
            self._stop_the_talk(said, much, str(self._task.id))
            return True
        return False

    def _stop_the_talk(self, said: Said, why: str, about: str) -> None:
        self.record(
            "conversation.stopped",
            f"{said.type} was not sent: {why}.",
            correlation_id=str(self.message.correlation_id),
        )
        self.ask_human(
            EscalationKind.AGENT_FAILED,
            f"The agents keep answering each other: {why}, so {said.type} by {self.name} was "
            "not sent. Read the conversation, then close this or cancel the task.",
            dedup_key=f"talk:{about}",
        )
