"""Plain: the words of an HTML mail, with what it quotes marked as mail programs mark it.

A scanner, not a parser: a text that is only read by rules needs no tree, and this one
looks at each character a few times, whatever a stranger sends.  The standard library's
parser takes minutes over some inputs of the same size.
"""

import html
import re

_TAG = re.compile(r"</?([a-z][a-z0-9]{0,15})")
_LINES = (
    "address article aside br center dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 "
    "header hr li main nav ol p pre section table td th tr ul"
)
_BLOCKS = frozenset(_LINES.split())
_UNSEEN = frozenset({"head", "script", "style", "template", "title"})
_QUOTE = "blockquote"
_DEEPEST = 20


def text(source: str) -> str:
    """Return what a reader would see, line by line; lines of a quotation begin with ``>``."""
    words, end = _Words(), len(source)
    # Letters whose small form is longer than themselves would put every place out by one.
    lowered = source.lower() if len(source.lower()) == end else source
    at = 0
    while at < end:
        begin = source.find("<", at)
        words.say(source[at : begin if begin >= 0 else end])
        at = _past(lowered, begin, words) if begin >= 0 else end
    return words.text()


def _past(lowered: str, begin: int, words: "_Words") -> int:
    """Return where to go on behind the ``<`` at ``begin``; the end if it is never closed."""
    if lowered.startswith("<!--", begin):
        return _found(lowered, "-->", begin + 4)
    name = _name(lowered, begin)
    if not name:
        words.say("<")
        return begin + 1
    closing = lowered[begin + 1] == "/"
    if name in _UNSEEN and not closing:
        return _found(lowered, ">", _found(lowered, f"</{name}", begin))
    if name == _QUOTE:
        words.quote(-1 if closing else 1)
    elif name in _BLOCKS:
        words.end_line()
    return _found(lowered, ">", begin + 1)


def _name(lowered: str, begin: int) -> str:
    """Return the name of the tag that begins here, ``!`` for a declaration, "" for no tag."""
    if lowered[begin + 1 : begin + 2] in {"!", "?"}:
        return "!"
    found = _TAG.match(lowered, begin)
    return found[1] if found else ""


def _found(lowered: str, what: str, start: int) -> int:
    place = lowered.find(what, start)
    return place + len(what) if place >= 0 else len(lowered)


class _Words:
    """The lines so far, and the one that is being said."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._depth = 0

    def say(self, words: str) -> None:
        self._line.append(words)

    def quote(self, deeper: int) -> None:
        self.end_line()
        self._depth = max(0, min(self._depth + deeper, _DEEPEST))

    def end_line(self) -> None:
        said = " ".join(html.unescape("".join(self._line)).split())
        self._line = []
        if said or (self._lines and self._lines[-1]):
            self._lines.append(f"{'>' * self._depth} {said}" if self._depth and said else said)

    def text(self) -> str:
        self.end_line()
        return "\n".join(self._lines).strip()
