"""Suppressions: put onto the list, and taken off it, never silently."""

from functools import partial

from strawberry import ID

from graphql_api import ids
from graphql_api.context import Info
from graphql_api.errors import UserError, user_error
from graphql_api.mutations.contacts import ContactPayload
from graphql_api.mutations.imports import ImportFailure, failures, from_file
from graphql_api.mutations.perform import attempt, perform
from graphql_api.sdl import entry, field, output
from graphql_api.types import Suppression
from graphql_api.types.enums import Role
from graphql_api.types.node import present
from runtime.crm import suppression_csv
from runtime.desk import listing, suppressions
from runtime.errors import Refused


@entry
class AddSuppressionInput:
    """Who is to get no mail: one address, or with @example.org all of a domain; and why."""

    address: str
    reason: str


@entry
class ImportSuppressionsInput:
    """A list of addresses or domains, as text (csv) or bytes (base64), at most 5 MB; and why."""

    csv: str | None = None
    base64: str | None = None
    reason: str


@entry
class RemoveSuppressionInput:
    """Which entry of the list, and why it may go."""

    suppression_id: ID
    reason: str


@output
class SuppressionPayload:
    """The entry of the list, or why there is none."""

    suppression: Suppression | None
    user_errors: list[UserError]


@output
class ImportSuppressionsPayload:
    """How many are new on the list, how many were there, and each line that is no address."""

    added: int
    known: int
    failed: list[ImportFailure]
    user_errors: list[UserError]


@output
class SuppressionMutations:
    """What can be done with the suppression list."""

    @field
    async def add_suppression(self, info: Info, input: AddSuppressionInput) -> SuppressionPayload:  # noqa: A002 - the contract's name
        """Put an address or a domain onto the list, whether it is a contact's or not."""
        entry, refused = await perform(
            info,
            Role.MEMBER,
            lambda tx: listing.add(
                tx,
                who=info.context.caller.name,
                address=input.address,
                reason=input.reason,
            ),
        )
        return SuppressionPayload(suppression=entry, user_errors=refused)

    @field
    async def remove_suppression(self, info: Info, input: RemoveSuppressionInput) -> ContactPayload:  # noqa: A002 - the contract's name
        """Take an address off the list; what somebody asked for, only they can take back."""
        contact, refused = await attempt(
            info,
            Role.MEMBER,
            lambda tx: suppressions.remove(
                tx,
                who=info.context.caller.name,
                suppression_id=ids.require(input.suppression_id, "Suppression", "suppressionId"),
                reason=input.reason,
                owner=info.context.caller.viewer.role.may(Role.OWNER),
            ),
        )
        return ContactPayload(contact=present(contact), user_errors=refused)

    @field
    async def import_suppressions(
        self,
        info: Info,
        input: ImportSuppressionsInput,  # noqa: A002 - the contract's name
    ) -> ImportSuppressionsPayload:
        """Put a whole list on ours; contacts on it are left alone from now on."""
        info.context.caller.must_be(Role.MEMBER)
        try:
            sheet = await info.context.services.off_loop(
                from_file, input.csv, input.base64, suppression_csv.read
            )
        except Refused as refused:
            return _payload(None, [user_error(refused)])
        name = info.context.caller.name
        work = partial(listing.add_all, who=name, sheet=sheet, reason=input.reason)
        return _payload(*await attempt(info, Role.MEMBER, work))


def _payload(done: listing.Listed | None, refused: list[UserError]) -> ImportSuppressionsPayload:
    return ImportSuppressionsPayload(
        added=done.added if done else 0,
        known=done.known if done else 0,
        failed=failures(done.failed if done else ()),
        user_errors=refused,
    )
