"""Draft: one version of a mail's text, as a person judges it."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

import strawberry

from graphql_api import ids
from graphql_api.context import Info
from graphql_api.sdl import field
from graphql_api.types.enums import DraftStatus
from graphql_api.types.links import FollowUpLink, TaskLink
from graphql_api.types.node import Node, node_of
from graphql_api.types.preview import MailPreview
from graphql_api.types.related import pointed_at
from runtime import models


@node_of(models.Draft)
class Draft(Node):
    """One version of a mail's text.  An approval is bound to its fingerprint."""

    to: str
    version: int
    subject: str
    body: str
    status: DraftStatus
    fingerprint: str
    writer: str
    created_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    reason: str | None
    key: strawberry.Private[UUID]
    task_key: strawberry.Private[UUID]
    follow_up_key: strawberry.Private[UUID | None]
    task: TaskLink = pointed_at(models.Task, "task_key", "The task it was written for.")
    follow_up: FollowUpLink | None = pointed_at(
        models.FollowUp, "follow_up_key", "The follow-up whose text it is; null for a first mail."
    )

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
            fingerprint=row.fingerprint,
            writer=row.writer,
            created_at=row.created_at,
            decided_at=row.decided_at,
            decided_by=row.decided_by,
            reason=row.reason,
            key=row.id,
            task_key=row.task_id,
            follow_up_key=row.follow_up_id,
        )
