"""Grounding: what each sentence of a text rests on, told by comparing words.

A citation is believed only of a fact that the writer was told and that speaks of what the
sentence does, figure by figure and name by name.  What nobody gave is marked, so that a
person looks there first.  Nothing here reads a row, and the same gives the same.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from runtime.crm.research.sentences import split
from runtime.mail import assertions, claims
from runtime.mail.basis import Grounds, Judged, Known, SentenceBasis

ENOUGH, ENOUGH_OF_READER = 0.6, 0.8
"""Share of a sentence's words that must be ours; more where it speaks of its reader."""

SHORTEST_CITED = 12
"""Characters of a part of a sentence that a writer may cite instead of the whole."""

_GREETING = re.compile(
    r"(?:hello|hi|hey|dear|good (?:morning|afternoon|day|evening)|hallo|guten (?:tag|morgen)"
    r"|sehr geehrte[r]?|liebe[r]?|bonjour|hola|buenos d[ií]as|estimad[oa])\b"
    r"(?P<whom>[^,!.:;?]*)[,!.:]?",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"(?:(?:with )?(?:best|kind|warm|many)(?: (?:regards|wishes|thanks))?|regards|sincerely|cheers"
    r"|yours (?:sincerely|truly|faithfully)|thanks?|thank you|mit freundlichen gr[uü](?:ß|ss)en"
    r"|(?:viele|beste|liebe) gr[uü](?:ß|ss)e|cordialement|saludos|un saludo)[,.!]?",
    re.IGNORECASE,
)
_BULLET = re.compile(r"\s*(?:[-*•]|\d{1,2}[.)])\s+\S")
_ADDRESSED = frozenset(
    ("mr", "mrs", "ms", "dr", "prof", "sir", "madam", "all", "team", "everyone", "there", "again")
)


def of(body: str, grounds: Grounds, *, before: Sequence[Judged] = ()) -> list[Judged]:
    """Return the sentences of a writer's text; ``before``: those of the version it revises.

    What a person wrote there stays theirs, and what was cited there may be cited again.
    """
    again = tuple((s.text, s.facts) for s in before if s.basis is SentenceBasis.FACT)
    known = replace(grounds, citations=(*grounds.citations, *again))
    kept = {claims.plain(s.text): s for s in before if s.basis is SentenceBasis.PERSON}
    return [
        kept.get(claims.plain(sentence)) or judged(sentence, known) for sentence in sentences(body)
    ]


def edited(body: str, grounds: Grounds, *, was: str, before: Sequence[Judged]) -> list[Judged]:
    """Return the sentences of a text that a person made of another: theirs, but for the old ones.

    ``was``: the text before; ``before``: its sentences, none if they were never judged.
    """
    kept = {claims.plain(old): judged(old, grounds) for old in sentences(was)}
    kept |= {claims.plain(old.text): old for old in before}
    return [
        kept.get(claims.plain(each)) or Judged(each, SentenceBasis.PERSON)
        for each in sentences(body)
    ]


def sentences(body: str) -> list[str]:
    """Return the sentences of a body; a greeting, a closing and an item of a list stand alone."""
    apart = [f"\n{line}\n" if _stands_alone(line) else line for line in body.split("\n")]
    return split("\n".join(apart))


def judged(sentence: str, grounds: Grounds) -> Judged:
    """Return a sentence with its basis: the best that it has."""
    if _greets(sentence, grounds) or _CLOSING.fullmatch(sentence.strip()):
        return Judged(sentence, SentenceBasis.COURTESY)
    if ids := _facts(sentence, grounds):
        return Judged(sentence, SentenceBasis.FACT, ids)
    if Known((grounds.signature,)).says(sentence) or _is_ordered(sentence, grounds):
        return Judged(sentence, SentenceBasis.ORDER)
    claimed = not grounds.ours.covers(sentence) or _asserts(sentence, grounds, grounds.ours)
    return Judged(sentence, SentenceBasis.UNSUPPORTED if claimed else SentenceBasis.COURTESY)


def _stands_alone(line: str) -> bool:
    text = line.strip()
    return any(p.fullmatch(text) for p in (_GREETING, _CLOSING)) or bool(_BULLET.match(line))


def _greets(sentence: str, grounds: Grounds) -> bool:
    """Tell whether a sentence only greets: a claim does not hide behind a hello."""
    greeting = _GREETING.fullmatch(sentence.strip())
    if greeting is None:
        return False
    called = claims.words(greeting["whom"])
    return grounds.ours.says(greeting["whom"]) or all(
        word in _ADDRESSED or grounds.ours.says(word) for word in called
    )


def _facts(sentence: str, grounds: Grounds) -> tuple[str, ...]:
    """Return the facts that a sentence rests on; none unless they carry all of its figures."""
    ids = [id_ for id_ in _cited(sentence, grounds) if _speaks_of(sentence, id_, grounds)]
    return tuple(ids) if ids and grounds.with_facts(ids).covers(sentence) else ()


def _cited(sentence: str, grounds: Grounds) -> list[str]:
    said = claims.plain(sentence)
    ids = [id_ for text, cited in grounds.citations if _is_about(text, said) for id_ in cited]
    ids += [id_ for id_, texts in grounds.facts.items() if _quotes(said, texts)]
    return [id_ for id_ in dict.fromkeys(ids) if id_ in grounds.facts]


def _is_about(cited: str, said: str) -> bool:
    cited = claims.plain(cited)
    return said in cited or (len(cited) >= SHORTEST_CITED and cited in said)


def _quotes(said: str, texts: Iterable[str]) -> bool:
    return any(len(text) >= SHORTEST_CITED and claims.plain(text) in said for text in texts)


def _speaks_of(sentence: str, id_: str, grounds: Grounds) -> bool:
    """Tell whether a fact and a sentence share more than whom they are about."""
    texts = grounds.facts[id_]
    shared = claims.stems([sentence]) & claims.stems(texts) - claims.stems(grounds.whom)
    return bool(shared or claims.figures([sentence]) & claims.figures(texts))


def _is_ordered(sentence: str, grounds: Grounds) -> bool:
    ours, matter = grounds.ours, claims.stems([sentence])
    if not ours.covers(sentence):
        return False
    if ours.says(sentence):
        return True
    wanted = ENOUGH_OF_READER if _asserts(sentence, grounds, ours) else ENOUGH
    return bool(matter) and len(matter & ours.stems) >= wanted * len(matter)


def _asserts(sentence: str, grounds: Grounds, known: Known) -> bool:
    """Tell whether a sentence says something of its reader, or of us, in words nobody gave."""
    return any(not known.says(said) for said in assertions.of(sentence, grounds.whom))
