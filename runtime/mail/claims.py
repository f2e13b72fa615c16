"""Claims: what in a sentence can be true or false of the world, found by plain marks.

Figures with their units, how long ago, and proper names.  Two texts are compared by these, and
by the stems of their other words.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from runtime.mail.plain_words import CAPITALS, COUNTS, NO_NAMES, STOP

_WORD = re.compile(r"[^\W_]+(?:['&-][^\W_]+)*")
_FIGURE = re.compile(
    r"([€$£¥])?\s?(\d+(?:[.,:/']\d+)*)\s?"
    r"(%|(?:percent|per\ cent|prozent|eur|usd|gbp|chf|[kmx]|bn)\b|[€$£¥])?",
    re.IGNORECASE,
)
_UNITS = {"percent": "%", "per cent": "%", "prozent": "%", "eur": "€", "usd": "$", "gbp": "£"}
_SINCE = re.compile(
    r"\b(recently|yesterday|(?:last|past|this) (?:week|month|quarter|year|summer|winter))\b"
)
_STARTS = re.compile(r"(?:^[-*•\s]*|[.!?:\u2026][\"')\]]*\s+|[\"(\[]\s*)$")
_GERMAN = re.compile(r"\b(?:und|der|die|das|ist|wir|Sie|Ihnen|für|mit|ein|eine|nicht|im|von|zu)\b")

_ASK = re.compile(
    r"\?[\"')\]]*$|^(?:please|let me know|feel free|just reply|reply|if|would|could|can|may|shall"
    r"|happy to|looking forward|thank|i would|i'd|i could|i can|we could|we can)\b"
)
_TIMES = re.compile(
    r"\b\d{1,3}(?:\s?-\s?|\s)?(?:minutes?|mins?|min|hours?)\b|\b\d{1,2}:\d\d\b|\b\d{1,2}\s?(?:am|pm)\b"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:this|next) (?:week|month)\b"
    r"|\b(?:half an hour|ten minutes|five minutes)\b",
    re.IGNORECASE,
)


def plain(text: str) -> str:
    """Return a text on one line, with plain quotes, as two spellings of it compare."""
    even = unicodedata.normalize("NFKC", text.translate(_QUOTES))
    seen = (" " if c in "\n\t\r" else c for c in even)
    kept = (c for c in seen if unicodedata.category(c) not in ("Cf", "Cc", "Cs"))
    return " ".join("".join(kept).split())


def words(text: str) -> list[str]:
    """Return the words of a text in their order, in one case."""
    return [word.casefold() for word in _WORD.findall(plain(text))]


def stems(texts: Iterable[str]) -> frozenset[str]:
    """Return what the words that matter in these texts have in common with their other forms."""
    found = (word for text in texts for word in words(text))
    return frozenset(_stem(word) for word in found if word not in STOP and len(word) > 2)


def all_stems(texts: Iterable[str]) -> frozenset[str]:
    """Return the same of every word, as any may be part of a name."""
    return frozenset(_stem(word) for text in texts for word in words(text))


def figures(texts: Iterable[str]) -> frozenset[str]:
    """Return the numbers of these texts with their units, in one spelling, and how long ago."""
    return frozenset(figure for text in texts for figure in _figures(plain(text)))


def timeless(sentence: str) -> str:
    """Return a sentence without the times that it proposes, if it asks or offers something."""
    text = plain(sentence)
    return _TIMES.sub(" ", text) if _ASK.search(text.casefold()) else text


def names(sentence: str) -> frozenset[str]:
    """Return the stems of the proper names in a sentence: words written large within it."""
    text = plain(sentence)
    german = len(_GERMAN.findall(text)) > 1
    return frozenset(_stem(word.casefold()) for word in _large(text, german=german))


_QUOTES = {ord(c): "'" for c in "\u2018\u2019\u201a\u2032"} | {ord(c): '"' for c in "“”„«»"}


def _figures(text: str) -> Iterator[str]:
    lowered = text.casefold()
    for before, number, after in _FIGURE.findall(lowered):
        unit = before or _UNITS.get(after, after)
        yield _number(number) + unit
    yield from _SINCE.findall(lowered)
    for word in _WORD.findall(lowered):
        if word in COUNTS:
            yield COUNTS[word]


def _number(text: str) -> str:
    whole = re.sub(r"[.,'](?=\d{3}(?!\d))", "", text).replace(",", ".")
    return whole.lstrip("0") or "0"


def _large(text: str, *, german: bool) -> Iterator[str]:
    found = list(_WORD.finditer(text))
    for match, after in zip_longest(found, found[1:]):
        word = match[0].removesuffix("'s")
        shouted = sum(map(str.isupper, word)) > 1
        if not word[0].isupper() or word in CAPITALS or (german and not shouted):
            continue
        if shouted or not _STARTS.search(text[: match.start()]) or _is_first_name(match, after):
            yield word


def _is_first_name(match: re.Match[str], after: re.Match[str] | None) -> bool:
    """Tell whether the word that begins a sentence is large for another reason too."""
    if after is None or after.start() != match.end() + 1 or after[0] in CAPITALS:
        return False
    return after[0][0].isupper() and match[0].casefold() not in STOP | NO_NAMES


def _stem(word: str) -> str:
    word = word.removesuffix("'s")
    for ending in ("ings", "ing", "edly", "ed", "ies", "es", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending)
            break
    return word.removesuffix("e") if len(word) > 4 else word
