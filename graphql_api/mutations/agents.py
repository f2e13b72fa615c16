"""Agents: set, paused, resumed; an owner's business."""

import dataclasses
from collections.abc import Callable
from typing import Any

from strawberry import ID, UNSET
from strawberry.utils.str_converters import to_camel_case

from graphql_api import ids
from graphql_api.context import Info
from graphql_api.errors import UserError
from graphql_api.mutations.perform import perform
from graphql_api.scalars import JSON, Duration
from graphql_api.sdl import entry, field, output
from graphql_api.types import Agent
from graphql_api.types.enums import AgentKind, Role
from runtime import models
from runtime.crm import team
from runtime.db import Transaction
from runtime.desk import agents
from runtime.errors import Refused


@entry
class AgentInput:
    """Which agent."""

    agent_id: ID


@entry
class OutreachSettings:
    """How first mails are written and let out; what is left out stays, null is the default."""

    require_approval: bool | None = UNSET
    tone: str | None = UNSET
    signature: str | None = UNSET
    max_attempts: int | None = UNSET


@entry
class FollowUpSettings:
    """When to write again; what is left out stays, null is the default.

    waits: how long after the previous e-mail each step goes out; as many as there are
    follow-ups at most.
    absenceDays: business days that an absence without a date of return lasts.
    """

    waits: list[Duration] | None = UNSET
    business_days_only: bool | None = UNSET
    require_approval: bool | None = UNSET
    window_start: str | None = UNSET
    window_end: str | None = UNSET
    absence_days: int | None = UNSET


@entry
class UpdateAgentInput:
    """Which agent, and what about it changes; settings only of its own kind."""

    agent_id: ID
    name: str | None = None
    outreach: OutreachSettings | None = None
    follow_up: FollowUpSettings | None = None
    planning: JSON | None = None
    research: JSON | None = None

    def settings(self) -> dict[AgentKind, dict[str, Any]]:
        """Return what was given, by the kind it is meant for."""
        given = {
            AgentKind.OUTREACH: self.outreach and _given(self.outreach),
            AgentKind.FOLLOW_UP: self.follow_up and _given(self.follow_up),
            AgentKind.PLANNING: self.planning,
            AgentKind.RESEARCH: self.research,
        }
        return {kind: _checked(kind, value) for kind, value in given.items() if value is not None}


@output
class AgentPayload:
    """The agent as it now is, or why nothing was done."""

    agent: Agent | None
    user_errors: list[UserError]


@output
class AgentMutations:
    """What can be done with agents."""

    @field
    async def update_agent(self, info: Info, input: UpdateAgentInput) -> AgentPayload:  # noqa: A002 - the contract's name
        """Name an agent, or set it; other follow-up settings end standing approvals."""
        return await _change(
            info,
            lambda tx: agents.update(
                tx,
                who=info.context.caller.name,
                agent_id=ids.require(input.agent_id, "Agent", "agentId"),
                name=input.name,
                settings=input.settings(),
            ),
        )

    @field
    async def pause_agent(self, info: Info, input: AgentInput) -> AgentPayload:  # noqa: A002 - the contract's name
        """Have an agent do nothing, and let none of its mails out, until it is resumed."""
        return await _change(
            info,
            lambda tx: agents.pause(
                tx,
                who=info.context.caller.name,
                agent_id=ids.require(input.agent_id, "Agent", "agentId"),
            ),
        )

    @field
    async def resume_agent(self, info: Info, input: AgentInput) -> AgentPayload:  # noqa: A002 - the contract's name
        """Have a paused or failed agent go on."""
        return await _change(
            info,
            lambda tx: agents.resume(
                tx,
                who=info.context.caller.name,
                agent_id=ids.require(input.agent_id, "Agent", "agentId"),
            ),
        )


async def _change(info: Info, work: Callable[[Transaction], models.Agent]) -> AgentPayload:
    agent, refused = await perform(info, Role.OWNER, work)
    return AgentPayload(agent=agent, user_errors=refused)


def _given(settings: Any) -> dict[str, Any]:
    values = {each.name: getattr(settings, each.name) for each in dataclasses.fields(settings)}
    return {to_camel_case(name): value for name, value in values.items() if value is not UNSET}


def _checked(kind: AgentKind, value: object) -> dict[str, Any]:
    field_ = to_camel_case(kind.value.lower())
    if kind not in team.SETTINGS:
        raise Refused(f"There is no agent to set by {field_} here.", field=field_)
    if not isinstance(value, dict):
        raise Refused(f"{field_} must be an object.", code="MALFORMED", field=field_)
    return value
