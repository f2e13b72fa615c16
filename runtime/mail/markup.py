"""Markup: the same mail as a simple page, made from its text and from nothing else.

Paragraphs, line breaks and web addresses that can be opened; each shows where it leads.
Everything else is letters: there are no pictures, no scripts, nothing is fetched, and
nobody learns that it was read.
"""

import html
import re
import unicodedata
from collections.abc import Sequence

_PAGE = (
    '<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head>'
    '<body style="font-family:sans-serif;font-size:15px;line-height:1.5;color:#222222">\n'
    "{}\n</body></html>\n"
)
_PARAGRAPH = '<p style="margin:0 0 1em">{}</p>'
_FOOTER = (
    '<p style="margin:2em 0 0;padding-top:1em;border-top:1px solid #dddddd;'
    'font-size:12px;color:#666666">{}</p>'
)
_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"“”„«»]+")
_AFTER_IT = ".,;:!?'\u2019"


def page(body: str, footer: Sequence[str]) -> str:
    """Return the words and the footer's lines as HTML; the former's lines end in LF alone."""
    paragraphs = [_PARAGRAPH.format(_lines(part)) for part in re.split(r"\n(?:[ \t]*\n)+", body)]
    return _PAGE.format("\n".join((*paragraphs, _FOOTER.format(_lines("\n".join(footer))))))


def _lines(text: str) -> str:
    return "<br>\n".join(map(_line, text.split("\n")))


def _line(text: str) -> str:
    pieces, end = [], 0
    for match in _WEB_ADDRESS.finditer(text):
        address = _trimmed(match[0])
        if any(unicodedata.category(letter).startswith("C") for letter in address):
            continue  # what cannot be seen must not lead anywhere
        pieces += [_letters(text[end : match.start()]), _link(address)]
        end = match.start() + len(address)
    return "".join((*pieces, _letters(text[end:])))


def _trimmed(address: str) -> str:
    """Return a web address without the punctuation of the sentence around it."""
    while address[-1] in _AFTER_IT or (address[-1] in ")]" and _unopened(address)):
        address = address[:-1]
    return address


def _unopened(address: str) -> bool:
    last = address[-1]
    return address.count(last) > address.count("(" if last == ")" else "[")


def _link(address: str) -> str:
    shown = html.escape(address)
    return f'<a href="{shown}">{shown}</a>'


def _letters(text: str) -> str:
    """Return text as HTML that shows it, blanks that stand in a row included."""
    return html.escape(text).replace("\t", "    ").replace("  ", "&nbsp; ")
