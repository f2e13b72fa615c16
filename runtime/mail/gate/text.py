"""Text: whether what is written is whole, and says what a mail must say."""

import re
from typing import Any

from runtime.mail.gate.check import Check
from runtime.models import Draft

_UNRESOLVED = re.compile(
    r"\{\{.*?\}\}|\{%.*?%\}|<<\s*\w+\s*>>|\[(?:your |first |last |full |company |contact )?"
    r"(?:name|company|title|position|signature|sender)\]",
    re.IGNORECASE | re.DOTALL,
)


def complete(draft: Draft) -> Check:
    """Refuse a text that holds a placeholder."""
    if found := _UNRESOLVED.search(f"{draft.subject}\n{draft.body}"):
        return Check("complete", False, f"A placeholder was left in the text: {found[0][:60]}")
    return Check("complete", True, "No placeholder is left in the text.")


def unsubscribe(letter: dict[str, Any]) -> Check:
    """Refuse a mail that does not say how to get no more of them."""
    there = bool(letter["headers"].get("List-Unsubscribe"))
    return Check(
        "unsubscribe",
        there,
        "The mail says how to unsubscribe." if there else "There is no List-Unsubscribe header.",
    )
