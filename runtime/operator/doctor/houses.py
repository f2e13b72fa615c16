"""Houses: what the doctor asks the database about each workspace."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from runtime.crm import workspaces
from runtime.db import Database, Transaction, UnsafeRoleError
from runtime.operator.doctor.finding import Finding

Answer = TypeVar("Answer")


def ask(
    url: str, subject: str, look: Callable[[Transaction], Answer]
) -> tuple[Answer, ...] | Finding:
    """Return what ``look`` finds in each workspace, or that none of them can be looked at."""
    database = Database(url, connections=1)
    try:
        return tuple(database.run(each, look) for each in workspaces.every(database))
    except (SQLAlchemyError, UnsafeRoleError):
        return Finding(subject, "warning", "cannot be looked at: see the database above")
    finally:
        database.close()
