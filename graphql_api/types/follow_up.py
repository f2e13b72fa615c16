"""Follow-up: one step after the first mail."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

import strawberry

from graphql_api import ids
from graphql_api.loaders import DRAFTS_OF_FOLLOW_UP, EMAILS_OF_FOLLOW_UP
from graphql_api.types.enums import FollowUpStatus
from graphql_api.types.links import ContactLink, DraftLink, SentEmailLink, TaskLink
from graphql_api.types.node import Node, node_of
from graphql_api.types.related import newest_of, pointed_at
from runtime import clock, models
from runtime.mail import follow_ups


@node_of(models.FollowUp)
class FollowUp(Node):
    """One step of a task's follow-ups.  Its time counts from the actual send before it.

    timezoneSource: whose zone it is, the contact's or the workspace's; calendar: whose
    holidays; skippedDays: what did not count in its wait; overdue: due, and still undecided.
    """

    step: int
    max_steps: int
    status: FollowUpStatus
    reason: str | None
    due_at: datetime
    timezone: str
    timezone_source: str
    calendar: str | None
    skipped_days: list[str]
    overdue: bool
    paused_at: datetime | None
    paused_by: str | None
    executed_at: datetime | None
    key: strawberry.Private[UUID]
    task_key: strawberry.Private[UUID]
    contact_key: strawberry.Private[UUID]
    task: TaskLink = pointed_at(models.Task, "task_key", "The outreach it follows.")
    contact: ContactLink = pointed_at(models.Contact, "contact_key", "Whom it goes to.")
    draft: DraftLink | None = newest_of(DRAFTS_OF_FOLLOW_UP, "The newest version of its text.")
    sent_email: SentEmailLink | None = newest_of(
        EMAILS_OF_FOLLOW_UP, "The mail that left, or was held."
    )

    @classmethod
    def of(cls, row: Any) -> Self:
        """Show a follow-up."""
        return cls(
            id=ids.encode("FollowUp", row.id),
            step=row.step,
            max_steps=row.max_steps,
            status=row.status,
            reason=row.reason,
            due_at=row.due_at,
            timezone=row.timezone,
            timezone_source=row.timezone_source,
            calendar=row.calendar,
            skipped_days=[f"{each['day']}: {each['why']}" for each in row.skipped],
            overdue=follow_ups.is_overdue(row, clock.now()),
            paused_at=row.paused_at,
            paused_by=row.paused_by,
            executed_at=row.executed_at,
            key=row.id,
            task_key=row.task_id,
            contact_key=row.contact_id,
        )
