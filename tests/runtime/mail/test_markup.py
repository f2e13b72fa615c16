"""The page of a mail says what its text says, and does nothing else."""

from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from runtime.mail.markup import page

_TAGS = {"html", "head", "meta", "body", "p", "br", "a"}


class Reader(HTMLParser):
    """Reads a page as a person does, and notes all that could act."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words, self.links, self.open = "", dict[str, str](), ""
        self.acts: list[Any] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a":
            self.open = given.pop("href", "") or ""
            self.links[self.open] = ""
        given.pop("style", None)
        given.pop("charset", None)
        self.words += " " if tag in {"br", "p"} else ""
        if tag not in _TAGS or given:
            self.acts.append((tag, given))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self.open = ""

    def handle_data(self, data: str) -> None:
        self.words += data
        if self.open:
            self.links[self.open] += data


def links(text: str) -> list[str]:
    return list(Reader(page(text, ["Ada"])).links)


@example("<script>alert(1)</script>", "<img src=https://evil.test/x.png>")
@example("https://house.test/?a=1&b='><b>", "\"https://house.test\" onclick='x'")
@example("javascript:alert(1)", "data:text/html,x http://a http:// https://\u202egro.evil")
@given(st.text(), st.text())
def test_any_words_are_shown_as_they_are_and_none_of_them_acts(body: str, below: str) -> None:
    shown = Reader(page(body, [below]))

    assert shown.acts == []
    assert shown.words.split() == f"{body}\n{below}".split()
    for target, words in shown.links.items():
        assert target == words
        assert target.startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("See https://house.test/a?b=1&c=2.", ["https://house.test/a?b=1&c=2"]),
        ("(https://house.test/a_(b)), or", ["https://house.test/a_(b)"]),
        ("“https://house.test” and http://x.test!", ["https://house.test", "http://x.test"]),
        ("ftp://house.test mailto:a@house.test javascript:x www.house.test", []),
        ("https://house.test/\u200bx", []),
        ("https://\u202egro.evil", []),
    ],
)
def test_only_web_addresses_can_be_opened(text: str, found: list[str]) -> None:
    assert links(text) == found


def test_paragraphs_and_lines_are_those_of_the_text() -> None:
    shown = page("Hello Ada,\n\nfirst\nsecond\n \nBest", ["Stop", "House"])

    assert shown.count("<p ") == 4
    assert "first<br>\nsecond" in shown
    assert "Stop<br>\nHouse" in shown


def test_nothing_is_fetched_from_anywhere() -> None:
    shown = page("Hello https://house.test", ["Ada"]).lower()

    for fetching in ("src", "url(", "<link", "<img", "@import", "<script", "background"):
        assert fetching not in shown
