"""Suppressions: put onto the list, and taken off it, never silently."""

from strawberry import ID

from graphql_api import ids
from graphql_api.context import Info
from graphql_api.errors import UserError
from graphql_api.mutations.contacts import ContactPayload
from graphql_api.mutations.perform import attempt, perform
from graphql_api.sdl import entry, field, output
from graphql_api.types import Suppression
from graphql_api.types.enums import Role
from graphql_api.types.node import present
from runtime.desk import listing, suppressions


@entry
class AddSuppressionInput:
    """Who is to get no mail: one address, or with @example.org all of a domain; and why."""

    address: str
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
