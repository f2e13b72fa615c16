"""Wing: how each process of the house comes to life, in one way.

A wrong setting or an unsafe login ends it with status 2 and one line, as nothing
will get better by itself.  A database that is not there yet, or not migrated
yet, is waited for: the order in which machines start is nobody's promise.
"""

import sys
import threading
from typing import NoReturn

from sqlalchemy.exc import SQLAlchemyError

from runtime import logs
from runtime.db import Database, UnsafeRoleError
from runtime.migrate import pending
from runtime.operator import located
from runtime.process import stop_on_signals, watch_parent
from runtime.settings import Settings, SettingsError

_AGAIN_SECONDS = 1.0

log = logs.get_logger(__name__)


def enter() -> tuple[Settings, threading.Event]:
    """Return this process's settings, and the event that is set when it shall end."""
    try:
        settings = located.load()
    except SettingsError as error:
        _end(str(error))
    logs.configure(settings.log_format, settings.log_level)
    stop = stop_on_signals()
    watch_parent(stop)
    return settings, stop


def await_database(db: Database, stop: threading.Event) -> bool:
    """Wait until the database can serve; False if the process shall end before that."""
    told = ""
    while not stop.is_set():
        missing = _missing(db)
        if missing is None:
            return True
        if missing != told:
            log.warning("waiting for the database", missing=missing)
            told = missing
        stop.wait(_AGAIN_SECONDS)
    return False


def _missing(db: Database) -> str | None:
    try:
        if pending(db.url):
            return "migrations: run rapport migrate"
        db.refuse_unsafe_role()
    except UnsafeRoleError as error:
        _end(str(error))
    except SQLAlchemyError as error:
        return type(error).__name__
    return None


def _end(line: str) -> NoReturn:
    sys.stderr.write(f"{line}\n")
    sys.exit(2)
