"""What a person may do with messages: speak to an agent, and see to the dead letters."""

import uuid

from runtime import mailbox
from runtime.crm import escalations, team
from runtime.db import Transaction
from runtime.desk import interjections
from runtime.desk.words import required
from runtime.errors import Conflict, NotFound
from runtime.messages import PersonWrote
from runtime.models import Message, MessageStatus

LONGEST = 5_000


def send(
    tx: Transaction,
    *,
    who: str,
    agent_id: uuid.UUID,
    text: str,
    task_id: uuid.UUID | None = None,
    who_id: uuid.UUID | None = None,
) -> Message:
    """Say something to an agent: what it means is done at once, and the agent says what."""
    agent = team.wanted(tx, agent_id)
    words = required(text, "text", longest=LONGEST)
    task = interjections.lock(tx, words, task_id) if task_id else None
    intent, done = interjections.act(
        tx, who=who, who_id=who_id, agent=agent.kind, text=words, task=task
    )
    said = PersonWrote(
        text=words,
        task_id=task.id if task else None,
        who=who,
        who_id=who_id,
        intent=intent.value,
        done=done,
    )
    message = mailbox.post(tx, said, to=agent.kind, sender=mailbox.PERSON, task=task)
    if message is None:
        raise AssertionError("a message without a key is never a repetition")
    tx.flush()
    tx.record(
        "message.posted",
        f"{who} wrote to {agent.name}.",
        actor=who,
        task=task,
        agent=agent,
        message_id=message.id,
    )
    return message


def replay(tx: Transaction, *, who: str, message_id: int) -> Message:
    """Give a dead letter all its tries again."""
    message = _dead(tx, message_id)
    mailbox.revive(tx, message)
    _seen_to(tx, message, "message.replayed", f"{who} has it tried again.", who)
    return message


def discard(tx: Transaction, *, who: str, message_id: int) -> Message:
    """Give a dead letter up for good; it stays readable."""
    message = _dead(tx, message_id)
    message.status = MessageStatus.DISCARDED
    _seen_to(tx, message, "message.discarded", f"{who} discarded it.", who)
    return message


def _dead(tx: Transaction, message_id: int) -> Message:
    message = tx.find(Message, message_id, lock=True)
    if message is None:
        raise NotFound("There is no message with this id here.", field="messageId")
    if message.status is not MessageStatus.DEAD:
        raise Conflict(
            f"Only a DEAD message can be replayed or discarded; this one is {message.status}.",
            field="messageId",
        )
    return message


def _seen_to(tx: Transaction, message: Message, event: str, summary: str, who: str) -> None:
    escalations.settle(tx, f"message:{message.id}", summary, by=who)
    tx.record(
        event,
        f"{message.type}: {summary}",
        actor=who,
        task=message.task_id,
        agent=message.recipient_id,
        message_id=message.id,
    )
