"""Drafts: let out, sent back, written anew."""

from collections.abc import Callable
from email.utils import parseaddr
from typing import Any

from strawberry import ID

from graphql_api import ids
from graphql_api.context import Info
from graphql_api.errors import UserError
from graphql_api.mutations.perform import perform
from graphql_api.sdl import entry, field, output
from graphql_api.types import Draft, Task
from graphql_api.types.enums import Role
from graphql_api.types.node import present
from runtime import models
from runtime.db import Transaction
from runtime.desk import approvals, drafts


@entry
class ApproveDraftInput:
    """Which draft, and the fingerprint of the text that was read.

    acknowledgeStale: send it although it is stale (Draft.stale), except to an old address.
    """

    draft_id: ID
    fingerprint: str
    acknowledge_stale: bool | None = False


@entry
class RejectDraftInput:
    """Which draft; with feedback the agent writes a new version, without the task ends."""

    draft_id: ID
    fingerprint: str | None = None
    feedback: str | None = None


@entry
class EditDraftInput:
    """Which draft, and its new subject, body or both."""

    draft_id: ID
    fingerprint: str | None = None
    subject: str | None = None
    body: str | None = None


@entry
class WithdrawApprovalInput:
    """Which draft must not be sent after all, and why."""

    draft_id: ID
    reason: str | None = None


@output
class DraftPayload:
    """The draft as it now is and its task, or why nothing was done."""

    draft: Draft | None
    task: Task | None
    user_errors: list[UserError]


@output
class DraftMutations:
    """What can be done with drafts."""

    @field
    async def approve_draft(self, info: Info, input: ApproveDraftInput) -> DraftPayload:  # noqa: A002 - the contract's name
        """Let this very text out; a stale fingerprint is refused, and nothing is sent.

        Refused too: a stale draft that nobody acknowledges (STALE), follow-up settings that
        changed since it was read (SETTINGS_CHANGED), and, where the workspace asks for four
        eyes, one's own version (FOUR_EYES).
        """
        return await _decide(
            info,
            lambda tx: drafts.approve(
                tx,
                who=info.context.caller.name,
                who_id=info.context.caller.viewer.person_id,
                draft_id=ids.require(input.draft_id, "Draft", "draftId"),
                fingerprint=input.fingerprint,
                acknowledge_stale=bool(input.acknowledge_stale),
            ),
        )

    @field
    async def reject_draft(self, info: Info, input: RejectDraftInput) -> DraftPayload:  # noqa: A002 - the contract's name
        """Send a draft back: for a new version, or for good."""
        return await _decide(
            info,
            lambda tx: drafts.reject(
                tx,
                who=info.context.caller.name,
                who_id=info.context.caller.viewer.person_id,
                draft_id=ids.require(input.draft_id, "Draft", "draftId"),
                fingerprint=input.fingerprint,
                feedback=input.feedback,
            ),
        )

    @field
    async def edit_draft(self, info: Info, input: EditDraftInput) -> DraftPayload:  # noqa: A002 - the contract's name
        """Write a new version by hand; an approval of the old one is void."""
        return await _decide(
            info,
            lambda tx: drafts.edit(
                tx,
                who=info.context.caller.name,
                who_id=info.context.caller.viewer.person_id,
                draft_id=ids.require(input.draft_id, "Draft", "draftId"),
                fingerprint=input.fingerprint,
                subject=input.subject,
                body=input.body,
                sender=parseaddr(info.context.services.settings.email_from)[0],
            ),
        )

    @field
    async def withdraw_approval(self, info: Info, input: WithdrawApprovalInput) -> DraftPayload:  # noqa: A002 - the contract's name
        """Take an approval back while nothing was sent; the draft waits for a decision again."""
        return await _decide(
            info,
            lambda tx: approvals.withdraw(
                tx,
                who=info.context.caller.name,
                draft_id=ids.require(input.draft_id, "Draft", "draftId"),
                reason=input.reason,
            ),
        )


async def _decide(info: Info, work: Callable[[Transaction], models.Draft]) -> DraftPayload:
    draft, refused = await perform(info, Role.MEMBER, work)
    task: Any = None
    if draft:
        task = present(await info.context.loaders.row(models.Task, draft.task_key))
    return DraftPayload(draft=draft, task=task, user_errors=refused)
