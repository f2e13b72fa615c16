"""Headers: what may stand in one line of a mail's head, a subject, a name or an address.

A line break is a second header, a bidirectional control shows other words than those that
stand there, an encoded word (``=?utf-8?q?...?=``) becomes whatever it hides, a line break
too.  People are told which of them it is; the mailer refuses the same.
"""

import re
import unicodedata

_LINE_BREAKS = frozenset("\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029")
_TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Persian words and joined emoji are spelled with these two.
_JOINERS = frozenset("\u200c\u200d")
_ENCODED_WORD = re.compile(r"=\?[^?]*\?[A-Za-z]\?")


def fault(value: str) -> str | None:
    """Return what is wrong with a header's value, to be read after its name; None if nothing is."""
    for character in value:
        if said := _fault_of(character):
            return f"contains {said} (U+{ord(character):04X}); take it out"
    if _ENCODED_WORD.search(value):
        return "contains an encoded word (=?…?=); write it in plain letters"
    return None


def _fault_of(character: str) -> str | None:
    if " " <= character <= "~":
        return None
    if character in _LINE_BREAKS:
        return "a line break"
    if character in _TURNS:
        return "a character that changes the direction of the words"
    category = unicodedata.category(character)
    if category in {"Cc", "Cs"}:
        return "a control character"
    return "an invisible character" if category == "Cf" and character not in _JOINERS else None
