"""Intents: the few things that a person's words to an agent can mean.

A closed list, read by rules: what an agent may do on somebody's word must not depend on
how a model felt that day.  Words that fit none are said not to have been understood.
"""

import re
from enum import StrEnum


class Intent(StrEnum):
    """What is wanted.  UNCLEAR: nobody can tell, and nothing is done."""

    STOP = "STOP"
    PAUSE = "PAUSE"
    REVISE = "REVISE"
    ANSWER = "ANSWER"
    UNCLEAR = "UNCLEAR"


_NOT_YET = re.compile(r"\b(not|don'?t|wait)\b.*\byet\b", re.IGNORECASE)
_STOP = re.compile(
    r"""
    ^\s*(please\s+)?stop\s*[.!]*\s*$
    | \b(stop|quit|cease)\s+(all\s+)?
      (writing|contacting|mailing|e-?mailing|messaging|bothering|following\s+up|sending|outreach
        |(the\s+)?(mails?|e-?mails?|follow-?ups?))\b
    | \b(do\s+not|don'?t|never|no\s+longer)\s+(ever\s+)?
      (write|contact|mail|e-?mail|message|bother|send)\s+(to\s+)?
      (him|her|them|this|that|these|those|anyone|anybody|anything|any\s*more|again|another|more)\b
    | \bno\s+(more|further)\s+(e-?mails?|mails?|messages?|follow-?ups?|contact)\b
    | \bleave\s+(him|her|them|this\s+\w+|that\s+\w+)\s+(alone|in\s+peace)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PAUSE = re.compile(
    r"^\s*(please\s+)?(pause|wait|hold)\b|\b(on\s+hold|hold\s+(it|this|off|back)|not\s+yet)\b",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    r"\?\s*$|^\s*(what|why|when|where|who|how|which|status|is|are|has|did|does)\b",
    re.IGNORECASE,
)
_REVISE = re.compile(
    r"""
    \b(use|make|write|rewrite|redo|revise|change|shorten|shorter|longer|add|mention|include
      |remove|drop|leave\s+out|say|ask|tone|warmer|friendlier|formal|informal|simpler|clearer
      |polite|concise|greeting|subject|signature|paragraph|sentence|wording|less|more)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_COMPANY = re.compile(
    r"\b(company|firm|organi[sz]ation|everybody\s+there|anyone\s+there)\b", re.IGNORECASE
)


def understood(text: str) -> Intent:
    """Return what a text wants; what would stop something wins over what would go on."""
    for intent, pattern in (
        (Intent.PAUSE, _NOT_YET),
        (Intent.STOP, _STOP),
        (Intent.PAUSE, _PAUSE),
        (Intent.ANSWER, _ANSWER),
        (Intent.REVISE, _REVISE),
    ):
        if pattern.search(text):
            return intent
    return Intent.UNCLEAR


def about_company(text: str) -> bool:
    """Tell whether a wish is about everybody of a company, not one person."""
    return _COMPANY.search(text) is not None
