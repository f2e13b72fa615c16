"""Servers of our own: PostgreSQL and Valkey out of wheels, for a machine that has neither.

Both live below one data directory, listen on 127.0.0.1 only and behind a password, and leave
a note there (mode 600) by which the other commands find them.
"""

from runtime.operator.servers.postgres import Postgres
from runtime.operator.servers.valkey import Valkey

__all__ = ["Postgres", "Valkey"]
