"""Orders: what reads as if it told a machine, or us, what to do; and what would lead elsewhere.

Only a speed bump for those who write for machines.  What keeps mail safe is that nothing
found in a source chooses a recipient, a link or a step: it can only be quoted to a person.
"""

import re

_LINK = re.compile(
    r"https?:|www\.|mailto:|\bjavascript:|[\w.+-]@[\w-]+\.\w|<\s*\w|\]\("
    r"|[a-z0-9-]\.(?:com|net|org|io|co|ai|app|dev|info|link|ru|cn)/",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?:\+|\b00)\d[\d ()/.-]{7,}\d")
_ORDER = re.compile(
    r"""
    \b(ignore|disregard|forget|override|bypass)\b.{0,40}
      \b(instruction|prompt|rule|order|guideline|above|previous|earlier|everything)
    | \b(system|developer|assistant|user|agent|planning|research|outreach|follow[-_\s]?up)\s*
      (prompt|message|:)
    | \byou\s+(are|must|should|will|have\s+to|need\s+to|shall)\b
    | \b(as|dear)\s+(an?\s+)?(ai|a\.i\.|language\s+model|llm|chatbot|assistant|agent)\b
    | \b(ai|language\s+models?|llms?|bots?|crawlers?)\b.{0,40}\b(must|should|shall|are\s+to)\b
    | ^\W*(please\s+)?(send|forward|write|reply|click|visit|open|call|transfer|pay|approve|add|bcc
        |cc|include|insert|use|tell|say|mention|mail|e-?mail|contact|delete|remove|change|set
        |stop|cancel|execute|run|download|install|confirm|do\s+not|don'?t|never|always)\b
    | \b(bcc|cc|reply-?to)\s*:
    | \b(send|forward|copy|mail|e-?mail)\b.{0,40}\b(to|all|everyone|everybody)\b.{0,40}@
    """,
    re.VERBOSE | re.IGNORECASE,
)


def has_link(text: str) -> bool:
    """Tell whether a text names an address: of the web, of a mailbox, of a telephone."""
    return bool(_LINK.search(text) or _PHONE.search(text))


def is_order(text: str) -> bool:
    """Tell whether a text reads as an instruction rather than a statement."""
    return _ORDER.search(text) is not None
