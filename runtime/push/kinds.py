"""Kinds: which events are worth a nudge, and whether what they told of still waits."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from runtime.db import Transaction
from runtime.models import (
    Agent,
    AgentStatus,
    Escalation,
    Event,
    FollowUp,
    FollowUpStatus,
    Message,
    MessageStatus,
    PushKind,
    Task,
    TaskStatus,
    Workspace,
)

OF = {
    "approval.requested": PushKind.APPROVALS,
    "draft.awaited": PushKind.APPROVALS,
    "follow_up.drafted": PushKind.APPROVALS,
    "approval.overdue": PushKind.APPROVALS,
    "reply.recorded": PushKind.REPLIES,
    "escalation.opened": PushKind.ESCALATIONS,
    "task.failed": PushKind.FAILURES,
    "follow_up.failed": PushKind.FAILURES,
    "agent.failed": PushKind.FAILURES,
    "message.buried": PushKind.FAILURES,
    "sending.stopped": PushKind.FAILURES,
}
"""The types of event that are told of, by kind; all others are for who looks."""


def types(kinds: Iterable[str]) -> list[str]:
    """Return the types of event that somebody with these kinds is told of."""
    wanted = set(kinds)
    return [type_ for type_, kind in OF.items() if kind in wanted]


def counts(tx: Transaction, events: Iterable[Event]) -> dict[PushKind, int]:
    """Return how many things of each kind still wait; one that several events tell of is one."""
    found: dict[PushKind, set[Any]] = defaultdict(set)
    for event in events:
        thing = _waiting(tx, event)
        if thing is not None:
            found[OF[event.type]].add(thing)
    return {kind: len(found[kind]) for kind in PushKind if found[kind]}


def _waiting(tx: Transaction, event: Event) -> Any:
    """Return what an event is about if nobody has seen to it since, else None."""
    match event.type:
        case "reply.recorded":
            return event.seq  # a reply is news whatever became of it
        case "escalation.opened":
            asked = tx.find(Escalation, _id(event, "escalation_id"))
            return asked.id if asked and asked.resolved_at is None else None
        case "agent.failed":
            agent = tx.find(Agent, event.agent_id)
            return agent.id if agent and agent.status is AgentStatus.FAILED else None
        case "message.buried":
            letter = tx.find(Message, event.data.get("message_id"))
            return letter.id if letter and letter.status is MessageStatus.DEAD else None
        case "sending.stopped":
            # By the breaker; whoever stops it by hand knows.
            here = tx.get_one(Workspace, tx.workspace_id)
            return here.id if here.breaker_tripped_at else None
    return _in_state(tx, event)


def _in_state(tx: Transaction, event: Event) -> uuid.UUID | None:
    """Return the task or step that an event is about if it is still in the state it came to."""
    failed = OF[event.type] is PushKind.FAILURES
    if step_id := _id(event, "follow_up_id"):
        step = tx.find(FollowUp, step_id)
        state = FollowUpStatus.FAILED if failed else FollowUpStatus.AWAITING_APPROVAL
        return step.id if step and step.status is state else None
    task = tx.find(Task, event.task_id)
    wanted = TaskStatus.FAILED if failed else TaskStatus.AWAITING_APPROVAL
    return task.id if task and task.status is wanted else None


def _id(event: Event, key: str) -> uuid.UUID | None:
    value = event.data.get(key)
    return uuid.UUID(value) if value else None
