"""Tasks: assigned, cancelled, tried again."""

import strawberry
from strawberry import ID

from graphql_api import ids
from graphql_api.context import Info
from graphql_api.errors import UserError
from graphql_api.mutations.perform import attempt, once, optional_key, perform
from graphql_api.sdl import entry, field, output
from graphql_api.types import Task
from graphql_api.types.enums import IfEnrolled, Priority, Role
from graphql_api.types.node import present
from runtime import models
from runtime.crm import enrolment
from runtime.desk import tasks


@entry
class AssignTaskInput:
    """What is to be done, by whom, about whom.

    ifEnrolled: what becomes of it if another task writes to the contact already.
    research: whether facts are looked up before the mail is written; null, as the settings say.
    """

    agent_id: ID
    contact_id: ID | None = None
    opportunity_id: ID | None = None
    instruction: str
    priority: Priority | None = Priority.NORMAL
    idempotency_key: str | None = None
    if_enrolled: IfEnrolled | None = IfEnrolled.REFUSE
    research: bool | None = None


@entry
class CancelTaskInput:
    """Which task is to end."""

    task_id: ID
    reason: str | None = None


@entry
class RetryTaskInput:
    """Which task is to be tried again."""

    task_id: ID


@output
class TaskPayload:
    """The task as it now is, or why nothing was done.

    warnings: what was done all the same, but somebody should know of.
    """

    task: Task | None
    user_errors: list[UserError]
    warnings: list[str] = strawberry.field(default_factory=list)


@output
class TaskMutations:
    """What can be done with tasks."""

    @field
    async def assign_task(self, info: Info, input: AssignTaskInput) -> TaskPayload:  # noqa: A002 - the contract's name
        """Hand an agent a task; once this is answered, it is never lost."""
        work = once(
            info,
            models.Task,
            input,
            lambda tx: tasks.assign(
                tx,
                who=info.context.caller.name,
                agent_id=ids.require(input.agent_id, "Agent", "agentId"),
                contact_id=optional_key(input.contact_id, "Contact", "contactId"),
                opportunity_id=optional_key(input.opportunity_id, "Opportunity", "opportunityId"),
                instruction=input.instruction,
                priority=Priority.NORMAL if input.priority is None else input.priority,
                if_enrolled=input.if_enrolled or IfEnrolled.REFUSE,
                research=input.research,
            ),
        )
        row, refused = await attempt(info, Role.MEMBER, work)
        warnings: list[str] = []
        if row is not None:
            warnings = await info.context.read(lambda tx: enrolment.at_the_same_company(tx, row))
        return TaskPayload(task=present(row), warnings=warnings, user_errors=refused)

    @field
    async def cancel_task(self, info: Info, input: CancelTaskInput) -> TaskPayload:  # noqa: A002 - the contract's name
        """End a task and all that hangs on it."""
        task, refused = await perform(
            info,
            Role.MEMBER,
            lambda tx: tasks.cancel(
                tx,
                who=info.context.caller.name,
                task_id=ids.require(input.task_id, "Task", "taskId"),
                reason=input.reason,
            ),
        )
        return TaskPayload(task=task, user_errors=refused)

    @field
    async def retry_task(self, info: Info, input: RetryTaskInput) -> TaskPayload:  # noqa: A002 - the contract's name
        """Have a stopped task go on; refused while the outcome of a mail is unknown."""
        task, refused = await perform(
            info,
            Role.MEMBER,
            lambda tx: tasks.retry(
                tx,
                who=info.context.caller.name,
                task_id=ids.require(input.task_id, "Task", "taskId"),
            ),
        )
        return TaskPayload(task=task, user_errors=refused)
