"""Returns: the day from which somebody who is away can be expected to read again.

Only a date behind a word such as "until" or "back on" is believed, and only one in the
year to come; of several the latest, as a mail that comes a few days late does no harm.
Written for English, German, French and Spanish.  General date readers find dates in
"may", "on" and telephone numbers, which is why none is used.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta

_LONGEST = 4_000
_FURTHEST = timedelta(days=365)
_REACH = 40
"""Characters between the word and its date."""

_CUE = re.compile(
    r"\b(until|till?|through|thru|to|back|return\w*|available|from|reachable|resume\w*|bis|ab|zuruck"
    r"|wieder|jusqu'?(a|au|en)?|au|retour|partir|hasta|al|a partir|regres\w*|vuelta"
    r"|vuelvo|volver\w*|disponible|reincorpor\w*)\b|[-\u2013\u2014]"
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janner janvier janv enero ene",
            "february feb februar fevrier fevr febrero",
            "march mar marz maerz mars marzo",
            "april apr avril avr abril abr",
            "may mai mayo",
            "june jun juni juin junio",
            "july jul juli juillet juil julio",
            "august aug aout agosto ago",
            "september sep sept septembre septiembre",
            "october oct oktober okt octobre octubre",
            "november nov novembre noviembre",
            "december dec dezember dez decembre diciembre dic",
        ),
        1,
    )
    for name in names.split()
}
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday montag lundi lunes",
            "tuesday dienstag mardi martes",
            "wednesday mittwoch mercredi miercoles",
            "thursday donnerstag jeudi jueves",
            "friday freitag vendredi viernes",
            "saturday samstag samedi sabado",
            "sunday sonntag dimanche domingo",
        )
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_ISO = re.compile(r"\b(20\d\d)-(\d{1,2})-(\d{1,2})\b")
_DOTTED = re.compile(r"\b(\d{1,2})\.\s?(\d{1,2})\.(?:\s?(20\d\d|\d\d)\b)?")
_SLASHED = re.compile(r"\b(\d{1,2})[/-](\d{1,2})(?:[/-](20\d\d|\d\d))?\b")
_DAY_MONTH = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th|er|\.)?\s?(?:of |de |d')?({_MONTH})\b\.?,?"
    r"(?: (?:de |del )?(20\d\d))?"
)
_MONTH_DAY = re.compile(rf"\b({_MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (20\d\d))?")
_WEEKDAY = re.compile(rf"\b({'|'.join(_WEEKDAYS)})\b")


def day_of_return(text: str, today: date) -> date | None:
    """Return the day that a note of absence names, None if it names none to be believed."""
    plain = _plain(text[:_LONGEST])
    days = [
        day
        for at, day in _days(plain, today)
        if today <= day <= today + _FURTHEST and _is_cued(plain, at)
    ]
    return max(days, default=None)


def _is_cued(plain: str, at: int) -> bool:
    sentence = re.split(r"[\n!?]", plain[max(0, at - _REACH) : at])[-1]
    return _CUE.search(sentence) is not None


def _days(plain: str, today: date) -> Iterator[tuple[int, date]]:
    for found in _ISO.finditer(plain):
        yield from _day(found, today, found[1], found[2], found[3])
    for found in _DOTTED.finditer(plain):
        yield from _day(found, today, found[3], found[2], found[1])
    for found in _SLASHED.finditer(plain):
        # Day first or month first: nobody can tell, so both, and the later one counts.
        yield from _day(found, today, found[3], found[2], found[1])
        yield from _day(found, today, found[3], found[1], found[2])
    for found in _DAY_MONTH.finditer(plain):
        yield from _day(found, today, found[3], str(_MONTHS[found[2]]), found[1])
    for found in _MONTH_DAY.finditer(plain):
        yield from _day(found, today, found[3], str(_MONTHS[found[1]]), found[2])
    for found in _WEEKDAY.finditer(plain):
        ahead = (_WEEKDAYS[found[1]] - today.weekday()) % 7
        yield found.start(), today + timedelta(days=ahead or 7)


def _day(
    found: "re.Match[str]", today: date, year: str | None, month: str, day: str
) -> Iterator[tuple[int, date]]:
    years = [int(year) % 100 + 2000] if year else [today.year, today.year + 1]
    for each in years:
        try:
            named = date(each, int(month), int(day))
        except ValueError:
            continue
        if named >= today:
            yield found.start(), named
            return


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.replace("\u2019", "'").casefold())
    bare = "".join(c for c in folded if not unicodedata.combining(c))
    return re.sub(r"[^\S\n]+", " ", bare)
