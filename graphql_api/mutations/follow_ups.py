"""Follow-ups: moved, paused, resumed, ended, executed when due."""

from collections.abc import Callable
from datetime import datetime

from strawberry import ID

from graphql_api import ids
from graphql_api.context import Info
from graphql_api.errors import UserError
from graphql_api.mutations.perform import attempt, perform
from graphql_api.sdl import entry, field, output
from graphql_api.types import FollowUp
from graphql_api.types.enums import Role
from runtime import models
from runtime.db import Transaction
from runtime.desk import follow_ups


@entry
class FollowUpInput:
    """Which follow-up, and why."""

    follow_up_id: ID
    reason: str | None = None


@entry
class RescheduleFollowUpInput:
    """Which follow-up, and when it is to go out instead."""

    follow_up_id: ID
    due_at: datetime


@output
class FollowUpPayload:
    """The follow-up as it now is, or why nothing was done."""

    follow_up: FollowUp | None
    user_errors: list[UserError]


@output
class ExecuteDueFollowUpsPayload:
    """How many follow-ups were due."""

    fired: int
    user_errors: list[UserError]


@output
class FollowUpMutations:
    """What can be done with follow-ups."""

    @field
    async def reschedule_follow_up(
        self,
        info: Info,
        input: RescheduleFollowUpInput,  # noqa: A002 - the contract's name
    ) -> FollowUpPayload:
        """Move a follow-up that has not begun to another time."""
        return await _change(
            info,
            lambda tx: follow_ups.reschedule(
                tx,
                who=info.context.caller.name,
                follow_up_id=ids.require(input.follow_up_id, "FollowUp", "followUpId"),
                due_at=input.due_at,
            ),
        )

    @field
    async def execute_follow_up(self, info: Info, input: FollowUpInput) -> FollowUpPayload:  # noqa: A002 - the contract's name
        """Have a follow-up that has not begun happen now."""
        return await _change(
            info,
            lambda tx: follow_ups.execute(
                tx,
                who=info.context.caller.name,
                follow_up_id=ids.require(input.follow_up_id, "FollowUp", "followUpId"),
            ),
        )

    @field
    async def pause_follow_up(self, info: Info, input: FollowUpInput) -> FollowUpPayload:  # noqa: A002 - the contract's name
        """Hold a follow-up; the time it had left is kept."""
        return await _change(
            info,
            lambda tx: follow_ups.pause(
                tx,
                who=info.context.caller.name,
                follow_up_id=ids.require(input.follow_up_id, "FollowUp", "followUpId"),
                reason=input.reason,
            ),
        )

    @field
    async def resume_follow_up(self, info: Info, input: FollowUpInput) -> FollowUpPayload:  # noqa: A002 - the contract's name
        """Have a paused follow-up wait on, or a stopped one be tried again."""
        return await _change(
            info,
            lambda tx: follow_ups.resume(
                tx,
                who=info.context.caller.name,
                follow_up_id=ids.require(input.follow_up_id, "FollowUp", "followUpId"),
            ),
        )

    @field
    async def cancel_follow_up(self, info: Info, input: FollowUpInput) -> FollowUpPayload:  # noqa: A002 - the contract's name
        """End a follow-up, and those that would have come after it."""
        return await _change(
            info,
            lambda tx: follow_ups.cancel(
                tx,
                who=info.context.caller.name,
                follow_up_id=ids.require(input.follow_up_id, "FollowUp", "followUpId"),
                reason=input.reason,
            ),
        )

    @field
    async def execute_due_follow_ups(self, info: Info) -> ExecuteDueFollowUpsPayload:
        """Fire the follow-ups that are due, as the clock would; each fires once."""
        fired, refused = await attempt(info, Role.MEMBER, follow_ups.execute_due)
        return ExecuteDueFollowUpsPayload(fired=fired or 0, user_errors=refused)


async def _change(info: Info, work: Callable[[Transaction], models.FollowUp]) -> FollowUpPayload:
    follow_up, refused = await perform(info, Role.MEMBER, work)
    return FollowUpPayload(follow_up=follow_up, user_errors=refused)
