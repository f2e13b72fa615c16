"""Pages: an answer of the web as text that a person could have read there."""

import re

import inscriptis
from lxml import html
from lxml.etree import ParserError

from runtime.errors import Reject
from scheduler.integrations.prose import visible
from scheduler.integrations.web import Page
from scheduler.integrations.web.asking import Answer

LONGEST_TEXT = 20_000
"""Characters kept of a page; what is told beyond them is told to nobody."""

_READABLE = ("text/html", "application/xhtml+xml", "text/plain")
_CHARSET = re.compile(r"charset=[\"']?([\w-]{1,40})", re.IGNORECASE)
_UNSEEN = ("script", "style", "noscript", "template", "iframe", "svg", "form", "head")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0", re.IGNORECASE)


def page(url: str, answer: Answer) -> Page:
    """Return what a page says; Reject if it is of a kind that says nothing in words."""
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _READABLE:
        raise Reject(f"The page is {kind or 'of no kind'}, not text.", code="PAGE_NOT_TEXT")
    source = _decoded(answer)
    if kind == "text/plain":
        return Page(url, "", _bounded(source))
    return _of_html(url, source)


def _of_html(url: str, source: str) -> Page:
    try:
        tree = html.document_fromstring(source, parser=html.HTMLParser(no_network=True))
    except (ParserError, ValueError):
        raise Reject("The page holds no text.", code="PAGE_NOT_TEXT") from None
    title = " ".join((tree.findtext(".//title") or "").split())[:200]
    for element in list(tree.iter(html.etree.Element)):
        # What no reader sees is where words for machines are put.
        if element.tag in _UNSEEN or _is_hidden(element):
            element.drop_tree()
    return Page(url, visible(title), _bounded(inscriptis.Inscriptis(tree).get_text()))


def _is_hidden(element: html.HtmlElement) -> bool:
    hidden = element.get("hidden") is not None or element.get("aria-hidden") == "true"
    return hidden or bool(_HIDDEN.search(element.get("style") or ""))


def _decoded(answer: Answer) -> str:
    named = _CHARSET.search(answer.headers.get("content-type", "")) or _CHARSET.search(
        answer.body[:2_000].decode("ascii", "replace")
    )
    try:
        return answer.body.decode(named[1] if named else "utf-8", "replace")
    except LookupError:
        return answer.body.decode("utf-8", "replace")


def _bounded(text: str) -> str:
    lines = (" ".join(line.split()) for line in visible(text).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()[:LONGEST_TEXT]
