"""Insight: the two ways into long tables that numbers of the last days need."""

from alembic import op

revision = "0015"
down_revision = "0014"

_INDEXES = (
    """
    CREATE INDEX ix_messages_handled ON messages (workspace_id, recipient_id, handled_at)
    WHERE handled_at IS NOT NULL
    """,
    """
    CREATE INDEX ix_drafts_decided ON drafts (workspace_id, decided_at)
    WHERE decided_at IS NOT NULL
    """,
)


def upgrade() -> None:
    """Make them; without, a day's numbers would read all messages and drafts there ever were."""
    for statement in _INDEXES:
        op.execute(statement)
