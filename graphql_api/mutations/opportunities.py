"""Opportunities: added, changed, handed to an agent."""

from strawberry import ID

from graphql_api import ids
from graphql_api.context import Info
from graphql_api.errors import UserError
from graphql_api.mutations.perform import once, optional_key, perform
from graphql_api.mutations.tasks import TaskPayload
from graphql_api.sdl import entry, field, output
from graphql_api.types import Opportunity
from graphql_api.types.enums import Priority, Role, Stage
from runtime import models
from runtime.desk import opportunities


@entry
class CreateOpportunityInput:
    """A deal, with somebody or with nobody yet."""

    title: str
    contact_id: ID | None = None
    value: float | None = None
    notes: str | None = None
    next_step: str | None = None
    stage: Stage | None = Stage.NEW
    idempotency_key: str | None = None


@entry
class UpdateOpportunityInput:
    """What about a deal changes; what is left out stays, an empty text clears."""

    opportunity_id: ID
    title: str | None = None
    value: float | None = None
    notes: str | None = None
    next_step: str | None = None
    stage: Stage | None = None
    contact_id: ID | None = None


@entry
class DelegateOpportunityInput:
    """Which deal is handed over; without an agent its state chooses one."""

    opportunity_id: ID
    agent_id: ID | None = None
    instruction: str | None = None
    priority: Priority | None = Priority.NORMAL
    idempotency_key: str | None = None


@output
class OpportunityPayload:
    """The opportunity as it now is, or why nothing was done."""

    opportunity: Opportunity | None
    user_errors: list[UserError]


@output
class OpportunityMutations:
    """What can be done with opportunities."""

    @field
    async def create_opportunity(
        self,
        info: Info,
        input: CreateOpportunityInput,  # noqa: A002 - the contract's name
    ) -> OpportunityPayload:
        """Add a deal to the pipeline."""
        work = once(
            info,
            models.Opportunity,
            input,
            lambda tx: opportunities.create(
                tx,
                who=info.context.caller.name,
                title=input.title,
                contact_id=optional_key(input.contact_id, "Contact", "contactId"),
                value=input.value,
                notes=input.notes,
                next_step=input.next_step,
                stage=input.stage or Stage.NEW,
            ),
        )
        opportunity, refused = await perform(info, Role.MEMBER, work)
        return OpportunityPayload(opportunity=opportunity, user_errors=refused)

    @field
    async def update_opportunity(
        self,
        info: Info,
        input: UpdateOpportunityInput,  # noqa: A002 - the contract's name
    ) -> OpportunityPayload:
        """Change a deal; WON or LOST ends what was still to be sent for it."""
        opportunity, refused = await perform(
            info,
            Role.MEMBER,
            lambda tx: opportunities.update(
                tx,
                who=info.context.caller.name,
                opportunity_id=ids.require(input.opportunity_id, "Opportunity", "opportunityId"),
                stage=input.stage,
                contact_id=optional_key(input.contact_id, "Contact", "contactId"),
                title=input.title,
                value=input.value,
                notes=input.notes,
                next_step=input.next_step,
            ),
        )
        return OpportunityPayload(opportunity=opportunity, user_errors=refused)

    @field
    async def delegate_opportunity(
        self,
        info: Info,
        input: DelegateOpportunityInput,  # noqa: A002 - the contract's name
    ) -> TaskPayload:
        """Hand a deal to an agent; the event opportunity.delegated says why to that one."""
        work = once(
            info,
            models.Task,
            input,
            lambda tx: opportunities.delegate(
                tx,
                who=info.context.caller.name,
                opportunity_id=ids.require(input.opportunity_id, "Opportunity", "opportunityId"),
                agent_id=optional_key(input.agent_id, "Agent", "agentId"),
                instruction=input.instruction,
                priority=Priority.NORMAL if input.priority is None else input.priority,
            ),
        )
        task, refused = await perform(info, Role.MEMBER, work)
        return TaskPayload(task=task, user_errors=refused)
