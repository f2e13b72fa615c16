"""Migrate: bring roles and tables up to date.  Run by the owner, never by the application.

Any number may run at once: an advisory lock lets one go first, and the others
find nothing left to do.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

_FOLDER = Path(__file__).with_name("migrations")
_ONE_AT_A_TIME = 0x5241_5050


def migrate(owner_url: str, app_password: str | None = None) -> None:
    """Create the roles that are missing, set the application's password if given, run what is due.

    ``owner_url``: a role that may create roles and owns, or may create, the tables.
    """
    engine = _engine(owner_url)
    try:
        with engine.connect() as connection:
            connection.execute(sa.text("SELECT pg_advisory_lock(:key)"), {"key": _ONE_AT_A_TIME})
            _roles(connection, app_password)
            connection.commit()
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
            connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), {"key": _ONE_AT_A_TIME})
    finally:
        engine.dispose()


def pending(url: str) -> bool:
    """Tell whether the tables are older than this release; any of our logins may ask."""
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            there = MigrationContext.configure(connection).get_current_revision()
        return there != newest()
    finally:
        engine.dispose()


def newest() -> str | None:
    """Return the revision that this release needs."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.set_main_option("path_separator", "os")
    return config


def _engine(url: str) -> sa.Engine:
    scheme, rest = url.split("://", 1)
    del scheme
    return sa.create_engine(f"postgresql+psycopg://{rest}", poolclass=sa.NullPool)


def _roles(connection: sa.Connection, app_password: str | None) -> None:
    """Make the two roles of the application; NOINHERIT keeps the dispatcher's sight apart."""
    present = set(
        connection.execute(
            sa.text("SELECT rolname FROM pg_roles WHERE rolname LIKE 'rapport\\_%'")
        ).scalars()
    )
    if "rapport_dispatch" not in present:
        connection.execute(sa.text("CREATE ROLE rapport_dispatch NOLOGIN NOINHERIT"))
    if "rapport_app" not in present:
        connection.execute(sa.text("CREATE ROLE rapport_app LOGIN NOINHERIT"))
        connection.execute(sa.text("GRANT rapport_dispatch TO rapport_app"))
    if app_password is not None:
        # DDL takes no parameters; format() quotes the literal inside the server.
        statement = connection.execute(
            sa.text("SELECT format('ALTER ROLE rapport_app PASSWORD %L', CAST(:p AS text))"),
            {"p": app_password},
        ).scalar_one()
        connection.exec_driver_sql(statement)
