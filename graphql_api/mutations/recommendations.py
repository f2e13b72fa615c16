"""Recommendations: accepted, dismissed, and either taken back."""

from collections.abc import Callable
from functools import partial
from typing import Any

from strawberry import ID

from graphql_api import ids
from graphql_api.context import Info
from graphql_api.errors import UserError
from graphql_api.mutations.perform import once, perform
from graphql_api.mutations.tasks import TaskPayload
from graphql_api.sdl import entry, field, output
from graphql_api.types import Recommendation
from graphql_api.types.enums import Role
from runtime import models
from runtime.desk import recommendations


@entry
class RecommendationInput:
    """Which recommendation, and why."""

    recommendation_id: ID
    reason: str | None = None
    idempotency_key: str | None = None


@output
class RecommendationPayload:
    """The recommendation as it now is, or why nothing was done."""

    recommendation: Recommendation | None
    user_errors: list[UserError]


@output
class RecommendationMutations:
    """What can be done with recommendations."""

    @field
    async def accept_recommendation(
        self,
        info: Info,
        input: RecommendationInput,  # noqa: A002 - the contract's name
    ) -> TaskPayload:
        """Have it done; the task is returned, and its draft waits for a person as ever."""
        accept = partial(recommendations.accept, who_id=info.context.caller.viewer.person_id)
        work = once(info, models.Task, input, _about(info, input, accept))
        task, refused = await perform(info, Role.MEMBER, work)
        return TaskPayload(task=task, user_errors=refused)

    @field
    async def dismiss_recommendation(
        self,
        info: Info,
        input: RecommendationInput,  # noqa: A002 - the contract's name
    ) -> RecommendationPayload:
        """Put it away; the same finding does not come back."""
        return await _answer(info, input, recommendations.dismiss)

    @field
    async def reopen_recommendation(
        self,
        info: Info,
        input: RecommendationInput,  # noqa: A002 - the contract's name
    ) -> RecommendationPayload:
        """Take an answer back: a dismissal, or an acceptance of which nothing has left."""
        return await _answer(info, input, recommendations.reopen)


async def _answer(
    info: Info, given: RecommendationInput, command: Callable[..., models.Recommendation]
) -> RecommendationPayload:
    work = once(info, models.Recommendation, given, _about(info, given, command))
    row, refused = await perform(info, Role.MEMBER, work)
    return RecommendationPayload(recommendation=row, user_errors=refused)


def _about(info: Info, given: RecommendationInput, command: Callable[..., Any]) -> Any:
    return lambda tx: command(
        tx,
        who=info.context.caller.name,
        recommendation_id=ids.require(
            given.recommendation_id, "Recommendation", "recommendationId"
        ),
        reason=given.reason,
    )
