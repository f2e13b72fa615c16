"""Eye: looks at the rows with SQL of its own, so that no bug of the product's hides itself.

One connection that sees one workspace, always as last committed.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

import psycopg
from psycopg.rows import namedtuple_row

from runtime.db import Database

_DUE = """
    SELECT 'timer' AS what, id, task_id, name AS detail FROM timers WHERE due_at <= %(now)s
    UNION ALL
    SELECT DISTINCT 'turn', recipient_id, NULL::uuid, recipient FROM messages
    WHERE status = 'READY' AND available_at <= %(now)s
    UNION ALL
    SELECT 'call', id, task_id, kind || coalesce(follow_up_id::text, '') FROM outbox
    WHERE (status = 'PLANNED' AND available_at <= %(now)s)
       OR (status = 'STARTED' AND lease_until < %(now)s)
"""

_NEXT = """
    SELECT min(at) FROM (
        SELECT min(due_at) AS at FROM timers
        UNION ALL SELECT min(available_at) FROM messages WHERE status = 'READY'
        UNION ALL SELECT min(available_at) FROM outbox WHERE status = 'PLANNED'
        UNION ALL SELECT min(lease_until) + interval '1 second' FROM outbox WHERE status = 'STARTED'
        UNION ALL SELECT min(resume_at) FROM agents) AS moments
    WHERE at > %(now)s
"""


@dataclass(frozen=True, slots=True)
class Due:
    """Work that waits, as (id, task) in no promised order."""

    timers: list[tuple[uuid.UUID, uuid.UUID | None]]
    calls: list[tuple[uuid.UUID, uuid.UUID | None, str]]
    agents: list[tuple[str, uuid.UUID]]

    def __bool__(self) -> bool:
        return bool(self.timers or self.calls or self.agents)


class Eye:
    """Reads, and writes nothing."""

    def __init__(self, db: Database, workspace_id: uuid.UUID) -> None:
        self._connection = psycopg.connect(db.url, autocommit=True, row_factory=namedtuple_row)
        self._connection.execute(
            "SELECT set_config('app.workspace', %s, false)", [str(workspace_id)]
        )

    def rows(self, query: LiteralString, **values: Any) -> Sequence[Any]:
        """Return what a query finds, as named tuples."""
        return self._connection.execute(query, values).fetchall()

    def row(self, query: LiteralString, **values: Any) -> Any:
        """Return the one row that a query finds."""
        [found] = self.rows(query, **values)
        return found

    def due(self, now: datetime) -> Due:
        """Return what could be done now."""
        found = self.rows(_DUE, now=now)
        return Due(
            timers=[(row.id, row.task_id) for row in found if row.what == "timer"],
            calls=[(row.id, row.task_id, row.detail) for row in found if row.what == "call"],
            agents=sorted((row.detail, row.id) for row in found if row.what == "turn"),
        )

    def next_moment(self, now: datetime) -> datetime | None:
        """Return when something falls due next."""
        moment: datetime | None = self.row(_NEXT, now=now).min
        return moment

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
