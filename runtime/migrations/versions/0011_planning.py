"""Planning: a third member of the team, and what it recommends."""

from alembic import op

from runtime.migrations.guard import guard

revision = "0011"
down_revision = "0010"

_TABLE = """
    CREATE TABLE recommendations (
        workspace_id UUID NOT NULL,
        id UUID NOT NULL,
        finding TEXT NOT NULL,
        rule TEXT NOT NULL,
        opportunity_id UUID,
        contact_id UUID,
        title TEXT NOT NULL,
        why TEXT NOT NULL,
        evidence JSONB NOT NULL,
        agent VARCHAR(24) NOT NULL,
        instruction TEXT NOT NULL,
        priority SMALLINT NOT NULL,
        status VARCHAR(24) NOT NULL,
        task_id UUID,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        decided_at TIMESTAMP WITH TIME ZONE,
        decided_by TEXT,
        reason TEXT,
        CONSTRAINT pk_recommendations PRIMARY KEY (workspace_id, id),
        CONSTRAINT fk_recommendations_workspace_id FOREIGN KEY (workspace_id)
            REFERENCES workspaces (id) ON DELETE CASCADE,
        CONSTRAINT fk_recommendations_workspace_id_opportunity_id
            FOREIGN KEY (workspace_id, opportunity_id)
            REFERENCES opportunities (workspace_id, id) ON DELETE CASCADE
            DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_recommendations_workspace_id_contact_id
            FOREIGN KEY (workspace_id, contact_id)
            REFERENCES contacts (workspace_id, id) ON DELETE CASCADE
            DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_recommendations_workspace_id_task_id
            FOREIGN KEY (workspace_id, task_id)
            REFERENCES tasks (workspace_id, id) ON DELETE CASCADE
            DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT uq_recommendations_workspace_id_finding UNIQUE (workspace_id, finding),
        CONSTRAINT ck_recommendations_agentkind
            CHECK (agent IN ('OUTREACH', 'FOLLOW_UP', 'PLANNING', 'RESEARCH')),
        CONSTRAINT ck_recommendations_recommendationstatus
            CHECK (status IN ('OPEN', 'ACCEPTED', 'DISMISSED', 'EXPIRED'))
    )
    """

_MEMBER = """
    INSERT INTO agents (workspace_id, id, kind, name)
    SELECT id, gen_random_uuid(), 'PLANNING', 'Planning' FROM workspaces
    """


def upgrade() -> None:
    """Make the table behind its wall, and give each workspace its planning agent."""
    op.execute(_TABLE)
    for columns in ("status", "opportunity_id"):
        name = columns.removesuffix("_id")
        op.execute(
            f"CREATE INDEX ix_recommendations_{name} ON recommendations "
            f"(workspace_id, {columns}, id)"
        )
    guard("recommendations")
    # Forced row-level security would show the owner no workspace: this would fill in nothing.
    for table in ("workspaces", "agents"):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(_MEMBER)
    for table in ("workspaces", "agents"):
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
