"""Push subscription: a browser of the caller's, and what it is told of.

No node: whoever else is in the workspace does not see it, by whatever id.
"""

from datetime import datetime
from typing import Self

from strawberry import ID

from graphql_api import ids
from graphql_api.context import Info
from graphql_api.sdl import output
from graphql_api.types.enums import PushKind
from runtime import models
from runtime.desk.nudges import Owner


@output
class QuietHours:
    """A daily stretch in which nothing is told, HH:MM to HH:MM; may last across midnight."""

    start: str
    end: str


@output
class PushSubscription:
    """A browser that may be nudged.

    timezone: where its quiet hours are meant.  lastError: what came of the last try, if it
    failed; it begins with a code.
    """

    id: ID
    endpoint: str
    label: str | None
    kinds: list[PushKind]
    quiet_hours: QuietHours | None
    timezone: str
    created_at: datetime
    updated_at: datetime
    last_told_at: datetime | None
    last_error: str | None

    @classmethod
    def of(cls, row: models.PushSubscription) -> Self:
        """Show a subscription."""
        start, end = row.quiet_start, row.quiet_end
        return cls(
            id=ids.encode("PushSubscription", row.id),
            endpoint=row.endpoint,
            label=row.label,
            kinds=[PushKind(kind) for kind in row.kinds],
            quiet_hours=QuietHours(start=start, end=end) if start and end else None,
            timezone=row.timezone,
            created_at=row.created_at,
            updated_at=row.updated_at,
            last_told_at=row.told_at,
            last_error=row.last_error,
        )


def push_owner(info: Info) -> Owner:
    """Return the caller, as far as they own browsers."""
    viewer = info.context.caller.viewer
    return Owner(viewer.person_id, viewer.token_id)
