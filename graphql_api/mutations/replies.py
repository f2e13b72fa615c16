"""Replies: mail that came in, attached, put aside, looked at."""

from strawberry import ID

from graphql_api import ids
from graphql_api.context import Info
from graphql_api.errors import UserError
from graphql_api.mutations.perform import optional_key, perform
from graphql_api.sdl import entry, field, output
from graphql_api.types import InboundEmail, Reply
from graphql_api.types.enums import Role
from runtime.desk import replies


@entry
class AttachReplyInput:
    """Which mail, and whose answer to what; what is left out is as it was suggested."""

    inbound_email_id: ID
    contact_id: ID | None = None
    sent_email_id: ID | None = None


@entry
class DismissReplyInput:
    """Which mail is nobody's answer, and why."""

    inbound_email_id: ID
    reason: str


@entry
class ReviewReplyInput:
    """Which reply was looked at; kind: what it is, if it was taken for something else."""

    reply_id: ID
    kind: str | None = None


@output
class ReplyPayload:
    """The reply, or why not."""

    reply: Reply | None
    user_errors: list[UserError]


@output
class InboundEmailPayload:
    """The mail, or why not."""

    inbound_email: InboundEmail | None
    user_errors: list[UserError]


@output
class ReplyMutations:
    """What can be done with mail that came in."""

    @field
    async def attach_reply(self, info: Info, input: AttachReplyInput) -> ReplyPayload:  # noqa: A002 - our convention
        """Take a mail for a contact's answer, with all that follows from one."""
        reply, refused = await perform(
            info,
            Role.MEMBER,
            lambda tx: replies.attach(
                tx,
                who=info.context.caller.name,
                inbound_email_id=ids.require(
                    input.inbound_email_id, "InboundEmail", "inboundEmailId"
                ),
                contact_id=optional_key(input.contact_id, "Contact", "contactId"),
                sent_email_id=optional_key(input.sent_email_id, "SentEmail", "sentEmailId"),
            ),
        )
        return ReplyPayload(reply=reply, user_errors=refused)

    @field
    async def dismiss_reply(self, info: Info, input: DismissReplyInput) -> InboundEmailPayload:  # noqa: A002 - as above
        """Say that a mail is nobody's answer; what waited for that goes on."""
        row, refused = await perform(
            info,
            Role.MEMBER,
            lambda tx: replies.dismiss(
                tx,
                who=info.context.caller.name,
                inbound_email_id=ids.require(
                    input.inbound_email_id, "InboundEmail", "inboundEmailId"
                ),
                reason=input.reason,
            ),
        )
        return InboundEmailPayload(inbound_email=row, user_errors=refused)

    @field
    async def review_reply(self, info: Info, input: ReviewReplyInput) -> ReplyPayload:  # noqa: A002 - as above
        """Confirm what a reply was taken for, or say what it is, with what follows from that."""
        reply, refused = await perform(
            info,
            Role.MEMBER,
            lambda tx: replies.review(
                tx,
                who=info.context.caller.name,
                reply_id=ids.require(input.reply_id, "Reply", "replyId"),
                kind=input.kind,
            ),
        )
        return ReplyPayload(reply=reply, user_errors=refused)
