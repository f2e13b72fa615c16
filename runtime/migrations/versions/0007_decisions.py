"""Decisions: who wrote, who approved, under which settings, and which task waits for which."""

from alembic import op

from runtime.migrations.guard import guard

revision = "0007"
down_revision = "0006"

_PAST_SETTINGS = """
    CREATE TABLE agent_past_settings (
        workspace_id UUID NOT NULL,
        agent_id UUID NOT NULL,
        version INTEGER NOT NULL,
        settings JSONB NOT NULL,
        ended_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_agent_past_settings PRIMARY KEY (workspace_id, agent_id, version),
        CONSTRAINT fk_agent_past_settings_workspace_id FOREIGN KEY (workspace_id)
            REFERENCES workspaces (id) ON DELETE CASCADE,
        CONSTRAINT fk_agent_past_settings_workspace_id_agent_id
            FOREIGN KEY (workspace_id, agent_id)
            REFERENCES agents (workspace_id, id) ON DELETE CASCADE
            DEFERRABLE INITIALLY DEFERRED
    )
    """


def _point(table: str, column: str, at: str) -> None:
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN {column} UUID, "
        f"ADD CONSTRAINT fk_{table}_workspace_id_{column} FOREIGN KEY (workspace_id, {column}) "
        f"REFERENCES {at} (workspace_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED"
    )


def upgrade() -> None:
    """Add what decisions are bound to; rows that are there know nothing of it, and read so."""
    op.execute(_PAST_SETTINGS)
    guard("agent_past_settings", rights="SELECT, INSERT")
    op.execute(
        "ALTER TABLE drafts ADD COLUMN decided_by_id UUID, ADD COLUMN author TEXT, "
        "ADD COLUMN author_id UUID, ADD COLUMN settings_version INTEGER, ADD COLUMN known JSONB"
    )
    _point("drafts", "edited_from_id", "drafts")
    _point("tasks", "queued_after_id", "tasks")
    op.execute("ALTER TABLE approvals ADD COLUMN approver_id UUID")
    op.execute("CREATE INDEX ix_timers_task ON timers (workspace_id, task_id)")
    op.execute("CREATE INDEX ix_approvals_draft ON approvals (workspace_id, draft_id)")
    op.execute("CREATE INDEX ix_contacts_company ON contacts (workspace_id, lower(btrim(company)))")
