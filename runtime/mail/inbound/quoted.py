"""Quoted: what somebody wrote anew, without what their mail program put under it.

Our own footer says "unsubscribe", and nearly every answer quotes it: a wish is looked for
in the new words only.  Line by line, each looked at a bounded number of times.  What looks
like a signature's beginning is no end: "Thanks, but take me off your list" begins so too.
"""

import re
from collections.abc import Sequence

_LONGEST_LINE = 500
_WRAPS = 3
"""Lines over which an attribution may be broken."""

_WROTE = re.compile(
    r"(wrote|schrieb|geschrieben|a [ée]crit|escribi[óo]|ha scritto|schreef|escreveu|skrev"
    r"|napisa[łl]|<[^<>\s]+@[^<>\s]+>)[^:]{0,80}:\s*$",
    re.IGNORECASE,
)
_BEGINS = ("on ", "am ", "le ", "el ", "il ", "op ", "em ", "den ", "dnia ", "w dniu ", "vào ")
_RULE = re.compile(
    r"\s*(_{20,}|-{2,}\s*(original message|urspr[üu]ngliche nachricht|message d.origine"
    r"|mensaje original|messaggio originale|oorspronkelijk bericht|forwarded message"
    r"|weitergeleitete nachricht)\s*-{2,})\s*",
    re.IGNORECASE,
)
_FROM = re.compile(r"\s*\*?(from|von|de|da|van|fra|från)\s?:\*?\s", re.IGNORECASE)
_HEADER = re.compile(
    r"\s*\*?(sent|date|to|subject|cc|gesendet|datum|an|betreff|envoy[ée]|[àa]|objet|enviado( el)?"
    r"|para|asunto|inviato|oggetto|verzonden|aan|onderwerp|data|assunto)\s?:\*?\s",
    re.IGNORECASE,
)
_SENT_FROM = re.compile(
    r"\s*(sent from my|get outlook for|von meinem .{1,40} gesendet|gesendet von|envoy[ée] de mon"
    r"|enviado desde mi)\b.{0,80}",
    re.IGNORECASE,
)


def new_words(text: str) -> str:
    """Return the text without quotations, what introduces them, and a marked signature."""
    lines = [line[:_LONGEST_LINE].rstrip() for line in text.split("\n")]
    kept: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if _RULE.fullmatch(line) or _is_header_block(lines, at):
            break
        if width := _attribution(lines, at):
            at += width
            if not _quotes_next(lines, at):
                break  # all that follows is the old mail, without a mark
        elif line.rstrip() in {"--", "-- "}:
            at = _after_signature(lines, at)
        else:
            if not (line.lstrip().startswith(">") or _SENT_FROM.fullmatch(line)):
                kept.append(line)
            at += 1
    return "\n".join(kept).strip()


def _attribution(lines: Sequence[str], at: int) -> int:
    """Return over how many lines "On …, … wrote:" goes from here; 0 if it does not begin here."""
    if not lines[at].lstrip().lower().startswith(_BEGINS):
        return 0
    whole = ""
    for width, line in enumerate(lines[at : at + _WRAPS], 1):
        whole = f"{whole} {line.strip()}"
        if _WROTE.search(whole[-200:]):
            return width
    return 0


def _quotes_next(lines: Sequence[str], at: int) -> bool:
    for line in lines[at : at + _WRAPS]:
        if line.strip():
            return line.lstrip().startswith(">")
    return False


def _is_header_block(lines: Sequence[str], at: int) -> bool:
    """Tell whether an old mail's headers stand here, as Outlook puts them over it."""
    if not _FROM.match(lines[at]):
        return False
    return sum(bool(_HEADER.match(line)) for line in lines[at + 1 : at + 6]) >= 2


def _after_signature(lines: Sequence[str], at: int) -> int:
    """Return where a marked signature ends: at the quotation, as some write under it, or at all."""
    end = at + 1
    while end < len(lines) and not lines[end].lstrip().startswith(">"):
        end += 1
    return end
