"""Contact fields: what may stand in each, said once for the form and for the file.

Values leave here fit for the database and for a letter: trimmed, composed, of
bounded length, no invisible characters.  Text that a spreadsheet would take for
a formula (``=1+1``) is kept as the text it is; who writes a spreadsheet escapes it.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType

from runtime import headers
from runtime.crm.countries import country_code
from runtime.crm.lawful_bases import lawful_basis
from runtime.crm.zones import zone_name
from runtime.errors import Refused

LONGEST: Mapping[str, int] = MappingProxyType(
    {
        "name": 200,
        "company": 200,
        "title": 200,
        "timezone": 64,
        "country": 100,
        "notes": 10_000,
        "lawful_basis": 100,
        "source": 500,
    }
)
"""Characters that fit into each field, as people write it."""

_READERS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "timezone": lambda text: zone_name(text.replace(" ", "_")),
        "country": country_code,
        "lawful_basis": lawful_basis,
    }
)
"""What makes the stored value of a field that has a closed list."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_RESIDUE = re.compile("[\u00ad\u200b\u2060\ufeff]")
"""What copying leaves in a name and nobody sees: it means nothing there."""
_LINE_BREAK = re.compile(r"\r\n?")


def clean(field: str, text: str | None) -> str | None:
    """Return a field's value as it is stored; None when it is blank.

    Notes keep their lines, all else is one line.  Raises Refused, which names the field:
    INVALID_TEXT, TOO_LONG, INVALID_TIMEZONE, INVALID_COUNTRY, INVALID_LAWFUL_BASIS, or MISSING
    for a blank name.
    """
    value = _trimmed(text or "", keep_lines=field == "notes")
    if found := _CONTROL.search(value):
        raise Refused(
            f"The {_named(field)} contains a control character (U+{ord(found[0]):04X});"
            " take it out.",
            code="INVALID_TEXT",
            field=field,
        )
    if field != "notes" and (wrong := headers.fault(value)):
        raise Refused(f"The {field} {wrong}.", code="INVALID_TEXT", field=field)
    if len(value) > LONGEST[field]:
        raise Refused(
            f"The {_named(field)} has {len(value)} characters; at most {LONGEST[field]} fit.",
            code="TOO_LONG",
            field=field,
        )
    if not value and field == "name":
        raise Refused("The name is missing.", code="MISSING", field=field)
    if value and field in _READERS:
        return _READERS[field](value)
    return value or None


def _named(field: str) -> str:
    return field.replace("_", " ")


def _trimmed(text: str, *, keep_lines: bool) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    if keep_lines:
        return _LINE_BREAK.sub("\n", text).strip()
    return " ".join(_RESIDUE.sub("", text).split())
