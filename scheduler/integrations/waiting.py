"""Waiting: how long the outside asks us to leave it alone.

Providers say it in three dialects: seconds, an HTTP date, and Google's ``"12.5s"``.
What cannot be read counts as not said, so that an odd header never becomes an odd wait.
"""

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from runtime import clock

_A_QUOTAS = 60.0
"""Seconds; a shorter wait is no quota's."""

LONGEST = 24 * 3600.0
"""Nobody is believed who asks for more than a day: by then a person has looked."""


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds in ``Retry-After`` (or ``ratelimit-reset``), whatever their case."""
    lowered = {str(name).lower(): str(value) for name, value in headers.items()}
    said = lowered.get("retry-after") or lowered.get("ratelimit-reset")
    return None if said is None else _seconds(said.strip())


def until_reset(headers: Mapping[str, str]) -> float:
    """Return the seconds until a quota that is used up is worth another look.

    Only a long ``Retry-After`` speaks of the quota: ``ratelimit-reset`` and a short one are
    about the requests of this second.  Else the next day in UTC; a month is looked at once a
    day as well, since the plan may have been raised.
    """
    lowered = {str(name).lower(): str(value) for name, value in headers.items()}
    said = _seconds(lowered.get("retry-after", "").strip())
    return said if said is not None and said >= _A_QUOTAS else until_midnight("UTC")


def google_duration(said: object) -> float | None:
    """Return the seconds of a protobuf duration in its JSON form (``"12.5s"``)."""
    return _seconds(said[:-1]) if isinstance(said, str) and said.endswith("s") else None


def until_midnight(zone: str) -> float:
    """Return the seconds until the next day begins in an IANA zone."""
    here = clock.now().astimezone(ZoneInfo(zone))
    tomorrow = datetime.combine(here.date() + timedelta(days=1), datetime.min.time(), here.tzinfo)
    # Through UTC: subtracting two times of one zone ignores a change of its offset between them.
    return (tomorrow.astimezone(UTC) - here.astimezone(UTC)).total_seconds()


def _seconds(said: str) -> float | None:
    try:
        seconds = float(said)
    except ValueError:
        seconds = _until(said)
    return min(seconds, LONGEST) if math.isfinite(seconds) and seconds >= 0 else None


def _until(http_date: str) -> float:
    try:
        moment = parsedate_to_datetime(http_date)
    except ValueError:
        return math.nan
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - clock.now()).total_seconds())
