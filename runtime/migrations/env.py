"""Alembic's entry: run the steps on the connection that ``runtime.migrate`` hands over."""

from alembic import context

from runtime.models import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    transaction_per_migration=True,
    compare_server_default=False,
)
with context.begin_transaction():
    context.run_migrations()
