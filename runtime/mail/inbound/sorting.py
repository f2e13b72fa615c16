"""Sorting: what a mail that came in is, told by rules from its headers and new words.

Pure functions.  In doubt it is a person's: a machine's mail that is taken for an answer
stops a sequence too early, an answer that is taken for a machine's lets it run on.
"""

import re
from dataclasses import dataclass
from datetime import date

from runtime.mail.inbound.letter import Letter
from runtime.mail.inbound.quoted import new_words
from runtime.mail.inbound.returns import day_of_return
from runtime.mail.inbound.wishes import wants_no_mail
from runtime.mail.tokens import UNSUBSCRIBE
from runtime.models import ReplyKind

_LOCALS = re.compile(r"(mailer-daemon|mailerdaemon|postmaster|mail-daemon)@")
_NO_REPLY = re.compile(r"(no|do-?not|donot)[-_.]?reply\b[^@]*@")
_UNDELIVERED = re.compile(
    r"undeliver|delivery (status|failure|has failed|incomplete)|returned mail|failure notice"
    r"|unzustellbar|non remis|no se puede entregar|mail delivery",
    re.IGNORECASE,
)
_AUTO_SUBJECT = re.compile(
    r"\s*\W{0,2}(auto(matic|mated|matische|-)?[ -]?(reply|response|antwort|antwoord)|autoreply"
    r"|out[ -]of[ -](the[ -])?office|ooo:|abwesenheits\w*|abwesend\b|r[ée]ponse automatique"
    r"|absence du bureau|respuesta autom[áa]tica|fuera de la oficina|risposta automatica"
    r"|automatisch antwoord|resposta autom[áa]tica|afwezig)",
    re.IGNORECASE,
)
_AWAY = re.compile(
    r"out of (the )?office|on (annual |parental |maternity |sick )?(leave|vacation|holiday)"
    r"|on holidays|\baway (from|until|till|on)\b|back (in the office|on|in)\b|not in the office"
    r"|abwesen|nicht (im (b[üu]ro|hause)|erreichbar)|urlaub|au(ß|ss)er haus|elternzeit"
    r"|absen(t|ce)|en cong[ée]s?|vacances|de retour|fuera de (la )?oficina|ausente|ausencia"
    r"|vacaciones|de vuelta|fuori ufficio|in ferie|afwezig|f[ée]rias",
    re.IGNORECASE,
)
_PERMANENT = re.compile(r"\b(?:status:\s*|#|55[0-9][ -])?(5\.\d{1,3}\.\d{1,3})\b")
_PASSES = re.compile(r"5\.(2\.[23]|3\.4|6\.\d+)")
"""A full mailbox, and what is about the mail's size or form: nothing against the address."""
_SUPPRESSES = ("all", "oof", "autoreply")


@dataclass(frozen=True, slots=True)
class Sorted:
    """``words``: the new ones.  ``returns_on``: of an absence.  ``permanent``: of a bounce."""

    kind: ReplyKind
    words: str
    returns_on: date | None = None
    permanent: str = ""


def sort(letter: Letter, *, today: date, is_answer: bool) -> Sorted:
    """Return what a letter is.  ``is_answer``: it refers to a mail of ours, or was sent to it."""
    words = new_words(letter.text)
    if _is_bounce(letter):
        return Sorted(ReplyKind.BOUNCE, words, permanent=_permanent(letter.text[:20_000]))
    if any(token.purpose == UNSUBSCRIBE for token in letter.tokens):
        return Sorted(ReplyKind.UNSUBSCRIBE, words)
    if _is_automatic(letter, is_answer=is_answer):
        if _AWAY.search(f"{letter.subject}\n{words[:4_000]}"):
            back = day_of_return(f"{letter.subject}\n{words}", today)
            return Sorted(ReplyKind.OUT_OF_OFFICE, words, returns_on=back)
        return Sorted(ReplyKind.AUTOMATIC, words)
    # A mail that some programs write for "unsubscribe" has nothing but a subject.
    asked = words or letter.subject
    wish = wants_no_mail(asked) or letter.subject.strip().lower() == "unsubscribe"
    return Sorted(ReplyKind.UNSUBSCRIBE if wish else ReplyKind.HUMAN, words)


def _permanent(text: str) -> str:
    found = _PERMANENT.search(text)
    return found[1] if found and not _PASSES.fullmatch(found[1]) else ""


def _is_bounce(letter: Letter) -> bool:
    report = letter.header("content-type").lower()
    return bool(
        _LOCALS.match(letter.sender)
        or "message/delivery-status" in letter.parts
        or ("multipart/report" in report and "delivery-status" in report)
        or letter.header("x-failed-recipients")
        or (_from_nobody(letter) and _UNDELIVERED.search(letter.subject))
    )


def _from_nobody(letter: Letter) -> bool:
    return letter.header("return-path").strip() == "<>"


def _is_automatic(letter: Letter, *, is_answer: bool) -> bool:
    submitted = letter.header("auto-submitted").lower().partition(";")[0].strip()
    precedence = letter.header("precedence").lower().strip()
    suppresses = letter.header("x-auto-response-suppress").lower()
    return bool(
        submitted not in {"", "no"}
        or precedence in {"bulk", "junk", "auto_reply"}
        or any(letter.header(name) for name in ("x-autoreply", "x-autorespond", "x-auto-reply"))
        or any(word in suppresses for word in _SUPPRESSES)
        or _from_nobody(letter)
        or _NO_REPLY.match(letter.sender)
        or _AUTO_SUBJECT.match(letter.subject)
        # A person may answer by way of a list, as from sales@ behind a group.
        or (not is_answer and (letter.header("list-id") or precedence == "list"))
    )
