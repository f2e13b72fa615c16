"""Addressed: the addresses of a mail that came in, and the tokens in those that are ours."""

import re
from collections.abc import Iterable, Iterator, Mapping
from email.utils import getaddresses
from itertools import chain, islice
from typing import Any, NamedTuple

from runtime.crm.addresses import normalise
from runtime.errors import Refused
from runtime.mail.tokens import REPLY, UNSUBSCRIBE

MOST = 50
"""Addresses of one mail that are looked at."""
_LONGEST = 2_000
_OURS = re.compile(rf"({REPLY}|{UNSUBSCRIBE})\+([a-z2-7]{{20,60}})@", re.IGNORECASE)


class Token(NamedTuple):
    """A token as it stands in an address of ours, and what that address is for."""

    purpose: str
    text: str


def all_of(data: Mapping[str, Any]) -> list[str]:
    """Return whatever stands where a mail's recipients do, the envelope's first."""
    fields = ("received_for", "to", "cc", "bcc")
    return [text for field in fields for text in _texts(data.get(field))][:MOST]


def tokens(addresses: Iterable[str]) -> tuple[Token, ...]:
    """Return the tokens in these addresses, each once."""
    found = (match for text in addresses for match in _OURS.finditer(text[:_LONGEST]))
    return tuple(dict.fromkeys(Token(m[1].lower(), m[2].lower()) for m in found))


def normalised(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the well-formed addresses among these, each in its one spelling, each once."""
    return tuple(dict.fromkeys(_each(texts)))[:MOST]


def _each(texts: Iterable[str]) -> Iterator[str]:
    pairs = chain.from_iterable(_pairs(text) for text in islice(texts, MOST))
    for _, address in islice(pairs, MOST):
        try:
            yield normalise(address)
        except Refused:
            continue


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return getaddresses([text[:_LONGEST]])
    except RecursionError:  # the standard library's reader calls itself for each of some signs
        return []


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, str)]
