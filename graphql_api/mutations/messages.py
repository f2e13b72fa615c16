"""Messages: a person speaks to an agent, and sees to the dead letters."""

from strawberry import ID

from graphql_api import ids
from graphql_api.context import Info
from graphql_api.errors import UserError
from graphql_api.mutations.perform import number, once, optional_key, perform
from graphql_api.sdl import entry, field, output
from graphql_api.types import Message
from graphql_api.types.enums import Role
from runtime import models
from runtime.desk import messages


@entry
class SendMessageInput:
    """What is said to which agent."""

    agent_id: ID
    text: str
    task_id: ID | None = None
    idempotency_key: str | None = None


@entry
class MessageInput:
    """Which message."""

    message_id: ID


@output
class MessagePayload:
    """The message as it now is, or why nothing was done."""

    message: Message | None
    user_errors: list[UserError]


@output
class MessageMutations:
    """What can be done with messages."""

    @field
    async def send_message(self, info: Info, input: SendMessageInput) -> MessagePayload:  # noqa: A002 - the contract's name
        """Say something to an agent; its answer comes as a message."""
        work = once(
            info,
            models.Message,
            input,
            lambda tx: messages.send(
                tx,
                who=info.context.caller.name,
                who_id=info.context.caller.viewer.person_id,
                agent_id=ids.require(input.agent_id, "Agent", "agentId"),
                text=input.text,
                task_id=optional_key(input.task_id, "Task", "taskId"),
            ),
        )
        message, refused = await perform(info, Role.MEMBER, work)
        return MessagePayload(message=message, user_errors=refused)

    @field
    async def replay_message(self, info: Info, input: MessageInput) -> MessagePayload:  # noqa: A002 - the contract's name
        """Give a dead letter all its tries again."""
        message, refused = await perform(
            info,
            Role.MEMBER,
            lambda tx: messages.replay(
                tx,
                who=info.context.caller.name,
                message_id=number(input.message_id, "messageId"),
            ),
        )
        return MessagePayload(message=message, user_errors=refused)

    @field
    async def discard_message(self, info: Info, input: MessageInput) -> MessagePayload:  # noqa: A002 - the contract's name
        """Put a dead letter away; it stays readable."""
        message, refused = await perform(
            info,
            Role.MEMBER,
            lambda tx: messages.discard(
                tx,
                who=info.context.caller.name,
                message_id=number(input.message_id, "messageId"),
            ),
        )
        return MessagePayload(message=message, user_errors=refused)
