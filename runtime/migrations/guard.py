"""Guard: row-level security for a tenant table.  A migration that adds a table calls this."""

from collections.abc import Sequence

from alembic import op


def guard(table: str, *, key: str = "workspace_id", rights: str = "SELECT, INSERT, UPDATE") -> None:
    """Show each transaction the rows of its own workspace only, the table's owner included.

    Without a workspace in ``app.workspace`` nothing shows.  ``rights`` are the application's.
    """
    mine = f"{key} = (SELECT nullif(current_setting('app.workspace', true), '')::uuid)"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY workspace ON {table} TO PUBLIC USING ({mine}) WITH CHECK ({mine})")
    op.execute(f"GRANT {rights} ON {table} TO rapport_app")


def route(table: str, columns: Sequence[str]) -> None:
    """Let the dispatcher read these columns, which say where work waits, in every workspace."""
    op.execute(f"CREATE POLICY dispatch ON {table} FOR SELECT TO rapport_dispatch USING (true)")
    op.execute(f"GRANT SELECT ({', '.join(columns)}) ON {table} TO rapport_dispatch")
