"""Approval: leave that somebody gave to send a draft, and what became of it."""

from datetime import datetime
from typing import Any, Self

from graphql_api import ids
from graphql_api.types.enums import ApprovalKind
from graphql_api.types.node import Node, node_of
from runtime import models


@node_of(models.Approval)
class Approval(Node):
    """Leave to send a draft: whose, since when, and when and why it ended, if it has."""

    kind: ApprovalKind
    by: str
    at: datetime
    voided_at: datetime | None
    voided_reason: str | None

    @classmethod
    def of(cls, row: Any) -> Self:
        """Show an approval."""
        return cls(
            id=ids.encode("Approval", row.id),
            kind=row.kind,
            by=row.approved_by,
            at=row.approved_at,
            voided_at=row.voided_at,
            voided_reason=row.voided_reason,
        )
