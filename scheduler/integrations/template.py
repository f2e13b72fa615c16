"""Template: the writer of every deployment without a Gemini key.

The same brief gives the same text.  It cannot think, so it says the instruction in the
first person and puts feedback where the approver sees it; what it writes is a real mail
that a person would send, not a form.
"""

from collections.abc import Sequence

from scheduler.integrations import Brief, Citation, Written, phrases, prompt, prose, quoting, tone

__all__ = ["TemplateWriter"]

_FIRST_ASK = (
    "Would you have a few minutes for it in the coming days? "
    "A short reply is enough, and so is a no."
)
_OPENINGS = (
    "I wanted to come back to my e-mail{when}, in case it got buried in a busy week.",
    "I am writing once more about my e-mail{when}, as I believe it could be useful to you.",
    "I do not want to fill your inbox, so only a short question about my e-mail{when}.",
)
_ASKS = (
    "Would it make sense to talk for a few minutes? A short reply is enough.",
    "If somebody else is the right person to ask, a name would help me a great deal.",
    "If this is not the right moment, a one-word answer is fine and I will leave it there.",
)


class TemplateWriter:
    """Writes the first mail, its revisions and each follow-up from what the brief says."""

    name = "template"

    def write(self, brief: Brief) -> Written:
        """Write the mail; see ``Writer.write``.  The same brief is the same text."""
        subject, paragraphs = _revised(brief) if brief.current else _fresh(brief)
        body = "\n\n".join(prose.visible(part) for part in paragraphs if part.strip())
        if fault := prose.fault(subject, body, brief):
            raise phrases.unwritable(fault)
        return Written(subject, body, self.name, citations=_cited(body, brief))

    def classify(self, reply: str, kinds: Sequence[str]) -> str:
        """Tell a reply's tone by plain phrases; see ``Writer.classify``."""
        return tone.told(reply, kinds)

    def quote(self, page: str, about: Sequence[str]) -> tuple[str, ...]:
        """Choose the sentences in which one of the names stands; see ``Writer.quote``."""
        return quoting.chosen(page, about)

    def word(self, title: str, why: str) -> str:  # noqa: ARG002 - a writer's signature
        """Return the words as they are, which are plain; see ``Writer.word``."""
        return why


def _fresh(brief: Brief) -> tuple[str, list[str]]:
    return _follow_up(brief) if brief.step else _first(brief)


def _first(brief: Brief) -> tuple[str, list[str]]:
    where = f" at {phrases.line(brief.company)}" if brief.company else ""
    read = phrases.read(brief)
    return phrases.subject(brief.instruction, brief.contact_name), [
        phrases.greeting(brief),
        read.sentence if read else f"I hope all is well{where}.",
        phrases.said(brief.instruction, brief.contact_name),
        _FIRST_ASK,
        phrases.closing(brief),
    ]


def _cited(body: str, brief: Brief) -> tuple[Citation, ...]:
    """Cite the page that was quoted, if its sentence stands in this version still."""
    read = phrases.read(brief)
    return (read,) if read and read.sentence in body else ()


def _follow_up(brief: Brief) -> tuple[str, list[str]]:
    last = brief.previous[-1] if brief.previous else None
    about = phrases.thread(
        last.subject if last else phrases.subject(brief.instruction, brief.contact_name)
    )
    nth = (brief.step - 1) % len(_OPENINGS)
    when = phrases.when(last.sent_at) if last else ""
    return f"Re: {about}", [
        phrases.greeting(brief),
        _OPENINGS[nth].format(when=f"{when} about “{about}”"),
        phrases.said(brief.instruction, brief.contact_name) if brief.step == 1 else "",
        _ASKS[nth],
        phrases.closing(brief),
    ]


def _revised(brief: Brief) -> tuple[str, list[str]]:
    """Keep the version at hand, which a person may have edited, and work the feedback into it."""
    subject, body = brief.current or ("", "")
    closing = phrases.closing(brief)
    text = prompt.unsigned(prose.visible(body), brief).removesuffix(closing).rstrip()
    paragraphs = phrases.reworked(
        text.split("\n\n"),
        phrases.line(brief.feedback),
        phrases.said(brief.instruction, brief.contact_name),
    )
    return prose.visible(subject), [*paragraphs, closing]
