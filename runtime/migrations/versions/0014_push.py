"""Push: the browsers that people want to be nudged in."""

from alembic import op

from runtime.migrations.guard import guard, route

revision = "0014"
down_revision = "0013"

_TABLE = """
    CREATE TABLE push_subscriptions (
        workspace_id UUID NOT NULL,
        id UUID NOT NULL,
        person_id UUID NOT NULL,
        token_id UUID NOT NULL,
        endpoint TEXT NOT NULL,
        p256dh TEXT NOT NULL,
        auth TEXT NOT NULL,
        server_key TEXT NOT NULL,
        label TEXT,
        kinds JSONB NOT NULL,
        quiet_start TEXT,
        quiet_end TEXT,
        timezone TEXT NOT NULL,
        cursor BIGINT NOT NULL,
        telling_to BIGINT,
        test_at TIMESTAMP WITH TIME ZONE,
        fence INTEGER NOT NULL DEFAULT 0,
        attempts INTEGER NOT NULL DEFAULT 0,
        next_at TIMESTAMP WITH TIME ZONE NOT NULL,
        told_at TIMESTAMP WITH TIME ZONE,
        last_error TEXT,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_push_subscriptions PRIMARY KEY (workspace_id, id),
        CONSTRAINT fk_push_subscriptions_workspace_id FOREIGN KEY (workspace_id)
            REFERENCES workspaces (id) ON DELETE CASCADE,
        CONSTRAINT fk_push_subscriptions_workspace_id_token_id
            FOREIGN KEY (workspace_id, token_id)
            REFERENCES access_tokens (workspace_id, id) ON DELETE CASCADE
            DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT uq_push_subscriptions_workspace_id_endpoint UNIQUE (workspace_id, endpoint)
    )
    """


def upgrade() -> None:
    """Make the table behind its wall, and show the dispatcher where something may be told."""
    op.execute(_TABLE)
    op.execute(
        "CREATE INDEX ix_push_subscriptions_person"
        " ON push_subscriptions (workspace_id, person_id, id)"
    )
    op.execute("CREATE INDEX ix_push_subscriptions_due ON push_subscriptions (next_at)")
    guard("push_subscriptions", rights="SELECT, INSERT, UPDATE, DELETE")
    route(
        "push_subscriptions", ["workspace_id", "id", "next_at", "cursor", "telling_to", "test_at"]
    )
    route("event_counters", ["workspace_id", "last"])
