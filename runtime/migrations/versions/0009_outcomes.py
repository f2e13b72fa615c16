"""Outcomes: look-ups at the provider, spent quotas, bounces that pass, and the breaker."""

from alembic import op

revision = "0009"
down_revision = "0008"

_QUOTAS = """
    CREATE TABLE spent_quotas (
        carrier TEXT NOT NULL,
        quota TEXT NOT NULL,
        until TIMESTAMP WITH TIME ZONE NOT NULL,
        noted_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_spent_quotas PRIMARY KEY (carrier)
    )
    """


def upgrade() -> None:
    """Add what each of them remembers.

    A quota belongs to the deployment's account at the provider, so its table has no wall:
    it names no workspace and holds nothing of one.
    """
    op.execute("ALTER TABLE outbox DROP CONSTRAINT ck_outbox_callkind")
    op.execute(
        "ALTER TABLE outbox ADD CONSTRAINT ck_outbox_callkind "
        "CHECK (kind IN ('WRITE', 'SEND_EMAIL', 'READ_REPLY', 'RECONCILE'))"
    )
    op.execute(_QUOTAS)
    op.execute("GRANT SELECT, INSERT, UPDATE ON spent_quotas TO rapport_app")
    op.execute(
        "ALTER TABLE agent_outreach_sent ADD COLUMN delayed_at TIMESTAMP WITH TIME ZONE, "
        "ADD COLUMN soft_bounced_at TIMESTAMP WITH TIME ZONE, "
        "ADD COLUMN given_up_ids TEXT[] NOT NULL DEFAULT '{}'"
    )
    op.execute(
        "CREATE INDEX ix_sent_real ON agent_outreach_sent (workspace_id, sent_at) "
        "WHERE transport <> 'sandbox'"
    )
    op.execute("CREATE INDEX ix_reports_received ON delivery_reports (workspace_id, received_at)")
    op.execute(
        "ALTER TABLE workspaces ADD COLUMN breaker_tripped_at TIMESTAMP WITH TIME ZONE, "
        "ADD COLUMN breaker_since TIMESTAMP WITH TIME ZONE"
    )
