"""Basis: the words in which it is said what a draft's sentences rest on, and may rest on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from runtime.mail import claims


class SentenceBasis(StrEnum):
    """What a sentence of a draft rests on."""

    FACT = "FACT"
    ORDER = "ORDER"
    PERSON = "PERSON"
    COURTESY = "COURTESY"
    UNSUPPORTED = "UNSUPPORTED"


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence, its basis, and the ids of the facts it rests on."""

    text: str
    basis: SentenceBasis
    facts: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return it as a draft keeps it."""
        return {"text": self.text, "basis": self.basis.value, "facts": list(self.facts)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Judged":
        """Return one as a draft kept it."""
        return cls(kept["text"], SentenceBasis(kept["basis"]), tuple(kept["facts"]))


@dataclass(frozen=True)
class Grounds:
    """What a text may rest on.

    ``order``: our own people's words and our earlier mails; ``whom``: name and company of the
    contact, ``also``: what else a column says of them.  ``facts``: by id, the texts of each that
    its writer was told and that holds.  ``citations``: a sentence and the ids it claims.
    ``signature``: rests on itself; its numbers are no grounds for another sentence.
    """

    order: tuple[str, ...] = ()
    signature: str = ""
    whom: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    citations: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @cached_property
    def ours(self) -> "Known":
        """What is known without any fact."""
        return Known((*self.order, *self.whom, *self.also))

    def with_facts(self, ids: Iterable[str]) -> "Known":
        """Return what is known with these facts."""
        return Known((*self.ours.texts, *(text for id_ in ids for text in self.facts[id_])))


@dataclass(frozen=True)
class Known:
    """Texts, and what of a sentence can be found in them."""

    texts: tuple[str, ...]

    @cached_property
    def stems(self) -> frozenset[str]:
        """What those of their words that matter have in common with other forms."""
        return claims.stems(self.texts)

    @cached_property
    def names(self) -> frozenset[str]:
        """What may stand here as part of a name."""
        return claims.all_stems(self.texts)

    @cached_property
    def figures(self) -> frozenset[str]:
        """Their figures."""
        return claims.figures(self.texts)

    @cached_property
    def spelled(self) -> str:
        """Their words in their order."""
        return "\0".join(f" {' '.join(claims.words(text))} " for text in self.texts)

    def covers(self, sentence: str) -> bool:
        """Tell whether all figures and names of a sentence stand here."""
        asked = claims.timeless(sentence)
        return claims.figures([asked]) <= self.figures and claims.names(asked) <= self.names

    def says(self, phrase: str) -> bool:
        """Tell whether a phrase stands here word for word."""
        return f" {' '.join(claims.words(phrase))} " in self.spelled
