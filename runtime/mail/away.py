"""Away: until when somebody who said to be away is not followed up."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def not_before(due: datetime, away_until: date | None, zone: ZoneInfo) -> datetime:
    """Return when a step that was ``due`` may go: at its own time of day, once they are back."""
    local = due.astimezone(zone)
    if away_until is None or local.date() >= away_until:
        return due
    return datetime.combine(away_until, local.time(), zone).astimezone(UTC)
