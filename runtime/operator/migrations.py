"""Migrations: ``rapport migrate``, the one command that uses the owner's role."""

from urllib.parse import unquote, urlsplit

from runtime import migrate as alembic
from runtime.operator import located
from runtime.operator.database import answering
from runtime.operator.terminal import say
from runtime.settings import Settings, SettingsError


def migrate(settings: Settings) -> None:
    """Bring roles and tables up to date; run twice, the second finds nothing to do.

    The application's login gets the password that DATABASE_URL says, so that nobody has to
    set it in two places.
    """
    if settings.database_owner_url is None:
        raise SettingsError(
            "DATABASE_OWNER_URL: is missing; it names the role that owns the tables"
        )
    with answering("DATABASE_OWNER_URL"):
        alembic.migrate(settings.database_owner_url, _app_password(settings.database_url))
    say("The database is up to date.")


def _app_password(url: str | None) -> str | None:
    parts = urlsplit(url or "")
    ours = parts.username == located.APP and parts.password
    return unquote(parts.password) if ours and parts.password else None
