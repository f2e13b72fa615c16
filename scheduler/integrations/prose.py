"""Prose: what every finished text is checked for, whoever wrote it.

A writer is believed in nothing but words: no line break in a subject, no field left
unfilled, no link that our own people did not give.  What cannot be seen is cut out
first, as hidden characters carry hidden text.
"""

import re
import unicodedata
from dataclasses import dataclass

from runtime import headers
from runtime.errors import in_a_line
from scheduler.integrations import Brief

_LONGEST_SUBJECT = 200
_LONGEST_BODY = 20_000

_HIDDEN = re.compile(
    "[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_UNFILLED = re.compile(
    r"""
    \{\{?[^{}\n]{1,60}\}\}?                     # {{company}}, {name}, ${name}
    | <<[^<>\n]{1,60}>>                         # <<Name>>
    | <[A-Za-z][\w ]{0,30}(name|company|title|date|link)>   # <first name>
    | \*\|[^|\n]{1,40}\|\*                      # *|FNAME|*
    | %%?[A-Z][A-Z_]{2,30}%%?                   # %FIRST_NAME%
    | \[(?!(she|he|they)\b)[A-Za-z][^\[\]\n@]{0,60}\](?!\()   # [Name], [your title]
    | \bX{4,8}\b | \bLorem\ ipsum\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"')\]]+"
    r"|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|net|org|io|co|ai|app|dev|de|uk|eu|ru|cn|info|link)/\S+"
    r"|<\s*(?:a|img|script|iframe)\b|\]\(",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text must not be shown: a code and a sentence for a person."""

    code: str
    message: str


def visible(text: str) -> str:
    """Return the text in one line-end convention, without what no reader would see."""
    lines = _HIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = (c for c in lines if c in "\n\t" or unicodedata.category(c) != "Cc")
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def fault(subject: str, body: str, brief: Brief) -> Fault | None:
    """Return what is wrong with a finished text, None when it may be shown."""
    if not subject or not body:
        return Fault("WRITER_EMPTY", "The writer returned no subject or no text.")
    if wrong := headers.fault(subject):
        return Fault("WRITER_MALFORMED", f"The writer returned a subject that {wrong}.")
    if len(subject) > _LONGEST_SUBJECT or len(body) > _LONGEST_BODY:
        return Fault("WRITER_MALFORMED", "The writer returned a text too long for a mail.")
    if unfilled := _UNFILLED.search(f"{subject}\n{body}"):
        return Fault(
            "WRITER_PLACEHOLDER",
            f"The text has a field that nobody filled in: {in_a_line(unfilled[0], 60)}",
        )
    if _invented_link(f"{subject}\n{body}", brief):
        return Fault(
            "WRITER_LINK", "The text has a link that is not in the instruction or signature."
        )
    return None


def _invented_link(text: str, brief: Brief) -> bool:
    """Only our own people's words may bring links; the contact's data may not."""
    ours = [brief.instruction, brief.signature, brief.feedback, brief.tone, *(brief.current or ())]
    ours += [mail.body for mail in brief.previous]
    given = {_bare(word) for part in ours if part for word in re.split(r"[\s<>\"'()\[\]]+", part)}
    return any(_bare(link[0]) not in given for link in _LINK.finditer(text))


def _bare(link: str) -> str:
    """Return what two spellings of one address have in common."""
    return re.sub(r"^(https?://)?(www\.)?", "", link.lower()).rstrip("/.,;:!?")
