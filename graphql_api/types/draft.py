"""Draft: one version of a mail's text, as a person judges it."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

import strawberry

from graphql_api import ids
from graphql_api.context import Info
from graphql_api.loaders import APPROVALS_OF_DRAFT
from graphql_api.sdl import field
from graphql_api.types.decision import DraftFollowUpSettings, StaleReason
from graphql_api.types.enums import DraftStatus
from graphql_api.types.links import ApprovalLink, DraftLink, FollowUpLink, TaskLink
from graphql_api.types.node import Node, node_of
from graphql_api.types.preview import MailPreview
from graphql_api.types.related import all_of, pointed_at
from graphql_api.types.sentence import DraftSentence
from runtime import models
from runtime.mail.basis import Judged, SentenceBasis


@node_of(models.Draft)
class Draft(Node):
    """One version of a mail's text.  An approval is bound to its fingerprint."""

    to: str
    version: int
    subject: str
    body: str
    status: DraftStatus
    writer: str
    created_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    reason: str | None
    row: strawberry.Private[models.Draft]
    key: strawberry.Private[UUID]
    edited_from_key: strawberry.Private[UUID | None]
    task_key: strawberry.Private[UUID]
    follow_up_key: strawberry.Private[UUID | None]
    task: TaskLink = pointed_at(models.Task, "task_key", "The task it was written for.")
    follow_up: FollowUpLink | None = pointed_at(
        models.FollowUp, "follow_up_key", "The follow-up whose text it is; null for a first mail."
    )
    edited_from: DraftLink | None = pointed_at(
        models.Draft, "edited_from_key", "The version that a person's edit came from."
    )
    approvals: list[ApprovalLink] = all_of(
        APPROVALS_OF_DRAFT, "Every leave to send it that was given, the newest first."
    )

    @field
    async def fingerprint(self, info: Info) -> str:
        """Return what an approval names: the text, and for a first mail the follow-up settings."""
        shown: str = await info.context.loaders.fingerprint.load(self.row)
        return shown

    @field
    async def waiting_since(self, info: Info) -> datetime:
        """Say when it was written, or, of a correction by hand, the text that was corrected."""
        since: datetime = await info.context.loaders.written.load(self.key)
        return since

    @field
    async def stale(self, info: Info) -> list[StaleReason]:
        """Say what overtook a pending draft since it was written."""
        reasons = await info.context.loaders.staleness.load(self.row)
        return [StaleReason(code=reason.code, detail=reason.detail) for reason in reasons]

    @field
    async def sentences(self) -> list[DraftSentence]:
        """Say of each sentence of the body what it rests on; none of a draft older than that."""
        return [DraftSentence.of(each) for each in _judged(self.row)]

    @field
    async def unsupported(self) -> int:
        """Count the sentences that nothing supports: read these first."""
        return sum(each.basis is SentenceBasis.UNSUPPORTED for each in _judged(self.row))

    @field
    async def follow_up_settings(self, info: Info) -> DraftFollowUpSettings | None:
        """Say what an approval of a first mail is leave for too; null if it is of no more use."""
        bound = await info.context.loaders.bound_settings.load(self.row)
        return bound and DraftFollowUpSettings(version=bound.version, waits=bound.waits)

    @field
    async def preview(self, info: Info) -> MailPreview:
        """Show the whole mail, as it would leave now, or as it left."""
        context = info.context
        return MailPreview.of(await context.loaders.letters(context.services.settings, self.key))

    @classmethod
    def of(cls, row: Any) -> Self:
        """Show a draft."""
        return cls(
            id=ids.encode("Draft", row.id),
            to=row.to,
            version=row.version,
            subject=row.subject,
            body=row.body,
            status=row.status,
            writer=row.writer,
            created_at=row.created_at,
            decided_at=row.decided_at,
            decided_by=row.decided_by,
            reason=row.reason,
            row=row,
            key=row.id,
            edited_from_key=row.edited_from_id,
            task_key=row.task_id,
            follow_up_key=row.follow_up_id,
        )


def _judged(row: models.Draft) -> list[Judged]:
    return [Judged.from_json(kept) for kept in row.sentences or ()]
