"""Mail that comes in: announced, fetched, matched, and what it tells of its writer."""

from alembic import op

from runtime.migrations.guard import guard

revision = "0005"
down_revision = "0004"

_ARRIVALS = """
    CREATE TABLE arrivals (
        id UUID NOT NULL,
        provider_email_id TEXT NOT NULL,
        svix_id TEXT NOT NULL,
        meant_for UUID,
        status VARCHAR(24) DEFAULT 'PLANNED' NOT NULL,
        attempts INTEGER DEFAULT '0' NOT NULL,
        available_at TIMESTAMP WITH TIME ZONE NOT NULL,
        fence INTEGER DEFAULT '0' NOT NULL,
        lease_until TIMESTAMP WITH TIME ZONE,
        error_code TEXT,
        received_at TIMESTAMP WITH TIME ZONE NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        finished_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_arrivals PRIMARY KEY (id),
        CONSTRAINT uq_arrivals_provider_email_id UNIQUE (provider_email_id),
        CONSTRAINT uq_arrivals_svix_id UNIQUE (svix_id),
        CONSTRAINT ck_arrivals_callstatus CHECK
            (status IN ('PLANNED', 'STARTED', 'DONE', 'FAILED', 'UNKNOWN', 'VOID'))
    )
    """

_INBOUND = """
    CREATE TABLE inbound_emails (
        workspace_id UUID NOT NULL,
        id UUID NOT NULL,
        provider_email_id TEXT NOT NULL,
        status VARCHAR(24) NOT NULL,
        kind TEXT NOT NULL,
        sender TEXT NOT NULL,
        named JSONB DEFAULT '[]' NOT NULL,
        subject TEXT NOT NULL,
        text TEXT NOT NULL,
        reason TEXT NOT NULL,
        contact_id UUID,
        sent_email_id UUID,
        matched_by VARCHAR(24),
        confidence VARCHAR(24),
        returns_on DATE,
        received_at TIMESTAMP WITH TIME ZONE NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        settled_at TIMESTAMP WITH TIME ZONE,
        settled_by TEXT,
        CONSTRAINT pk_inbound_emails PRIMARY KEY (workspace_id, id),
        CONSTRAINT fk_inbound_emails_workspace_id FOREIGN KEY (workspace_id)
            REFERENCES workspaces (id) ON DELETE CASCADE,
        CONSTRAINT fk_inbound_emails_workspace_id_contact_id
            FOREIGN KEY (workspace_id, contact_id)
            REFERENCES contacts (workspace_id, id) ON DELETE CASCADE
            DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT fk_inbound_emails_workspace_id_sent_email_id
            FOREIGN KEY (workspace_id, sent_email_id)
            REFERENCES agent_outreach_sent (workspace_id, id) ON DELETE CASCADE
            DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT uq_inbound_emails_workspace_id_provider_email_id
            UNIQUE (workspace_id, provider_email_id),
        CONSTRAINT ck_inbound_emails_inboundstatus CHECK
            (status IN ('ATTACHED', 'SUGGESTED', 'UNMATCHED', 'DISMISSED')),
        CONSTRAINT ck_inbound_emails_matchedby CHECK
            (matched_by IN ('MESSAGE_ID', 'REPLY_TOKEN', 'UNSUBSCRIBE_TOKEN', 'SENDER', 'PERSON')),
        CONSTRAINT ck_inbound_emails_confidence CHECK (confidence IN ('HIGH', 'MEDIUM', 'LOW'))
    )
    """

_REPLIES = """
    ALTER TABLE replies
        ADD COLUMN inbound_email_id UUID,
        ADD COLUMN subject TEXT,
        ADD COLUMN sender TEXT,
        ADD COLUMN matched_by VARCHAR(24) DEFAULT 'PERSON' NOT NULL,
        ADD COLUMN confidence VARCHAR(24) DEFAULT 'HIGH' NOT NULL,
        ADD COLUMN crossed BOOLEAN DEFAULT false NOT NULL,
        ADD COLUMN needs_review BOOLEAN DEFAULT false NOT NULL,
        ADD COLUMN returns_on DATE,
        ADD CONSTRAINT fk_replies_workspace_id_inbound_email_id
            FOREIGN KEY (workspace_id, inbound_email_id)
            REFERENCES inbound_emails (workspace_id, id) ON DELETE CASCADE
            DEFERRABLE INITIALLY DEFERRED,
        ADD CONSTRAINT ck_replies_matchedby CHECK
            (matched_by IN ('MESSAGE_ID', 'REPLY_TOKEN', 'UNSUBSCRIBE_TOKEN', 'SENDER', 'PERSON')),
        ADD CONSTRAINT ck_replies_confidence CHECK (confidence IN ('HIGH', 'MEDIUM', 'LOW'))
    """

_INDEXES = (
    "CREATE INDEX ix_arrivals_due ON arrivals (available_at) WHERE status = 'PLANNED'",
    "CREATE INDEX ix_arrivals_leases ON arrivals (lease_until) WHERE status = 'STARTED'",
    "CREATE INDEX ix_inbound_contact ON inbound_emails (workspace_id, contact_id)",
    """
    CREATE INDEX ix_inbound_open ON inbound_emails (workspace_id, contact_id)
    WHERE status = 'SUGGESTED'
    """,
)


def upgrade() -> None:
    """Make the tables; let the dispatcher read whose mail a Message-ID is."""
    for statement in (_ARRIVALS, _INBOUND, _REPLIES, *_INDEXES):
        op.execute(statement)
    # Ids and times, of no workspace: there is no wall for it to stand behind.
    op.execute("GRANT SELECT, INSERT, UPDATE ON arrivals TO rapport_app")
    guard("inbound_emails")
    op.execute("GRANT UPDATE ON replies TO rapport_app")
    op.execute("ALTER TABLE contacts ADD COLUMN away_until DATE")
    op.execute("ALTER TABLE tasks ADD COLUMN postponements INTEGER DEFAULT '0' NOT NULL")
    op.execute("ALTER TABLE outbox DROP CONSTRAINT ck_outbox_callkind")
    op.execute(
        "ALTER TABLE outbox ADD CONSTRAINT ck_outbox_callkind "
        "CHECK (kind IN ('WRITE', 'SEND_EMAIL', 'READ_REPLY'))"
    )
