"""The outside: whoever sends mail and whoever writes it, behind two small protocols.

A caller meets only what stands here.  Each implementation names its troubles by
what happens next (``Retry``, ``Reject``, ``Unknown``), never by a provider's
class, and never shows a secret.  Claims, attempts, back-off and the gate are the
caller's; nobody here tries again behind its back, but for a text that was cut short.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from runtime.settings import Settings

__all__ = [
    "Accepted",
    "Brief",
    "Citation",
    "Found",
    "KnownFact",
    "Mail",
    "Mailer",
    "PreviousMail",
    "Sought",
    "Writer",
    "Written",
    "mailer",
    "writer",
]


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one person, complete: what leaves is what stands here.

    ``html``: the same text as a page; None for what a former release put into its envelope.
    """

    sender: str
    to: str
    subject: str
    text: str
    reply_to: str | None
    headers: Mapping[str, str]
    tags: Mapping[str, str]
    idempotency_key: str
    html: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The transport has the mail and answers for it under this id.

    ``message_id``: what the reader's mail program knows it by, where it is told at once.
    """

    provider_message_id: str
    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class Sought:
    """A mail of which nobody knows whether the transport took it, between two moments."""

    idempotency_key: str
    to: str
    subject: str
    text: str
    tags: Mapping[str, str]
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """A mail that the transport holds.  ``certain``: known by its key or tag, not by its words."""

    provider_message_id: str
    certain: bool
    at: datetime | None


class Mailer(Protocol):
    """Sends mail; safe to use from many threads at once."""

    transport: str

    def send(self, mail: Mail) -> Accepted:
        """Hand over one mail; the same key with the same content is one mail, however often sent.

        Raises only Retry (it did not leave), Unknown (it may have left; use the
        same key again or ask) and Reject (it cannot leave as it stands).
        """
        ...

    def message_id(self, provider_message_id: str) -> str | None:
        """Return what the reader's mail program knows a mail by that was handed over before.

        None if no such mail is known.  Raises only Retry (not known yet) and Reject.
        """
        ...

    def find(self, sought: Sought) -> tuple[Found, ...]:
        """Return every mail of the transport that may be this one; none if it took none such.

        Raises only Retry and Reject: what was taken could not be read whole.
        """
        ...

    def arrived(self) -> Sequence[str]:
        """Return the ids of mails that came in and that no webhook announces; old ones too."""
        ...

    def fetch(self, email_id: str) -> Mapping[str, Any]:
        """Return a mail that came in, as the provider tells it; nothing in it is looked at.

        Raises only Retry and Reject (there is no such mail).
        """
        ...


@dataclass(frozen=True, slots=True)
class PreviousMail:
    """A mail of ours that this person already has."""

    subject: str
    body: str
    sent_at: str


@dataclass(frozen=True, slots=True)
class KnownFact:
    """Something that a first mail may rest on: data, whoever wrote it.

    ``id``: a handle that is good for this brief only; ``source``: a ``FactSource``; ``host``: of
    a page, where it stands.
    """

    id: str
    text: str
    source: str
    host: str | None = None


@dataclass(frozen=True, slots=True)
class Brief:
    """What a writer is told.

    ``instruction``, ``tone``, ``signature``, ``feedback`` and ``sender_name`` are
    our own people's words; name, company, title, notes and ``deal`` (title, stage, notes)
    tell of the contact and may have been written by anybody.  ``current`` is the version
    (subject, body) to revise, ``step`` 0 the first mail and n the n-th follow-up, ``facts``
    what a first mail may cite.
    """

    instruction: str
    contact_name: str
    company: str | None = None
    title: str | None = None
    notes: str | None = None
    deal: Mapping[str, str] = field(default_factory=dict)
    tone: str | None = None
    signature: str | None = None
    feedback: str | None = None
    current: tuple[str, str] | None = None
    previous: tuple[PreviousMail, ...] = ()
    step: int = 0
    sender_name: str | None = None
    facts: tuple[KnownFact, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A sentence of a text, and the handles of the facts that its writer says it rests on."""

    sentence: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A finished text, fit to be shown; tokens are 0 where none were spent.

    ``citations`` are what the writer says; whether it is so is looked at by who stores the text.
    """

    subject: str
    body: str
    writer: str
    prompt_tokens: int = 0
    output_tokens: int = 0
    citations: tuple[Citation, ...] = ()


class Writer(Protocol):
    """Writes mail; safe to use from many threads at once."""

    name: str

    def write(self, brief: Brief) -> Written:
        """Write one mail: whole, one subject line, no placeholders, no invented links.

        Raises only Retry and Reject.
        """
        ...

    def classify(self, reply: str, kinds: Sequence[str]) -> str:
        """Return which of these words fits a reply best; the reply is data, whatever it says.

        Raises only Retry and Reject.
        """
        ...

    def quote(self, page: str, about: Sequence[str]) -> tuple[str, ...]:
        """Return passages of a page, word for word, that say something of these names.

        The page is data, whatever it says.  Raises only Retry and Reject.
        """
        ...

    def word(self, title: str, why: str) -> str:
        """Return in plainer words why something deserves attention; or the words it was given.

        Nobody but the caller looks at what it says.  Raises only Retry and Reject.
        """
        ...


def mailer(settings: Settings) -> Mailer:
    """Return the mailer these settings choose: Resend with a key, else the sandbox."""
    if settings.transport == "resend":
        from scheduler.integrations.resend import ResendMailer  # noqa: PLC0415 - half a second

        return ResendMailer(settings)
    from scheduler.integrations.sandbox import SandboxMailer  # noqa: PLC0415 - as above

    return SandboxMailer(settings.rapport_data_dir / "outbox")


def writer(settings: Settings) -> Writer:
    """Return the writer these settings choose: Gemini with a key, else the template."""
    if settings.gemini_api_key:
        from scheduler.integrations.gemini import GeminiWriter  # noqa: PLC0415 - 70 MB

        return GeminiWriter(settings)
    from scheduler.integrations.template import TemplateWriter  # noqa: PLC0415 - as above

    return TemplateWriter()
