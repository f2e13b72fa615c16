"""Opportunities: deals, the stages they went through, and the tasks that serve them."""

from alembic import op

from runtime.migrations.guard import guard

revision = "0010"
down_revision = "0009"

_STAGES = "('NEW', 'CONTACTED', 'REPLIED', 'MEETING', 'WON', 'LOST')"
_TABLES = (
    f"""
    CREATE TABLE opportunities (
        workspace_id UUID NOT NULL,
        id UUID NOT NULL,
        title TEXT NOT NULL,
        stage VARCHAR(24) NOT NULL,
        value FLOAT,
        contact_id UUID,
        notes TEXT,
        next_step TEXT,
        stage_changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_opportunities PRIMARY KEY (workspace_id, id),
        CONSTRAINT fk_opportunities_workspace_id FOREIGN KEY (workspace_id)
            REFERENCES workspaces (id) ON DELETE CASCADE,
        CONSTRAINT fk_opportunities_workspace_id_contact_id
            FOREIGN KEY (workspace_id, contact_id)
            REFERENCES contacts (workspace_id, id) ON DELETE CASCADE
            DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT ck_opportunities_stage CHECK (stage IN {_STAGES})
    )
    """,
    f"""
    CREATE TABLE stage_changes (
        workspace_id UUID NOT NULL,
        id UUID NOT NULL,
        opportunity_id UUID NOT NULL,
        before VARCHAR(24),
        after VARCHAR(24) NOT NULL,
        by TEXT NOT NULL,
        reason TEXT NOT NULL,
        at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_stage_changes PRIMARY KEY (workspace_id, id),
        CONSTRAINT fk_stage_changes_workspace_id FOREIGN KEY (workspace_id)
            REFERENCES workspaces (id) ON DELETE CASCADE,
        CONSTRAINT fk_stage_changes_workspace_id_opportunity_id
            FOREIGN KEY (workspace_id, opportunity_id)
            REFERENCES opportunities (workspace_id, id) ON DELETE CASCADE
            DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT ck_stage_changes_before CHECK (before IN {_STAGES}),
        CONSTRAINT ck_stage_changes_after CHECK (after IN {_STAGES})
    )
    """,
)
_REFERENCE = """
    ALTER TABLE tasks ADD COLUMN opportunity_id UUID,
    ADD CONSTRAINT fk_tasks_workspace_id_opportunity_id
        FOREIGN KEY (workspace_id, opportunity_id)
        REFERENCES opportunities (workspace_id, id) ON DELETE CASCADE
        DEFERRABLE INITIALLY DEFERRED
    """


def upgrade() -> None:
    """Make the tables behind their walls, and let a task name the deal that it serves."""
    for table in _TABLES:
        op.execute(table)
    op.execute(_REFERENCE)
    for name, table, columns in (
        ("ix_opportunities_stage", "opportunities", "workspace_id, stage, id"),
        ("ix_opportunities_contact", "opportunities", "workspace_id, contact_id"),
        ("ix_stage_changes_opportunity", "stage_changes", "workspace_id, opportunity_id, id"),
        ("ix_tasks_opportunity", "tasks", "workspace_id, opportunity_id, id"),
    ):
        op.execute(f"CREATE INDEX {name} ON {table} ({columns})")
    guard("opportunities")
    guard("stage_changes", rights="SELECT, INSERT, UPDATE (reason)")
