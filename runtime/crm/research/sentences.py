"""Sentences: a text in the pieces that a person would quote."""

import re

_END = re.compile(r"([.!?\u2026][\"\u201d\u2019')\]]*)\s+(?=[\"\u201c\u2018'(\[]*[A-ZÀ-ÖØ-Þ0-9])")
_SHORT = re.compile(
    r"\b(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|St|Inc|Ltd|Co|Corp|vs|etc|approx|No|Nr|bzw|z\.B|e\.g|i\.e)\.$"
)

_LONGEST_FORM = 12
"""Characters at a piece's end within which a short form stands, and what comes before it."""


def split(text: str) -> list[str]:
    """Return the sentences of a text in their order, each on one line; headings are sentences."""
    return [sentence for block in re.split(r"\n\s*\n", text) for sentence in _of_block(block)]


def _of_block(block: str) -> list[str]:
    found: list[list[str]] = []
    for piece in _END.sub("\\1\0", " ".join(block.split())).split("\0"):
        # Only the end of what came before is looked at: a text may be all short forms.
        if found and _SHORT.search(found[-1][-1][-_LONGEST_FORM:]):
            found[-1].append(piece)
        elif piece.strip():
            found.append([piece.strip()])
    return [" ".join(pieces) for pieces in found]
