"""Delivery reports: what the provider tells of mails, and how it finds their workspace."""

from alembic import op

from runtime.migrations.guard import guard, route

revision = "0002"
down_revision = "0001"

_TABLE = """
    CREATE TABLE delivery_reports (
        workspace_id UUID NOT NULL,
        id UUID NOT NULL,
        svix_id TEXT NOT NULL,
        type TEXT NOT NULL,
        sent_email_id UUID NOT NULL,
        body TEXT NOT NULL,
        received_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_delivery_reports PRIMARY KEY (workspace_id, id),
        CONSTRAINT fk_delivery_reports_workspace_id FOREIGN KEY (workspace_id)
            REFERENCES workspaces (id) ON DELETE CASCADE,
        CONSTRAINT fk_delivery_reports_workspace_id_sent_email_id
            FOREIGN KEY (workspace_id, sent_email_id)
            REFERENCES agent_outreach_sent (workspace_id, id) ON DELETE CASCADE
            DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT uq_delivery_reports_workspace_id_svix_id UNIQUE (workspace_id, svix_id)
    )
    """


def upgrade() -> None:
    """Make the table behind its wall; let the dispatcher read whose mail an id is."""
    op.execute(_TABLE)
    op.execute("CREATE INDEX ix_reports_sent ON delivery_reports (workspace_id, sent_email_id)")
    guard("delivery_reports", rights="SELECT, INSERT")
    route("agent_outreach_sent", ("workspace_id", "provider_message_id"))
