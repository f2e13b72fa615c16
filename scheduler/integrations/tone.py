"""Tone: what a reply is, told without a model: a few plain phrases, else nothing is claimed."""

import re
from collections.abc import Sequence

_NEGATIVE = (
    r"not interested|no interest|no,? thank|we('ll| will) pass|not (a|the right) fit"
    r"|kein(en)? (interesse|bedarf)|nein,? danke|pas int[ée]ress|non merci|no me interesa"
    r"|no,? gracias"
)
_REFERRAL = (
    r"(contact|reach out to|speak (to|with)|write to|ask) my (colleague|manager)"
    r"|(right|best|better) person|in charge of|zust[äa]ndig|meine?n? kolleg|mon coll[èe]gue"
    r"|ma coll[èe]gue|mi compa[ñn]er"
)
_POSITIVE = (
    r"\binterested\b|sounds (good|great|interesting)|let'?s (talk|meet|schedule)|happy to"
    r"|would love|klingt (gut|interessant|spannend)|(habe|h[äa]tte) interesse|gerne\b"
    r"|int[ée]ress[ée]|avec plaisir|me interesa|con gusto"
)
_SIGNS = (
    ("negative", _NEGATIVE),
    ("referral", _REFERRAL),
    ("positive", _POSITIVE),
    ("question", r"\?"),
)


def told(reply: str, kinds: Sequence[str]) -> str:
    """Return the word whose phrases the reply has, the graver first; "neutral" for none."""
    lowered = reply.lower()
    found = (kind for kind, signs in _SIGNS if re.search(signs, lowered))
    kind = next(found, "neutral")
    return kind if kind in kinds else "neutral"
