"""Notifications: whether the browsers that people asked to be told in can be told."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from runtime.db import Transaction
from runtime.models import PushSubscription
from runtime.operator.doctor import houses
from runtime.operator.doctor.finding import Finding
from runtime.push import keys
from runtime.settings import Settings, SettingsError

_SUBJECT = "notifications"


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at the key that they are signed with, and at the browsers; nobody's is named."""
    if settings.database_url is None:
        return
    found = houses.ask(settings.database_url, _SUBJECT, _browsers)
    if isinstance(found, Finding):
        yield found
    else:
        yield _finding(settings, [browser for each in found for browser in each])


@dataclass(frozen=True, slots=True)
class Browser:
    """One that somebody is told in: whose notifications it takes, and whether the last failed."""

    server_key: str
    in_trouble: bool


def _browsers(tx: Transaction) -> list[Browser]:
    row = PushSubscription
    rows = tx.execute(
        sa.select(row.server_key, row.last_error.is_not(None)).where(
            row.workspace_id == tx.workspace_id
        )
    )
    return [Browser(*each) for each in rows]


def _finding(settings: Settings, browsers: list[Browser]) -> Finding:
    if not browsers:
        return Finding(_SUBJECT, "ok", "nobody has asked for any")
    key = _key(settings)
    if isinstance(key, Finding):
        return key
    count = len(browsers)
    if strange := sum(browser.server_key != key for browser in browsers):
        remedy = (
            "set VAPID_PRIVATE_KEY to the key they were asked for with, or have people turn "
            "notifications off and on again"
        )
        detail = f"{strange} of {count} browsers know another key than this one"
        return Finding(_SUBJECT, "warning", detail, remedy)
    if troubled := sum(browser.in_trouble for browser in browsers):
        remedy = "their people see why on the page Notifications"
        return Finding(_SUBJECT, "warning", f"{troubled} of {count} browsers in trouble", remedy)
    return Finding(_SUBJECT, "ok", f"{count} browsers" if count > 1 else "one browser")


def _key(settings: Settings) -> str | Finding:
    """Return the public key of this deployment; none is made by looking."""
    path = settings.rapport_data_dir / keys.FILE
    if not settings.vapid_private_key and not path.exists():
        remedy = "set VAPID_PRIVATE_KEY, or RAPPORT_DATA_DIR to where the API keeps its key"
        return Finding(_SUBJECT, "fault", "there is no key to sign them with here", remedy)
    try:
        return keys.public(settings)
    except SettingsError as error:
        return Finding(_SUBJECT, "fault", str(error), "set VAPID_PRIVATE_KEY")
