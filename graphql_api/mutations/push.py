"""Push: who wants to be nudged, in which of their browsers, of what and when.

Anybody who may come in may ask for it, for themself alone.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from strawberry import ID, UNSET

from graphql_api import ids
from graphql_api.context import Info
from graphql_api.errors import UserError, user_error
from graphql_api.mutations.perform import attempt
from graphql_api.sdl import entry, field, output
from graphql_api.types import PushSubscription
from graphql_api.types.enums import PushKind, Role
from graphql_api.types.push import push_owner
from runtime import models
from runtime.db import Transaction
from runtime.desk import nudges
from runtime.desk.nudges import Browser, Owner, Wishes
from runtime.errors import Refused
from runtime.push import endpoints, keys
from runtime.settings import SettingsError


@entry
class QuietHoursInput:
    """From when to when nothing is told, HH:MM; 22:00 to 07:00 lasts across midnight."""

    start: str
    end: str


@entry
class SubscribeToPushInput:
    """What the browser's PushSubscription says of itself, and what it is to be told of.

    p256dh and auth: its keys, base64url.  timezone: of the quiet hours; the workspace's if
    left out.  label: what its person calls the browser.
    """

    endpoint: str
    p256dh: str
    auth: str
    kinds: list[PushKind]
    quiet_hours: QuietHoursInput | None = None
    timezone: str | None = None
    label: str | None = None


@entry
class PushBrowserInput:
    """Where a browser is reached now, and its keys, base64url, as in SubscribeToPushInput."""

    endpoint: str
    p256dh: str
    auth: str


@entry
class UpdatePushSubscriptionInput:
    """What changes; what is left out stays, a null takes it away.

    browser: where it is reached from now on, as its push service gave it another address.
    """

    push_subscription_id: ID
    browser: PushBrowserInput | None = None
    kinds: list[PushKind] | None = UNSET
    quiet_hours: QuietHoursInput | None = UNSET
    timezone: str | None = UNSET
    label: str | None = UNSET

    def changes(self) -> dict[str, Any]:
        """Return what was given, as the desk names it."""
        given: dict[str, Any] = {
            "kinds": self.kinds or [] if self.kinds is not UNSET else UNSET,
            "quiet_hours": _pair(self.quiet_hours) if self.quiet_hours is not UNSET else UNSET,
            "timezone": self.timezone,
            "label": self.label,
        }
        return {name: value for name, value in given.items() if value is not UNSET}


@entry
class PushSubscriptionInput:
    """Which of one's own."""

    push_subscription_id: ID


@output
class PushSubscriptionPayload:
    """The subscription as it now is, or why nothing was done."""

    push_subscription: PushSubscription | None
    user_errors: list[UserError]


@output
class UnsubscribeFromPushPayload:
    """The id of what is no more, or why nothing was done."""

    push_subscription_id: ID | None
    user_errors: list[UserError]


@output
class PushMutations:
    """What can be done about notifications in one's own browsers."""

    @field
    async def subscribe_to_push(
        self,
        info: Info,
        input: SubscribeToPushInput,  # noqa: A002 - the contract's name
    ) -> PushSubscriptionPayload:
        """Have this browser told from now on; once more, it is renewed with these wishes."""
        services = info.context.services
        try:
            key = await services.off_loop(keys.public, services.settings)
        except SettingsError:
            said = "There is no key to sign notifications with: an operator sets VAPID_PRIVATE_KEY."
            refused = user_error(Refused(said, code="NO_PUSH_KEY"))
            return PushSubscriptionPayload(push_subscription=None, user_errors=[refused])
        browser = Browser(input.endpoint, input.p256dh, input.auth)
        wishes = Wishes(input.kinds, _pair(input.quiet_hours), input.timezone, input.label)
        check = endpoints.check(services.settings)
        return await _change(
            info,
            lambda tx, owner: nudges.subscribe(
                tx, owner, browser, wishes, server_key=key, check=check
            ),
        )

    @field
    async def update_push_subscription(
        self,
        info: Info,
        input: UpdatePushSubscriptionInput,  # noqa: A002 - the contract's name
    ) -> PushSubscriptionPayload:
        """Change what one of one's own browsers is told of, and when not, or where it is."""
        check = endpoints.check(info.context.services.settings)

        def update(tx: Transaction, owner: Owner) -> models.PushSubscription:
            row = _key(input.push_subscription_id)
            if (given := input.browser) is not None:
                browser = Browser(given.endpoint, given.p256dh, given.auth)
                with _within("browser", "endpoint", "p256dh", "auth"):
                    nudges.move(tx, owner, row, browser, check=check)
            return nudges.update(tx, owner, row, input.changes())

        return await _change(info, update)

    @field
    async def unsubscribe_from_push(
        self,
        info: Info,
        input: PushSubscriptionInput,  # noqa: A002 - the contract's name
    ) -> UnsubscribeFromPushPayload:
        """Tell one of one's own browsers nothing more, and forget it."""
        owner = push_owner(info)

        def forget(tx: Transaction) -> ID:
            nudges.unsubscribe(tx, owner, _key(input.push_subscription_id))
            return input.push_subscription_id

        done, refused = await attempt(info, Role.VIEWER, forget)
        return UnsubscribeFromPushPayload(push_subscription_id=done, user_errors=refused)

    @field
    async def test_push(
        self,
        info: Info,
        input: PushSubscriptionInput,  # noqa: A002 - the contract's name
    ) -> PushSubscriptionPayload:
        """Have a notification of no news come within seconds, quiet hours or not."""
        return await _change(
            info, lambda tx, owner: nudges.test(tx, owner, _key(input.push_subscription_id))
        )


@contextmanager
def _within(outer: str, *fields: str) -> Iterator[None]:
    """Have what is refused of these fields be found within another."""
    try:
        yield
    except Refused as refused:
        if refused.field in fields:
            refused.field = f"{outer}.{refused.field}"
        raise


async def _change(
    info: Info, work: Callable[[Transaction, Owner], models.PushSubscription]
) -> PushSubscriptionPayload:
    owner = push_owner(info)
    row, refused = await attempt(info, Role.VIEWER, lambda tx: work(tx, owner))
    return PushSubscriptionPayload(
        push_subscription=PushSubscription.of(row) if row else None, user_errors=refused
    )


def _key(global_id: ID) -> Any:
    return ids.require(global_id, "PushSubscription", "pushSubscriptionId")


def _pair(hours: QuietHoursInput | None) -> tuple[str, str] | None:
    return (hours.start, hours.end) if hours else None
