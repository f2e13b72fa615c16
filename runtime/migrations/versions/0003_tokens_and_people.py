"""Tokens in mails, and what must be known of people before they are written to."""

from alembic import op

revision = "0003"
down_revision = "0002"

# Two random UUIDs hold 244 random bits, and need no extension.
_KEY = """decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')"""


def upgrade() -> None:
    """Give every workspace a key of its own; let the dispatcher read whose mail a token names."""
    op.execute(f"ALTER TABLE workspaces ADD COLUMN seal_key BYTEA NOT NULL DEFAULT {_KEY}")
    op.execute("GRANT SELECT (draft_id) ON agent_outreach_sent TO rapport_dispatch")
    op.execute("CREATE INDEX ix_sent_draft ON agent_outreach_sent (draft_id)")
    op.execute(
        "ALTER TABLE contacts ADD COLUMN country TEXT, "
        "ADD COLUMN lawful_basis TEXT, ADD COLUMN source TEXT"
    )
