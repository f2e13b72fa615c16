"""Hops: how far a message is from the person or the clock that set it off."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Count them; what was said before counts as said by a person."""
    op.execute("ALTER TABLE messages ADD COLUMN hops INTEGER NOT NULL DEFAULT 0")
