"""Escalations: settled by a person."""

from strawberry import ID

from graphql_api import ids
from graphql_api.context import Info
from graphql_api.errors import UserError
from graphql_api.mutations.perform import perform
from graphql_api.sdl import entry, field, output
from graphql_api.types import Escalation
from graphql_api.types.enums import EscalationAction, Role
from runtime.desk import escalations


@entry
class ResolveEscalationInput:
    """Which escalation, and how it is settled; steps: how many more follow-ups (EXTEND)."""

    escalation_id: ID
    action: EscalationAction
    steps: int | None = None
    note: str | None = None


@output
class EscalationPayload:
    """The escalation as it now is, or why nothing was done."""

    escalation: Escalation | None
    user_errors: list[UserError]


@output
class EscalationMutations:
    """What can be done with escalations."""

    @field
    async def resolve_escalation(
        self,
        info: Info,
        input: ResolveEscalationInput,  # noqa: A002 - the contract's name
    ) -> EscalationPayload:
        """Settle an escalation, once."""
        escalation, refused = await perform(
            info,
            Role.MEMBER,
            lambda tx: escalations.resolve(
                tx,
                who=info.context.caller.name,
                escalation_id=ids.require(input.escalation_id, "Escalation", "escalationId"),
                action=input.action,
                steps=input.steps,
                note=input.note,
            ),
        )
        return EscalationPayload(escalation=escalation, user_errors=refused)
