"""Assertions: phrases that say something of the reader, or boast of us.

English only, and a short list: a sentence without any may still be wrong.  Where in doubt
a phrase is on it, as one that our own people ordered word for word is never held against it.
"""

import re
from collections.abc import Iterable, Iterator

from runtime.mail.claims import plain
from runtime.mail.plain_words import STOP

_DOES = (
    "are|were|have|had|is|was|has|use|uses|used|run|runs|ran|work|works|need|needs|want|wants|face"
    "|faces|struggle|struggles|grow|grows|grew|raised?|open|opened|launch|launched|hire|hired"
    "|announced?|plan|plans|planned|expand|expanded|won|lose|loses|lost|spend|spends|spent|save"
    "|saves|saved|rely|relies|offer|offers|offered|make|makes|made|do|does|did|built|build|lead|led"
    "|leads|said|wrote|posted|mentioned|told|joined|moved|bought|sold|pay|pays|paid|must"
)
_MORE = r"(?: [\w'-]+){0,2}"
_ASKED = "would|could|can|do|did|will|may|might|should|shall|if|whether|when|what|how|unless|why"
_OF_READER = re.compile(
    rf"""
    (?P<before>[\w'-]+\ )?\byou(?:'ve|'re)?\ (?:[a-z]+ly\ |just\ |already\ |now\ |all\ )*
      (?:{_DOES}){_MORE}
    | \byou'(?:ve|re){_MORE}
    | \byour(?:\ [\w'-]+){{1,4}}?\ (?:{_DOES}){_MORE}
    | \b(?:i|we)(?:'ve|\ have)?\ (?:just\ |recently\ |also\ )?(?:saw|seen|noticed?
      |read|heard|hear|learned|learnt|understand|understood|see|know|remember|admired?
      |came\ across|come\ across){_MORE}
    | \b(?:congratulations|congrats|kudos|well\ done)\b{_MORE}
    | \b(?:impressed|inspired|fascinated)\ by\b{_MORE}
    | \b(?:since|given|now\ that|thanks\ to)\ your\b{_MORE}
    """,
    re.VERBOSE,
)
_BOAST = re.compile(
    rf"""
    \b(?:customers|clients|companies|teams|firms|businesses)\ (?:like|such\ as|use|trust|save|rely
      |choose|report){_MORE}
    | \b(?:uses?|trusts?|chose|chooses?|rel(?:y|ies)\ on|loves?)\ (?:us|our)\b{_MORE}
    | \b(?:leading|best|fastest|largest|cheapest|award|proven|guarantee[ds]?|certified
      |patented)\b{_MORE}
    | \bour(?:\ [\w'-]+){{1,3}}?\ (?:is|are|has|have|saves?|saved|helps?|helped|cuts?|reduces?
      |reduced|doubles?|improves?|improved|increases?|increased){_MORE}
    """,
    re.VERBOSE,
)
_WISH = re.compile(r"^(?:i|we) (?:hope|trust)\b")
_ONLY_ASKS = re.compile(
    rf"^(?!did you know)(?:{_ASKED}|is|are|am|does|has|have|who|where|which)\b.*\?[\"')\]]*$"
)


def of(sentence: str, whom: Iterable[str] = ()) -> list[str]:
    """Return such phrases of a sentence; a question and a wish have none.

    ``whom``: the names of the reader and their company, who are spoken of by name too.
    """
    text = plain(sentence).casefold()
    if _WISH.search(text) or _ONLY_ASKS.search(text):
        return []
    found = [
        m[0].removeprefix(m["before"] or "") for m in _OF_READER.finditer(text) if not _is_asked(m)
    ]
    found += [m[0] for m in _BOAST.finditer(text)]
    return found + [phrase for name in whom if name for phrase in _by_name(name, text)]


def _is_asked(match: re.Match[str]) -> bool:
    return (match["before"] or "").strip() in _ASKED.split("|")


def _by_name(name: str, text: str) -> Iterator[str]:
    said = re.escape(plain(name).casefold())
    for match in re.finditer(rf"\b{said} (?P<next>[^\W\d_]+){_MORE}", text):
        if match["next"] not in STOP:
            yield match[0]
