"""Contacts: added, answered, left alone."""

import dataclasses

from strawberry import ID, UNSET

from graphql_api import ids
from graphql_api.context import Info
from graphql_api.errors import UserError
from graphql_api.mutations.perform import once, optional_key, perform
from graphql_api.sdl import entry, field, output
from graphql_api.types import Contact
from graphql_api.types.enums import LawfulBasis, Role
from runtime import models
from runtime.desk import changing, contacts, erasing


@entry
class CreateContactInput:
    """A person with one address; the time zone by its name, for example Europe/Berlin.

    country: its two letters or its English name; source: whence the address comes.
    """

    email: str
    name: str
    company: str | None = None
    title: str | None = None
    timezone: str | None = None
    country: str | None = None
    notes: str | None = None
    lawful_basis: LawfulBasis | None = None
    source: str | None = None
    idempotency_key: str | None = None


@entry
class UpdateContactInput:
    """What about a contact changes; what is left out stays, a null empties the field."""

    contact_id: ID
    email: str | None = UNSET
    name: str | None = UNSET
    company: str | None = UNSET
    title: str | None = UNSET
    timezone: str | None = UNSET
    country: str | None = UNSET
    notes: str | None = UNSET
    lawful_basis: LawfulBasis | None = UNSET
    source: str | None = UNSET

    def changes(self) -> dict[str, str | None]:
        """Return what was given, by the names of the columns."""
        given = {each.name: getattr(self, each.name) for each in dataclasses.fields(self)}
        del given["contact_id"]
        return {name: value for name, value in given.items() if value is not UNSET}


@entry
class RecordReplyInput:
    """Who answered what, and to which e-mail if that is known."""

    contact_id: ID
    text: str
    sent_email_id: ID | None = None


@entry
class SuppressContactInput:
    """Who is to be left alone, and why."""

    contact_id: ID
    reason: str


@entry
class EraseContactInput:
    """Who is to be forgotten, their address once more, and why; the reason stays on record."""

    contact_id: ID
    confirm_email: str
    reason: str


@output
class ContactPayload:
    """The contact as it now is, or why nothing was done."""

    contact: Contact | None
    user_errors: list[UserError]


@output
class ContactMutations:
    """What can be done about contacts."""

    @field
    async def create_contact(self, info: Info, input: CreateContactInput) -> ContactPayload:  # noqa: A002 - the contract's name
        """Add somebody; an address is there once."""
        work = once(
            info,
            models.Contact,
            input,
            lambda tx: contacts.create(
                tx,
                who=info.context.caller.name,
                email=input.email,
                name=input.name,
                company=input.company,
                title=input.title,
                timezone=input.timezone,
                country=input.country,
                notes=input.notes,
                lawful_basis=input.lawful_basis,
                source=input.source,
            ),
        )
        contact, refused = await perform(info, Role.MEMBER, work)
        return ContactPayload(contact=contact, user_errors=refused)

    @field
    async def update_contact(self, info: Info, input: UpdateContactInput) -> ContactPayload:  # noqa: A002 - the contract's name
        """Change what is known of somebody; another address frees nobody who is left alone."""
        contact, refused = await perform(
            info,
            Role.MEMBER,
            lambda tx: changing.change(
                tx,
                who=info.context.caller.name,
                contact_id=ids.require(input.contact_id, "Contact", "contactId"),
                changes=input.changes(),
            ),
        )
        return ContactPayload(contact=contact, user_errors=refused)

    @field
    async def record_reply(self, info: Info, input: RecordReplyInput) -> ContactPayload:  # noqa: A002 - the contract's name
        """Note that somebody answered; every open follow-up of theirs ends with it."""
        contact, refused = await perform(
            info,
            Role.MEMBER,
            lambda tx: contacts.record_reply(
                tx,
                who=info.context.caller.name,
                contact_id=ids.require(input.contact_id, "Contact", "contactId"),
                text=input.text,
                sent_email_id=optional_key(input.sent_email_id, "SentEmail", "sentEmailId"),
            ),
        )
        return ContactPayload(contact=contact, user_errors=refused)

    @field
    async def suppress_contact(self, info: Info, input: SuppressContactInput) -> ContactPayload:  # noqa: A002 - the contract's name
        """Leave somebody alone from now on, whatever was approved."""
        contact, refused = await perform(
            info,
            Role.MEMBER,
            lambda tx: contacts.suppress(
                tx,
                who=info.context.caller.name,
                contact_id=ids.require(input.contact_id, "Contact", "contactId"),
                reason=input.reason,
            ),
        )
        return ContactPayload(contact=contact, user_errors=refused)

    @field
    async def erase_contact(self, info: Info, input: EraseContactInput) -> ContactPayload:  # noqa: A002 - the contract's name
        """Forget who somebody is, for good, and never write to them again; an owner's decision."""
        contact, refused = await perform(
            info,
            Role.OWNER,
            lambda tx: erasing.erase(
                tx,
                who=info.context.caller.name,
                contact_id=ids.require(input.contact_id, "Contact", "contactId"),
                confirm_email=input.confirm_email,
                reason=input.reason,
            ),
        )
        return ContactPayload(contact=contact, user_errors=refused)
