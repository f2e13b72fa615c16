"""Database: opened for one command, with each thing that can be wrong with it said in one line."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import sqlalchemy.exc

from runtime.db import Database, UnsafeRoleError
from runtime.migrate import pending
from runtime.notifier import Sender
from runtime.settings import Settings


class DatabaseError(RuntimeError):
    """The database cannot be used as it is; the text names the variable and the way out."""


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """Open the application's database, or raise DatabaseError."""
    url = settings.database_url or ""
    with answering("DATABASE_URL"):
        if pending(url):
            raise DatabaseError("The tables are older than this release: run `rapport migrate`")
    database = Database(url, connections=1, hints=Sender(url))
    try:
        database.refuse_unsafe_role()
        yield database
    except UnsafeRoleError as error:
        raise DatabaseError(str(error)) from None
    finally:
        database.close()


@contextmanager
def answering(variable: str) -> Iterator[None]:
    """Turn a failure to connect into one line that names the variable to look at."""
    try:
        yield
    except (psycopg.OperationalError, sqlalchemy.exc.OperationalError) as error:
        cause = getattr(error, "orig", None) or error
        why = " ".join(str(cause).split())
        raise DatabaseError(f"{variable}: the database does not answer: {why}") from None
