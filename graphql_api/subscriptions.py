"""Subscriptions: what happens, as it happens.

All four read the feed.  Rows are shown as they are when they are told of, not as they
were when they changed: who is told of five changes at once may see the last state first.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any
from uuid import UUID

from strawberry import ID

from graphql_api import ids
from graphql_api.context import Context, Info
from graphql_api.errors import BadInput
from graphql_api.feed import EventFollower, Follower, MessageFollower
from graphql_api.filters import EventFilter
from graphql_api.sdl import output, subscription
from graphql_api.types import Agent, Event, Message, Task
from graphql_api.types.node import present
from runtime import models
from runtime.db import Transaction
from runtime.events import newest


@output
class Subscription:
    """What happens, as it happens."""

    @subscription
    async def events(
        self,
        info: Info,
        *,
        after: ID | None = None,
        filter: EventFilter | None = None,  # noqa: A002 - the contract's name
    ) -> AsyncGenerator[Event, None]:
        """Follow events from now on, or go on behind one: nothing missed, nothing twice.

        An event that is no longer kept fails with CURSOR_EXPIRED.
        """
        position = None if after is None else _position(after)
        wanted = filter.matcher() if filter else None
        async with aclosing(_rows(info.context, EventFollower, position)) as rows:
            async for event in rows:
                if wanted is None or wanted(event):
                    yield Event.of(event)

    @subscription
    async def task_updated(self, info: Info, id: ID | None = None) -> AsyncGenerator[Task, None]:  # noqa: A002 - the contract's name
        """Follow a task, first as it is, then after each change; without an id, all tasks."""
        async with aclosing(_changes(info.context, models.Task, id)) as tasks:
            async for task in tasks:
                yield task

    @subscription
    async def agent_updated(self, info: Info, id: ID | None = None) -> AsyncGenerator[Agent, None]:  # noqa: A002 - the contract's name
        """Follow an agent, first as it is, then after each change; without an id, all."""
        async with aclosing(_changes(info.context, models.Agent, id)) as agents:
            async for agent in agents:
                yield agent

    @subscription
    async def message_posted(
        self, info: Info, *, task_id: ID | None = None, agent_id: ID | None = None
    ) -> AsyncGenerator[Message, None]:
        """Follow messages from now on, of one task or one agent if these are given."""
        task, agent = await info.context.read(
            lambda tx: (
                _find(tx, models.Task, task_id, "taskId"),
                _find(tx, models.Agent, agent_id, "agentId"),
            )
        )
        async with aclosing(_rows(info.context, MessageFollower)) as rows:
            async for message in rows:
                if task and message.task_id != task.id:
                    continue
                if agent and agent.id != message.recipient_id and not _said(agent, message):
                    continue
                yield Message.of(message)


async def _rows(
    context: Context, kind: type[Follower], position: int | None = None
) -> AsyncGenerator[Any, None]:
    feed, workspace_id = context.services.feed, context.caller.workspace_id
    async with aclosing(feed.rows(kind, workspace_id, position)) as batches:
        async for batch in batches:
            for row in batch:
                context.forget()
                yield row


async def _changes(
    context: Context, model: type[models.Task | models.Agent], global_id: ID | None
) -> AsyncGenerator[Any, None]:
    feed, workspace_id = context.services.feed, context.caller.workspace_id
    # Both in one transaction: a change after the row was read has a number behind the position.
    position, wanted = await context.read(lambda tx: (newest(tx), _find(tx, model, global_id)))
    if wanted:
        yield present(wanted)
    link = "task_id" if model is models.Task else "agent_id"
    async with aclosing(feed.rows(EventFollower, workspace_id, position)) as batches:
        async for batch in batches:
            context.forget()
            for key in _touched(batch, link, wanted.id if wanted else None):
                if row := await context.loaders.row(model, key):
                    yield present(row)


def _touched(events: Sequence[Any], link: str, only: UUID | None) -> list[UUID]:
    """Return what a few events were about, each once: five changes at once are shown as one."""
    keys = dict.fromkeys(getattr(event, link) for event in events)
    return [key for key in keys if key is not None and only in (None, key)]


def _find(
    tx: Transaction, model: type[models.Base], global_id: ID | None, argument: str = "id"
) -> Any:
    """Return the row of an id, None for no id; NotFound for any other."""
    if global_id is None:
        return None
    key = ids.uuid(global_id, model.__name__)
    row = tx.find(model, key) if key else None
    if row is None:
        raise ids.missing(model.__name__, argument)
    return row


def _position(event_id: ID) -> int:
    number = ids.number(event_id, "Event")
    if number is None:
        raise BadInput("This is not the id of an event.", "after")
    return number


def _said(agent: models.Agent, message: models.Message) -> bool:
    return message.sender == agent.kind.value.lower()
