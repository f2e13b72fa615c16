"""Seal keys: what each workspace signs the tokens in its mails with."""

from alembic import op

revision = "0003"
down_revision = "0002"

# Two random UUIDs hold 244 random bits, and need no extension.
_KEY = """decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')"""


def upgrade() -> None:
    """Give every workspace, old and new, a key of its own."""
    op.execute(f"ALTER TABLE workspaces ADD COLUMN seal_key BYTEA NOT NULL DEFAULT {_KEY}")
