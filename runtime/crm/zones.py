"""Zones: time zones by their IANA names, as people and rows write them."""

from zoneinfo import ZoneInfo, available_timezones

from runtime.errors import Refused

# These two are files of a machine, not places, and another machine may not have them.
_NO_PLACES = {"localtime", "Factory"}
_NAMES = {name.lower(): name for name in available_timezones() - _NO_PLACES}


def zone_name(text: str, *, field: str = "timezone") -> str:
    """Return the zone's own spelling, or raise Refused naming ``field``."""
    name = _NAMES.get(text.strip().lower())
    if name is None:
        raise Refused(
            f"{text[:40]!r} is not a time zone: write one such as Europe/Berlin.",
            code="INVALID_TIMEZONE",
            field=field,
        )
    return name


def zone(name: str | None, default: str = "UTC") -> ZoneInfo:
    """Return the zone of a stored name, or the default's."""
    return ZoneInfo(name or default)
