"""Footer: what stands under every mail; code puts it there, no writer and no person.

It says how to get no more mail, who writes and from where.  A draft has none: a person
approves the words, and sees the footer under them in the preview.  What somebody pasted
with the words is taken off again, so that a mail never has two.
"""

import re
from collections.abc import Sequence

_SENTENCE = "To get no more mail from us, "
_BY_LINK = f"{_SENTENCE}open this page: "
_BY_ANSWER = f"{_SENTENCE}answer with “unsubscribe”."

# Mail programs know this line: they show what follows it in grey, and leave it out of answers.
_SEPARATOR = "-- "
_PASTED = re.compile(
    rf"(?:^[ \t]*--[ \t]*\n)?^[ \t]*(?:{re.escape(_BY_LINK.rstrip())}|{re.escape(_BY_ANSWER)})"
    r"[^\n]*(?:\n[ \t]*[^\s][^\n]*)*",
    re.MULTILINE,
)


def lines(*, link: str | None, sender: str, address: str | None) -> list[str]:
    """Return a footer's lines; without a ``link`` it asks for an answer."""
    how = f"{_BY_LINK}{link}" if link else _BY_ANSWER
    return [how, sender, *(address or "").splitlines()]


def under(body: str, footer: Sequence[str]) -> str:
    """Return the text of a mail: the words, and the footer under them."""
    return "\n".join((f"{body}\n", _SEPARATOR, *footer))


def without(body: str) -> str:
    """Return the words alone, in one line-end convention, without a footer of ours."""
    return _PASTED.sub("", body.replace("\r\n", "\n").replace("\r", "\n")).strip()


def says_how_to_unsubscribe(text: str) -> bool:
    """Tell whether a mail's text has the sentence that every footer begins with."""
    return _SENTENCE in text
