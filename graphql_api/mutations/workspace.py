"""The workspace: named, set, its mail stopped and let go on; an owner's business."""

from collections.abc import Callable
from typing import Any

from graphql_api.context import Info
from graphql_api.errors import UserError
from graphql_api.mutations.perform import perform
from graphql_api.scalars import JSON
from graphql_api.sdl import entry, field, output
from graphql_api.types import Workspace
from graphql_api.types.enums import Role
from runtime import models
from runtime.db import Transaction
from runtime.desk import workspaces
from runtime.errors import Refused


@entry
class UpdateWorkspaceInput:
    """What about the workspace changes; what is left out stays."""

    name: str | None = None
    timezone: str | None = None
    settings: JSON | None = None


@entry
class ReasonInput:
    """Why; everybody in the workspace can read it."""

    reason: str


@output
class WorkspacePayload:
    """The workspace as it now is, or why nothing was done."""

    workspace: Workspace | None
    user_errors: list[UserError]


@output
class WorkspaceMutations:
    """What can be done with the workspace."""

    @field
    async def update_workspace(self, info: Info, input: UpdateWorkspaceInput) -> WorkspacePayload:  # noqa: A002 - the contract's name
        """Name or set the workspace; another zone or calendar moves what is scheduled."""
        return await _change(
            info,
            lambda tx: workspaces.update(
                tx,
                who=info.context.caller.name,
                name=input.name,
                timezone=input.timezone,
                settings=_an_object(input.settings),
            ),
        )

    @field
    async def stop_sending(self, info: Info, input: ReasonInput) -> WorkspacePayload:  # noqa: A002 - the contract's name
        """Let no mail of this workspace out; all wait, nothing is lost, no schedule changes."""
        return await _change(
            info,
            lambda tx: workspaces.stop_sending(
                tx, who=info.context.caller.name, reason=input.reason
            ),
        )

    @field
    async def resume_sending(self, info: Info, input: ReasonInput) -> WorkspacePayload:  # noqa: A002 - the contract's name
        """Let mail out again; what waited comes to the gate at once."""
        return await _change(
            info,
            lambda tx: workspaces.resume_sending(
                tx, who=info.context.caller.name, reason=input.reason
            ),
        )


async def _change(info: Info, work: Callable[[Transaction], models.Workspace]) -> WorkspacePayload:
    workspace, refused = await perform(info, Role.OWNER, work)
    return WorkspacePayload(workspace=workspace, user_errors=refused)


def _an_object(value: Any) -> dict[str, Any] | None:
    if value is None or isinstance(value, dict):
        return value
    raise Refused("settings must be an object.", code="MALFORMED", field="settings")
