"""Fidelity: whether other words say no more than the rule's own.

A model that was asked for plainer words is believed in nothing else.  Each name, number and
sign of its answer must stand in the rule's title or reason, each number of the reason must
be kept, and no sentence may tell its reader to do something.  What cannot be seen from the
words, such as a "not" left out, a person sees: the rule's own words are shown beside them.
"""

import re
import unicodedata

from runtime.crm.research.sentences import split

LONGEST = 400
"""Characters."""
MOST_SENTENCES = 2

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_CLAUSE = re.compile(r"[;:(\u2013\u2014]\s*")
_NUMBER = re.compile(r"\d(?:[\d.,:/-]*\d)?")
_PLAIN = frozenset(" .,;:'\"\u201c\u201d()-\u2013\u2014")
"""Signs that any sentence may have."""

_NUMBERS = frozenset(
    _WORD.findall("""
    two three four five six seven eight nine ten eleven twelve dozen dozens twenty thirty forty
    fifty sixty seventy eighty ninety hundred hundreds thousand thousands million millions
    billion billions twice half quarter third percent
    """)
)
"""Words that are numbers.  "One" is also a pronoun."""

_OPENERS = frozenset(
    _WORD.findall("""
    a about after all also although an and another any anything as at because before both but by
    currently despite during even every everything following for from he her here his however if
    in it its last meanwhile more most neither no nobody none nothing now of on one only our
    people perhaps recently several she since so some somebody someone still that the their then
    there these they this those though to today until we what whatever when where whether which
    while who whoever with within without you your
    """)
)
"""Words that may begin a sentence without being a name or an order."""

_ORDERS = re.compile(
    r"""
    \b(?: please | must | should | shall | ought | let'?s | let\ us | make\ sure | be\ sure
      | (?:have|has|need|needs|want|wants)\ to | click | ignore | disregard | forward | transfer
      | pay | login | log\ in | sign\ in | download | visit | immediately | urgent | urgently
      | password | passwords | send | buy | give | tell | delete | cancel | approve | accept
      | dismiss )\b
    """,
    re.VERBOSE | re.IGNORECASE,
)


def fault(title: str, why: str, text: str) -> str | None:
    """Return what is wrong with other words for a finding, None if they may be shown.

    Says nothing of what was said: it is kept where nobody is forgotten.
    """
    title, why, text = map(_composed, (title, why, text))
    ours = f"{title} {why}"
    checks = (
        (not text.strip() or len(text) > LONGEST, "is empty or too long"),
        (len(split(text)) > MOST_SENTENCES, f"has more than {MOST_SENTENCES} sentences"),
        (_signs(text) - _signs(ours) - _PLAIN, "has signs that plain words do not need"),
        (_joined(text) - _joined(ours), "has a link or an address"),
        (_numbers(text) - _numbers(ours), "has a number that is not in the finding"),
        (_numbers(why) - _numbers(text), "leaves a number of the finding out"),
        (_names(text) - _words(ours), "has a name that is not in the finding"),
        (_begins(text) - _may_begin(title, why), "begins a sentence as an order would"),
        (_orders(text) - _orders(ours), "tells its reader to do something"),
    )
    return next((f"The wording {wrong}." for found, wrong in checks if found), None)


def _composed(text: str) -> str:
    """Return a text in which a letter and its accent are one, and an apostrophe is one sign."""
    return unicodedata.normalize("NFC", text).replace("\u2019", "'")


def _signs(text: str) -> set[str]:
    """Return what is neither a letter nor a figure; a line break is a sign too."""
    return {c for c in text if not (c.isalpha() or c.isdecimal())}


def _joined(text: str) -> set[str]:
    """Return the words with a dot, an @ or a slash in them, as addresses have."""
    words = (word.strip(".,;:!?'\"\u201c\u201d()\u2013\u2014-") for word in text.split())
    return {word.casefold() for word in words if re.search(r"[^\W\d]\S*[.@/:\\]\S*\w", word)}


def _numbers(text: str) -> set[str]:
    spelled = {word for word in _words(text) if word in _NUMBERS}
    return set(_NUMBER.findall(text)) | spelled


def _words(text: str) -> set[str]:
    return {_plainly(word) for word in _WORD.findall(text)}


def _plainly(word: str) -> str:
    """Return a word without its capitals, and somebody's name without what is theirs."""
    return re.sub(r"'s?$", "", word.casefold())


def _names(text: str) -> set[str]:
    """Return the words that are written as names are: with a capital, or in a script without.

    The first of a sentence has a capital anyway; it is looked at by itself.
    """
    found = (match[0] for sentence in split(text) for match in list(_WORD.finditer(sentence))[1:])
    return {_plainly(word) for word in found if word != word.lower() or not _has_case(word)}


def _has_case(word: str) -> bool:
    return word.lower() != word.upper()


def _begins(text: str) -> set[str]:
    """Return the first word of each clause that signs set apart."""
    clauses = (clause for sentence in split(text) for clause in _CLAUSE.split(sentence))
    return {_plainly(first[0]) for clause in clauses if (first := _WORD.search(clause))}


def _may_begin(title: str, why: str) -> frozenset[str]:
    """Return the words that a clause may begin with: names, and words that order nothing.

    A title begins with what is to be done; that would be an order of the reason's.
    """
    names = [word for word in _WORD.findall(title)[1:] + _WORD.findall(why) if word[0].isupper()]
    return _OPENERS | set(map(_plainly, names))


def _orders(text: str) -> set[str]:
    return {found.casefold() for found in _ORDERS.findall(text)}
