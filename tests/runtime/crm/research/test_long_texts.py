"""A text made to be slow to read is read as fast as any other of its length."""

import time
from collections.abc import Callable

import pytest

from runtime.crm.research import facts, orders
from runtime.crm.research.facts import Source
from runtime.crm.research.sentences import split
from runtime.models import Fact, FactSource, new_id
from tests.house import House

LENGTH = 50_000
"""Characters: as many as a reply may have."""
ENOUGH = 2.0
"""Seconds, many times what it takes; in the square of its length it would take a minute."""
PATTERNS = ("a", "a.", "a-", "+1", "a.b+c-", "A. ", "Mr. Mr. ", "A. B. ", "ai ", "send to all ")


def seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("read", [split, orders.has_link, orders.is_order])
def test_reading_takes_no_longer_than_the_length_asks_for(
    read: Callable[[str], object], pattern: str
) -> None:
    text = (pattern * LENGTH)[:LENGTH]

    assert seconds(lambda: read(text)) < ENOUGH


def test_a_reply_of_thousands_of_sentences_is_kept_in_no_time(house: House) -> None:
    contact = house.a_contact()
    source = Source(FactSource.REPLY, new_id(), "We like tea, no. 1. " * (LENGTH // 20))
    with house.tx() as tx:
        took = seconds(
            lambda: facts.keep(tx, contact, source, split(source.text), found_by="rules")
        )

    assert took < ENOUGH
    assert len(house.all(Fact)) <= facts.MOST_OF_A_SOURCE


def test_initials_and_titles_end_no_sentence() -> None:
    assert split("Dr. A. B. Zobel came. She stayed. We met J.R. Ewing.") == [
        "Dr. A. B. Zobel came.",
        "She stayed.",
        "We met J.R. Ewing.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        *("Write to a.b+c@acme.example.org today", "See acme.io/pay", "x-y.dev/ is new"),
        *("www.acme.example", "Call +49 170 1234567", "[here](x)"),
    ],
)
def test_an_address_is_seen_wherever_it_stands(text: str) -> None:
    assert orders.has_link(text)


@pytest.mark.parametrize("text", ["Acme @ the fair.", "Acme.com is a company.", "3+4 is 7"])
def test_what_leads_nowhere_is_no_address(text: str) -> None:
    assert not orders.has_link(text)
