"""Refusals: how often in a row a push service would not take a browser's notifications."""

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Count them, so that who always refuses is asked ever more rarely."""
    op.execute("ALTER TABLE push_subscriptions ADD COLUMN refusals integer NOT NULL DEFAULT 0")
