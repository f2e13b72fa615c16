"""Durations as ISO 8601 writes them (``PT30S``, ``P3D``): their form in the API and in rows.

Months and years are refused: nobody can say how long they are.
"""

import re
from datetime import timedelta

from runtime.errors import Refused

LONGEST = timedelta(days=3660)

_FORM = re.compile(
    r"P(?:(?P<weeks>\d{1,4})W|(?:(?P<days>\d{1,5})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,7})M)?(?:(?P<seconds>\d{1,9}(?:\.\d{1,3})?)S)?)?)",
    re.ASCII,
)


def parse(text: object, *, field: str = "duration") -> timedelta:
    """Return the length of time, or raise Refused (``INVALID_DURATION``) naming ``field``."""
    match = _FORM.fullmatch(text) if isinstance(text, str) else None
    parts = {unit: float(n) for unit, n in match.groupdict().items() if n} if match else {}
    if not parts or (length := timedelta(**parts)) > LONGEST:
        raise Refused(
            f"{_shown(text)} is not a duration: write days as P3D, hours as PT4H, "
            "seconds as PT30S, ten years at most.",
            code="INVALID_DURATION",
            field=field,
        )
    return length


def text(length: timedelta) -> str:
    """Return the shortest ISO 8601 form of a length of time, such as ``P3DT4H``."""
    seconds = length.seconds + length.microseconds / 1_000_000
    hours, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    clock = "".join(
        f"{number:.3f}".rstrip("0").rstrip(".") + unit
        for number, unit in ((hours, "H"), (minutes, "M"), (rest, "S"))
        if number
    )
    days = f"{length.days}D" if length.days else ""
    return f"P{days}{'T' + clock if clock else ''}" if days or clock else "PT0S"


def _shown(value: object) -> str:
    return repr(str(value)[:40])
