"""Lists: everything that can be read a page at a time, and in which order.

One shape for all: ``first`` and ``after`` from the beginning, ``last`` and ``before``
from the end.
"""

from strawberry import ID

from graphql_api.context import Info
from graphql_api.filters import (
    EventFilter,
    FollowUpFilter,
    MessageFilter,
    SentEmailFilter,
    TaskFilter,
    among,
    holds,
    points_at,
)
from graphql_api.paging import Listing, Paging, page
from graphql_api.sdl import field, output
from graphql_api.types import (
    Contact,
    Draft,
    Escalation,
    Event,
    FollowUp,
    InboundEmail,
    Message,
    Opportunity,
    Recommendation,
    Reply,
    SentEmail,
    Suppression,
    Task,
)
from graphql_api.types.connection import Connection
from graphql_api.types.enums import DraftStatus, InboundStatus, RecommendationStatus, Stage
from runtime import models

TASKS = Listing("tasks", models.Task, (models.Task.id,), newest_first=True)
FOLLOW_UPS = Listing("followUps", models.FollowUp, (models.FollowUp.due_at, models.FollowUp.id))
DRAFTS = Listing("drafts", models.Draft, (models.Draft.id,), newest_first=True)
SENT_EMAILS = Listing("sentEmails", models.SentEmail, (models.SentEmail.id,), newest_first=True)
ESCALATIONS = Listing("escalations", models.Escalation, (models.Escalation.id,), newest_first=True)
REPLIES = Listing(
    "replies", models.Reply, (models.Reply.received_at, models.Reply.id), newest_first=True
)
INBOUND_EMAILS = Listing(
    "inboundEmails", models.InboundEmail, (models.InboundEmail.id,), newest_first=True
)
SUPPRESSIONS = Listing(
    "suppressions", models.Suppression, (models.Suppression.id,), newest_first=True
)
MESSAGES = Listing("messages", models.Message, (models.Message.id,))
# A page ends where a subscription goes on.
EVENTS = Listing("events", models.Event, (models.Event.seq,), ids_of="Event")
CONTACTS = Listing("contacts", models.Contact, (models.Contact.id,), newest_first=True)
OPPORTUNITIES = Listing(
    "opportunities", models.Opportunity, (models.Opportunity.id,), newest_first=True
)

RECOMMENDATIONS = Listing(
    "recommendations", models.Recommendation, (models.Recommendation.id,), newest_first=True
)


@output
class Lists:
    """Everything that can be read a page at a time."""

    @field
    async def tasks(
        self,
        info: Info,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        filter: TaskFilter | None = None,  # noqa: A002 - the contract's name
    ) -> Connection[Task]:
        """List tasks, the newest first."""
        paging = Paging(first, after, last, before)
        return await page(info, TASKS, paging, *(filter.conditions() if filter else ()))

    @field
    async def follow_ups(
        self,
        info: Info,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        filter: FollowUpFilter | None = None,  # noqa: A002 - the contract's name
    ) -> Connection[FollowUp]:
        """List follow-ups as they fall due."""
        paging = Paging(first, after, last, before)
        return await page(info, FOLLOW_UPS, paging, *(filter.conditions() if filter else ()))

    @field
    async def drafts(
        self,
        info: Info,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        status: list[DraftStatus] | None = None,
    ) -> Connection[Draft]:
        """List drafts, the newest first."""
        paging = Paging(first, after, last, before)
        return await page(info, DRAFTS, paging, *among(models.Draft.status, status))

    @field
    async def sent_emails(
        self,
        info: Info,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        filter: SentEmailFilter | None = None,  # noqa: A002 - the contract's name
    ) -> Connection[SentEmail]:
        """List e-mails that left or were held, the newest first."""
        paging = Paging(first, after, last, before)
        return await page(info, SENT_EMAILS, paging, *(filter.conditions() if filter else ()))

    @field
    async def escalations(
        self,
        info: Info,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        open: bool | None = True,  # noqa: A002 - the contract's name
        contact_id: ID | None = None,
    ) -> Connection[Escalation]:
        """List what waits for a person, the newest first; with open: false what did, null both."""
        resolved = models.Escalation.resolved_at
        wanted = () if open is None else (resolved.is_(None) if open else resolved.is_not(None),)
        about = points_at(models.Escalation.contact_id, "Contact", contact_id, "contactId")
        return await page(info, ESCALATIONS, Paging(first, after, last, before), *wanted, *about)

    @field
    async def replies(
        self,
        info: Info,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        contact_id: ID | None = None,
    ) -> Connection[Reply]:
        """List what contacts answered, the newest first."""
        paging = Paging(first, after, last, before)
        of_contact = points_at(models.Reply.contact_id, "Contact", contact_id, "contactId")
        return await page(info, REPLIES, paging, *of_contact)

    @field
    async def inbound_emails(
        self,
        info: Info,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        status: list[InboundStatus] | None = None,
    ) -> Connection[InboundEmail]:
        """List mails that came in, the newest first; SUGGESTED and UNMATCHED wait for a person."""
        paging = Paging(first, after, last, before)
        return await page(info, INBOUND_EMAILS, paging, *among(models.InboundEmail.status, status))

    @field
    async def suppressions(
        self,
        info: Info,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        search: str | None = None,
    ) -> Connection[Suppression]:
        """List addresses that get no mail, the newest first."""
        paging = Paging(first, after, last, before)
        return await page(info, SUPPRESSIONS, paging, *holds(search, models.Suppression.email))

    @field
    async def messages(
        self,
        info: Info,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        filter: MessageFilter | None = None,  # noqa: A002 - the contract's name
    ) -> Connection[Message]:
        """List messages in the order they were sent; status DEAD are the dead letters."""
        paging = Paging(first, after, last, before)
        return await page(info, MESSAGES, paging, *(filter.conditions() if filter else ()))

    @field
    async def events(
        self,
        info: Info,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        filter: EventFilter | None = None,  # noqa: A002 - the contract's name
    ) -> Connection[Event]:
        """List what happened, in order; an event's id is its cursor."""
        paging = Paging(first, after, last, before)
        return await page(info, EVENTS, paging, *(filter.conditions() if filter else ()))

    @field
    async def contacts(
        self,
        info: Info,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        search: str | None = None,
    ) -> Connection[Contact]:
        """List contacts, the newest first; search looks in name, address and company."""
        contact = models.Contact
        found = holds(search, contact.name, contact.email, contact.company)
        return await page(info, CONTACTS, Paging(first, after, last, before), *found)

    @field
    async def opportunities(
        self,
        info: Info,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        stage: list[Stage] | None = None,
        contact_id: ID | None = None,
    ) -> Connection[Opportunity]:
        """List opportunities, the newest first."""
        deal, paging = models.Opportunity, Paging(first, after, last, before)
        with_contact = points_at(deal.contact_id, "Contact", contact_id, "contactId")
        return await page(info, OPPORTUNITIES, paging, *among(deal.stage, stage), *with_contact)

    @field
    async def recommendations(
        self,
        info: Info,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        status: list[RecommendationStatus] | None = None,
    ) -> Connection[Recommendation]:
        """List what the planning agent recommends, the newest first."""
        paging = Paging(first, after, last, before)
        wanted = among(models.Recommendation.status, status)
        return await page(info, RECOMMENDATIONS, paging, *wanted)
