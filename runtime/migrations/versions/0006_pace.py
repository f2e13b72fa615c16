"""Pace: how a step came by its time, who paused it, and what each sender has sent lately."""

from alembic import op

from runtime.migrations.guard import guard

revision = "0006"
down_revision = "0005"

_SENDERS = """
    CREATE TABLE senders (
        workspace_id UUID NOT NULL,
        address TEXT NOT NULL,
        days JSONB DEFAULT '{}' NOT NULL,
        busy_until TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_senders PRIMARY KEY (workspace_id, address),
        CONSTRAINT fk_senders_workspace_id FOREIGN KEY (workspace_id)
            REFERENCES workspaces (id) ON DELETE CASCADE
    )
    """

_STEPS = """
    ALTER TABLE agent_followup_schedule
        ADD COLUMN timezone_source TEXT NOT NULL DEFAULT 'workspace',
        ADD COLUMN calendar TEXT,
        ADD COLUMN skipped JSONB NOT NULL DEFAULT '[]',
        ADD COLUMN drawn INTEGER,
        ADD COLUMN counted_from TIMESTAMP WITH TIME ZONE,
        ADD COLUMN chosen_by TEXT,
        ADD COLUMN overdue_since TIMESTAMP WITH TIME ZONE,
        ADD COLUMN paused_at TIMESTAMP WITH TIME ZONE,
        ADD COLUMN paused_by TEXT,
        ADD COLUMN remaining INTERVAL
    """


def upgrade() -> None:
    """Make the senders' table behind its wall; give steps and mails what their times come from.

    What was paused or sent before has none of it: a pause counts from the row's last change,
    a mail from when it was sent.
    """
    op.execute(_SENDERS)
    guard("senders")
    op.execute(_STEPS)
    op.execute("ALTER TABLE agent_outreach_sent ADD COLUMN reserved_at TIMESTAMP WITH TIME ZONE")
