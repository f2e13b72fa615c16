"""Messages: the vocabulary that the wings share.  What can be said in this house stands here.

A message is a small frozen record, kept as JSON in the mailbox.  It names rows
by id and never carries what a row can tell, except texts that have no row yet.
"""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError

from runtime.errors import Reject

_KNOWN: dict[str, type["Said"]] = {}


class Said(BaseModel):
    """Anything said; its class name is its type in the mailbox."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: ClassVar[str]
    says: ClassVar[str] = ""
    """The same in plain words for people; fields in braces are filled in."""

    @classmethod
    def __pydantic_init_subclass__(cls, **_kwargs: Any) -> None:
        cls.type = cls.__name__
        _KNOWN[cls.type] = cls

    def to_json(self) -> dict[str, Any]:
        """Return the body as the mailbox keeps it."""
        return self.model_dump(mode="json")

    def in_words(self) -> str:
        """Return the message as a person reads it."""
        return self.says.format_map(self.model_dump(mode="json"))


def in_words(type_: str, body: dict[str, Any]) -> str:
    """Return what was said in plain words; its type if another release said it, or it is erased."""
    try:
        return parse(type_, body).in_words() or type_
    except Reject:
        return type_


def parse(type_: str, body: dict[str, Any]) -> Said:
    """Return what was said, or raise Reject if this release does not understand it."""
    kind = _KNOWN.get(type_)
    if kind is None:
        raise Reject(f"Nobody here knows what {type_} means.", code="UNKNOWN_MESSAGE")
    try:
        return kind.model_validate(body)
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, fault["loc"])) for fault in error.errors())
        raise Reject(f"{type_} is malformed: {fields}.", code="MALFORMED_MESSAGE") from None


class AboutTask(Said):
    """Anything about a task; with ``follow_up_id`` about one step after its first mail."""

    task_id: uuid.UUID
    follow_up_id: uuid.UUID | None = None


# From people.


class TaskAssigned(AboutTask):
    """Somebody wants this done."""

    says = "A person wants this done; begin."


class TaskRetried(AboutTask):
    """A person had what stopped the task put right: go on from where it stopped.

    ``not_before``: when an approved mail's turn is, where many are released together.
    """

    says = "Go on from where it stopped."

    not_before: datetime | None = None


class Briefing(AboutTask):
    """The planning agent's recommendation was accepted: do this, for the reasons it gave."""

    says = (
        "The pipeline asks for this, and {accepted_by} agreed: begin. The task says what "
        "is wanted, the recommendation why."
    )

    recommendation_id: uuid.UUID
    accepted_by: str


class DraftApproved(AboutTask):
    """A person let this draft out."""

    says = "The draft is approved: have it sent."

    draft_id: uuid.UUID


class DraftRejected(AboutTask):
    """A person wants another version, and says how."""

    says = "Another version, please: {feedback}"

    draft_id: uuid.UUID
    feedback: str


class StepsExtended(AboutTask):
    """After the last unanswered mail a person wants some more."""

    says = "Write {steps} more times."

    steps: int


class PersonWrote(Said):
    """A person spoke to an agent; ``intent`` was understood of it, and ``done`` about it.

    ``who_id``: which person, as their token says.
    """

    says = "{text}"

    text: str
    task_id: uuid.UUID | None = None
    who: str = "person"
    who_id: uuid.UUID | None = None
    intent: str = "UNCLEAR"
    done: str = ""


# From the scheduler: what became of a call.


class TextWritten(AboutTask):
    """The writer has finished."""

    says = "{writer} has written “{subject}”."

    call_id: uuid.UUID
    subject: str
    body: str
    writer: str
    citations: list[dict[str, Any]] = []


class PageRead(AboutTask):
    """A listed page was read; so many facts of it are kept, and why other quotes are not."""

    says = "{host} is read; {facts} facts of it are kept."

    call_id: uuid.UUID
    page_id: uuid.UUID
    host: str
    facts: int
    refused: list[str] = []


class PageNotRead(AboutTask):
    """A listed page was not read, and will not be for now."""

    says = "{host} is not read: {message}"

    call_id: uuid.UUID
    page_id: uuid.UUID | None
    host: str
    code: str
    message: str


class QuestionAsked(AboutTask):
    """A reply to one of our mails asks something."""

    says = "The contact asks something in a reply."

    reply_id: uuid.UUID


class EmailSent(AboutTask):
    """The transport accepted the mail."""

    says = "The mail is out."

    sent_email_id: uuid.UUID
    sent_at: datetime


class EmailRefused(AboutTask):
    """The gate said no.  Nothing left."""

    says = "The mail was not let out: {detail}"

    sent_email_id: uuid.UUID
    rule: str
    detail: str


class EmailUnknown(AboutTask):
    """Nobody knows whether the mail left, and it may no longer be tried under its key."""

    says = "Nobody knows whether the mail left: {detail}"

    sent_email_id: uuid.UUID
    detail: str


class FindingWorded(Said):
    """A model put a finding's reason in plainer words, which were checked.

    ``mark``: of which words of the rule's, so that it is not taken for other ones.
    """

    recommendation_id: uuid.UUID
    call_id: uuid.UUID
    mark: str
    text: str
    writer: str


class CallFailed(AboutTask):
    """A call came to nothing for good."""

    says = "It came to nothing: {message}"

    call_id: uuid.UUID
    call: str
    code: str
    message: str


# From agents to agents.


class OutreachSent(AboutTask):
    """The first mail is out: follow it up."""

    says = "The first mail is out; please follow it up."

    sent_email_id: uuid.UUID
    sent_at: datetime


class FactsWanted(AboutTask):
    """Look up what is known of the task's contact, before anything is written."""

    says = "What do we know of this contact? I am about to write."


class FactsGathered(AboutTask):
    """What could be looked up, was: so many facts may be used, so many pages were not read."""

    says = "{facts} facts can be used. Pages read: {pages_read}; not read: {pages_not_read}."

    facts: int
    pages_read: int = 0
    pages_not_read: int = 0


class ResearchOverdue(AboutTask):
    """Facts have been waited for long enough."""

    says = "Facts have been waited for long enough."


class ContactSilent(AboutTask):
    """Every follow-up is out and there is no answer; a person was asked what to do."""

    says = (
        "No answer to {mails} mails. A person is asked what to do; look what it means "
        "for the pipeline."
    )

    mails: int


class FollowUpDue(AboutTask):
    """It is time for the next step."""

    says = "The next step is due."


class ApprovalOverdue(AboutTask):
    """A step written ahead is due now; a person may not have decided on it yet."""

    says = "A step written ahead is due; see whether it is approved."


class AnswerOverdue(AboutTask):
    """The last mail has been out for its whole wait."""

    says = "The last mail has had its whole wait."


class PipelineChanged(Said):
    """Something happened to deals, or a day has passed: look what deserves attention."""

    says = "Something happened, or a day has passed: look at the pipeline."


class Answer(Said):
    """An agent speaks to people."""

    says = "{text}"

    text: str
    task_id: uuid.UUID | None = None
