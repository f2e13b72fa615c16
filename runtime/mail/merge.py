"""Merge: fields such as {{first_name}} that people write into instructions, signatures and drafts.

They become words before anybody approves them.  A field without a value is refused, never
left out: a gap in a sentence is noticed by its reader alone.
"""

import re
from collections.abc import Mapping

from runtime.crm.contact_fields import clean
from runtime.errors import Refused, in_a_line
from runtime.models import Contact

Values = Mapping[str, str | None]

_FIELD = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_NAMES = ("name", "first_name", "company", "title", "sender")
_NO_FIRST_NAME = frozenset(
    {
        *("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "dame", "rev"),
        *("herr", "frau", "mme", "mlle", "monsieur", "madame", "señor", "señora", "sr", "sra"),
    }
)
# What a stranger wrote about a contact must not become a link or another field of ours.
_MORE_THAN_WORDS = re.compile(r"://|\bwww\.|[{}<>]", re.IGNORECASE)


def values(contact: Contact, *, sender: str) -> dict[str, str | None]:
    """Return what each field stands for in a mail to this contact; None for what is not known."""
    name = _words("name", contact.name)
    return {
        "name": name,
        "first_name": _first_name(name),
        "company": _words("company", contact.company),
        "title": _words("title", contact.title),
        "sender": sender,
    }


def resolved(text: str, known: Values, *, field: str) -> str:
    """Return a text with its fields filled in.

    Raises Refused (MERGE_FIELD), which names ``field`` and the way out, if one has no value.
    """
    return _FIELD.sub(lambda match: _value(match, known, field), text)


def refuse_unknown(text: str, *, field: str) -> None:
    """Raise Refused (MERGE_FIELD) if a text has a field that there is not."""
    resolved(text, dict.fromkeys(_NAMES, "x"), field=field)


def _value(match: re.Match[str], known: Values, field: str) -> str:
    name = re.sub(r"[\s_-]+", "_", match[1].strip().lower())
    if name not in known:
        said = in_a_line(match[0], 60)
        listed = ", ".join(f"{{{{{each}}}}}" for each in _NAMES)
        raise _refused(f"There is no field {said}. Use one of {listed}, or words.", field)
    if (value := known[name]) is None:
        raise _refused(
            f"{{{{{name}}}}} has no value for this contact. Add it to the contact, or write the "
            "text without the field.",
            field,
        )
    return value


def _words(field: str, text: str | None) -> str | None:
    try:
        value = clean(field, text)
    except Refused:
        return None
    return None if value and _MORE_THAN_WORDS.search(value) else value


def _first_name(name: str | None) -> str | None:
    """Return the first word of a name, unless it is none: "Dr. Hopper", "Hopper, Grace"."""
    first = (name or "").split(" ")[0]
    if not first or "," in (name or "") or "@" in first or first.endswith("."):
        return None
    return None if first.lower() in _NO_FIRST_NAME else first


def _refused(message: str, field: str) -> Refused:
    return Refused(message, code="MERGE_FIELD", field=field)
