"""Text: whether what is written is whole, and says what a mail must say."""

import re
from collections.abc import Iterator
from typing import Any

from runtime.mail import footer, threads
from runtime.mail.gate.check import Check
from runtime.models import Call, Draft

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
    """Refuse a mail that does not say how to get no more of them, to people and to programs."""
    ways = re.findall(r"<(https?|mailto):[^<>]+>", letter["headers"].get("List-Unsubscribe", ""))
    if not ways:
        return Check("unsubscribe", False, "There is no List-Unsubscribe header.")
    # An envelope that a former release has stored has no page and no footer, and stays as it is.
    if "html" in letter and not footer.says_how_to_unsubscribe(letter["text"]):
        return Check("unsubscribe", False, "The footer with the way to unsubscribe is missing.")
    how = "by a link or by answering" if ways[0] != "mailto" else "by answering: there is no link"
    return Check("unsubscribe", True, f"The mail says how to unsubscribe, {how}.")


def thread(call: Call, draft: Draft, letter: dict[str, Any]) -> Iterator[Check]:
    """Say of a follow-up whether its reader will find it with the mails before it."""
    if draft.follow_up_id is not None:
        yield Check("thread", True, threads.standing(call, letter["headers"]))
