"""Phrases: how the template writer turns orders into sentences.

Every function takes words as people typed them and returns words fit for a mail.
"""

import re
from datetime import datetime

from runtime.crm.research.sentences import split
from runtime.errors import Reject
from runtime.models import FactSource
from scheduler.integrations import Brief, Citation, KnownFact
from scheduler.integrations.prose import Fault, fault, visible

_DEEDS = (
    "announce|arrange|ask|book|check|congratulate|discuss|explain|find out|introduce|invite|learn"
    "|offer|point|present|propose|remind|request|schedule|set up|share|show|suggest|talk|tell|thank"
)
_DEED = re.compile(rf"(?:please\s+)?({_DEEDS})\b\s*(.*)", re.IGNORECASE | re.DOTALL)
_ERRAND = (
    r"(?:please\s+)?(?:write|reach out|contact|e-?mail|send|follow up|get in touch|draft"
    r"|come back|answer|reply)\b.{0,80}?"
)
_ABOUT = re.compile(
    rf"{_ERRAND}\b(?:about|regarding|concerning|on)\s+(.+)", re.IGNORECASE | re.DOTALL
)
_TO = re.compile(rf"{_ERRAND}\bto\s+((?:{_DEEDS})\b.+)", re.IGNORECASE | re.DOTALL)
_ADD = re.compile(r"\b(?:mention|add|include|say|point out|note)\s+(.+)", re.IGNORECASE | re.DOTALL)
_LESS = re.compile(
    r"\b(shorter|shorten|short|brief|briefer|concise|too long|less)\b", re.IGNORECASE
)
_THEM = re.compile(
    r"\b(tell|ask|invite|show|offer|thank|remind|give|send)"
    r"\s+(?:them|him|her|(?:this|the)\s+(?:contact|person))\b",
    re.IGNORECASE,
)
_LONGEST_SAID = 1_500
_LONGEST_QUOTE = 240
_QUOTES = '"\u201c\u201d\u201e\u00ab\u00bb '


def line(text: str | None) -> str:
    """Return the text as one line."""
    return " ".join(visible(text or "").split())


def greeting(brief: Brief) -> str:
    """Return how the mail begins; the whole name, as guessing a first name offends."""
    tone = (brief.tone or "").lower()
    word = "Dear" if "formal" in tone and "informal" not in tone else "Hello"
    name = line(brief.contact_name)[:80]
    return f"{word} {name}," if name else f"{word},"


def closing(brief: Brief) -> str:
    """Return how the mail ends: our signature as it was given, else a plain one."""
    signature = visible(brief.signature or "")
    if signature:
        return signature
    return "\n".join(part for part in ("Best regards", line(brief.sender_name)) if part)


def read(brief: Brief) -> Citation | None:
    """Return a sentence that quotes the first page that can be quoted; None if none can.

    Only pages: what we noted, wrote or were told is nobody's to read in a mail.
    """
    quoted = (_quoted(fact) for fact in brief.facts if fact.source == FactSource.PAGE)
    return next((each for each in quoted if each and _is_fit(each.sentence, brief)), None)


def said(instruction: str, reader: str = "") -> str:
    """Return the instruction as our own wish, in the first person, to its reader."""
    wish = _bounded(line(instruction), _LONGEST_SAID)
    wish = _THEM.sub(r"\1 you", wish)
    if name := line(reader):
        called = rf"\b({_DEEDS}|to|with)\s+{re.escape(name)}(?!\w)"
        wish = re.sub(called, r"\1 you", wish, flags=re.IGNORECASE)
    if deed := _DEED.match(wish):
        return _sentence(f"I would like to {deed[1].lower()} {deed[2]}")
    if errand := _TO.match(wish):
        return said(errand[1], reader)
    if errand := _ABOUT.match(wish):
        return _sentence(f"I am writing to you about {errand[1]}")
    return _sentence(f"I am writing to you about the following: {wish}")


def subject(instruction: str, reader: str = "") -> str:
    """Return a subject line made from the instruction's gist; its reader knows who they are."""
    gist = line(instruction)
    if name := line(reader):
        gist = re.sub(rf"\s+(?:to|with)\s+{re.escape(name)}(?!\w)", "", gist) or gist
    if not _DEED.match(gist) and (errand := _TO.match(gist) or _ABOUT.match(gist)):
        gist = errand[1]
    gist = re.split(r"[.;:!?]\s|\s+and\s+(?:ask|invite|offer|suggest|propose)\b", gist)[0]
    gist = _THEM.sub(r"\1", gist)
    short = _bounded(gist.rstrip(".,;:!? "), 70)
    return short[:1].upper() + short[1:]


def thread(of: str) -> str:
    """Return a subject without its ``Re:``s."""
    return re.sub(r"^(?:\s*re\s*:)+\s*", "", line(of), flags=re.IGNORECASE)


def when(sent_at: str) -> str:
    """Return `` of 2 March``, or nothing when the date cannot be read."""
    try:
        moment = datetime.fromisoformat(sent_at)
    except ValueError:
        return ""
    return f" of {moment.day} {moment:%B}"


def reworked(paragraphs: list[str], feedback: str, point: str) -> list[str]:
    """Return the paragraphs as the feedback wants them, as far as words can be read for deeds.

    What is not understood is put in as it stands, plain to see: a person reads it next.
    """
    less, more = _LESS.search(feedback), _ADD.search(feedback)
    if less:
        paragraphs = _shorter(paragraphs, point)
    if more:
        return _before_the_last(paragraphs, _sentence(f"I would also like to mention {more[1]}"))
    if less or not feedback:
        return paragraphs
    wish = _bounded(feedback, _LONGEST_SAID)
    added = said(wish) if _DEED.match(wish) else f"One more thing: {_sentence(wish)}"
    return _before_the_last(paragraphs, added)


def _shorter(paragraphs: list[str], point: str) -> list[str]:
    """Keep the greeting and the point; where a person took the point out, the longest part."""
    if len(paragraphs) < 3:
        return paragraphs
    return [paragraphs[0], point if point in paragraphs else max(paragraphs[1:], key=len)]


def _before_the_last(paragraphs: list[str], added: str) -> list[str]:
    last = -1 if len(paragraphs) > 2 else len(paragraphs)
    return [*paragraphs[:last], added, *paragraphs[last:]]


def unwritable(fault: Fault) -> Reject:
    """Return the error for a brief whose own words make a faulty text, however often written."""
    return Reject(
        f"{fault.message.rstrip('.')}. It comes from the instruction, the settings or the contact.",
        code=fault.code,
    )


def _quoted(fact: KnownFact) -> Citation | None:
    quote, host = line(fact.text), (fact.host or "").removeprefix("www.")
    if not host or not quote or len(quote) > _LONGEST_QUOTE:
        return None
    return Citation(f"On {host} I read: \u201c{quote.strip(_QUOTES)}\u201d", (fact.id,))


def _is_fit(sentence: str, brief: Brief) -> bool:
    """Tell whether a quote is one sentence in a mail, with nothing in it that stops the mail."""
    return len(split(sentence)) == 1 and fault("A subject", sentence, brief) is None


def _sentence(text: str) -> str:
    text = text.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _bounded(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    cut = text[:longest].rpartition(" ")[0] or text[:longest]
    return cut.rstrip(".,;:!? ") + "…"
