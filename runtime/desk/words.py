"""Words: the texts people give, checked in one way."""

import re

from runtime import headers
from runtime.errors import Refused

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def required(text: str, field: str, *, longest: int) -> str:
    """Return a text without its outer blanks; Refused if nothing is left, or too much."""
    return _bounded(text, field, longest, at_least=1)


def optional(text: str | None, field: str, *, longest: int) -> str | None:
    """Return a text without its outer blanks, or None if there is none; Refused if too long."""
    return _bounded(text or "", field, longest, at_least=0) or None


def one_line(text: str, field: str, *, longest: int) -> str:
    """Return a required text of one line that is what it looks like, as a mail's subject is."""
    line = required(text, field, longest=longest)
    if len(line.splitlines()) > 1:
        raise Refused(f"The {_name(field)} must be one line.", field=field)
    if wrong := headers.fault(line):
        raise Refused(f"The {_name(field)} {wrong}.", code="MALFORMED", field=field)
    return line


def _bounded(text: str, field: str, longest: int, at_least: int) -> str:
    text = text.strip()
    if len(text) < at_least:
        raise Refused(f"The {_name(field)} must not be empty.", code="EMPTY", field=field)
    if len(text) > longest:
        raise Refused(
            f"The {_name(field)} has {len(text):,} characters; {longest:,} are the most.",
            code="TOO_LONG",
            field=field,
        )
    if _UNSTORABLE.search(text):
        raise Refused(
            f"The {_name(field)} holds a character that is none (NUL or half a surrogate pair).",
            code="MALFORMED",
            field=field,
        )
    return text


def _name(field: str) -> str:
    return field.rsplit(".", 1)[-1]
