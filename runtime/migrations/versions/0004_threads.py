"""What a mail is named by in its reader's mail program, so that the next one continues it."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Keep each mail's Message-ID; let the dispatcher read whose it is when an answer names it."""
    op.execute("ALTER TABLE agent_outreach_sent ADD COLUMN message_id TEXT")
    op.execute(
        "CREATE INDEX ix_sent_message_id ON agent_outreach_sent (message_id) "
        "WHERE message_id IS NOT NULL"
    )
    op.execute("GRANT SELECT (message_id) ON agent_outreach_sent TO rapport_dispatch")
