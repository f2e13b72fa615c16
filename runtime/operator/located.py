"""Located settings: the environment's, completed by what a running ``up`` left to be found.

Any process of the product started by hand in a checkout reaches the same servers as the
children of ``up``, as long as it is pointed at the same data directory.
"""

import secrets
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from runtime import settings
from runtime.operator.servers import Postgres, Valkey, notes
from runtime.settings import Settings, SettingsError

_NOTE = "app.json"
APP = "rapport_app"
"""The application's login; the migrations create it."""


def load(**overrides: object) -> Settings:
    """Return settings whose database is known; Redis stays None where there is none.

    Raises SettingsError, one line, when no database is named and none of ours is running.
    """
    given = settings.load(**overrides)
    found = locate(given)
    if found.database_url is None:
        raise SettingsError(
            "DATABASE_URL: is missing, and no `rapport up` is running on "
            f"{given.rapport_data_dir} (RAPPORT_DATA_DIR)"
        )
    return found


def locate(given: Settings) -> Settings:
    """Fill in the addresses of what is running below the data directory."""
    found: dict[str, str] = {}
    data_dir = given.rapport_data_dir
    if given.database_url is None and given.database_owner_url:
        if password := notes.read(data_dir / _NOTE).get("app_password"):
            found["database_url"] = app_url(given.database_owner_url, password)
    elif given.database_url is None and (postgres := Postgres(data_dir)).pid:
        found["database_url"] = postgres.app_url
        found["database_owner_url"] = postgres.owner_url
    if given.redis_url is None and (valkey := Valkey(data_dir)).pid:
        found["redis_url"] = valkey.url
    return given.model_copy(update=found)


def app_password(data_dir: Path) -> str:
    """Return the password that ``up`` made for the application's login, made now if need be."""
    path = data_dir / _NOTE
    note = notes.read(path)
    if not note:
        note = {"app_password": secrets.token_hex(16)}
        notes.write(path, note)
    return str(note["app_password"])


def app_url(owner_url: str, password: str) -> str:
    """Return the owner's URL with the application's login in the owner's place."""
    parts = urlsplit(owner_url)
    where = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{APP}:{password}@{where}"))
