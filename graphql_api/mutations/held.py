"""Held mails: looked at and released."""

from datetime import datetime

from graphql_api.context import Info
from graphql_api.errors import UserError
from graphql_api.mutations.perform import attempt
from graphql_api.sdl import entry, field, output
from graphql_api.types.enums import Role
from runtime.desk import held
from runtime.mail.held import Release


@entry
class ReleaseHeldEmailsInput:
    """How many mails the preview said; if it is another number by now, nothing is released."""

    expected_count: int


@output
class HeldEmailsPayload:
    """How many mails, and when the first and the last has its turn; no times while none may go."""

    count: int
    first_at: datetime | None
    last_at: datetime | None
    user_errors: list[UserError]


@output
class HeldMutations:
    """What can be done with mails that were approved while real sending was off."""

    @field
    async def preview_held_emails(self, info: Info) -> HeldEmailsPayload:
        """Say what releasing the held mails would do; nothing is changed."""
        return await _preview(info, [])

    @field
    async def release_held_emails(
        self,
        info: Info,
        input: ReleaseHeldEmailsInput,  # noqa: A002 - the contract's name
    ) -> HeldEmailsPayload:
        """Have the held mails come to the gate again, in their order and spread."""
        settings = info.context.services.settings
        released, refused = await attempt(
            info,
            Role.MEMBER,
            lambda tx: held.release(
                tx,
                who=info.context.caller.name,
                expected_count=input.expected_count,
                settings=settings,
            ),
        )
        return await _preview(info, refused) if released is None else _payload(released, [])


async def _preview(info: Info, refused: list[UserError]) -> HeldEmailsPayload:
    settings = info.context.services.settings
    seen, more = await attempt(info, Role.MEMBER, lambda tx: held.preview(tx, settings=settings))
    return _payload(seen or Release(0), refused + more)


def _payload(release: Release, refused: list[UserError]) -> HeldEmailsPayload:
    return HeldEmailsPayload(
        count=release.count,
        first_at=release.first_at,
        last_at=release.last_at,
        user_errors=refused,
    )
