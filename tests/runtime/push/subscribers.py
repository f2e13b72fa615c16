"""People with browsers, and a push service that reaches them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from runtime.crm import tokens
from runtime.crm.tokens import Viewer
from runtime.desk import nudges
from runtime.desk.nudges import Browser, Owner, Wishes
from runtime.models import PushKind, PushSubscription, Role, TokenKind
from runtime.push import keys
from scheduler import nudging
from scheduler.integrations.push import Pusher
from tests.fakes import FakePush
from tests.fakes.push import FakeBrowser
from tests.house import House


def anywhere(endpoint: str) -> None:
    """Let any endpoint pass: a fake's is on this machine, where the product calls nobody."""


@dataclass
class Reached:
    """A house whose people are nudged through a fake service."""

    house: House
    service: FakePush

    def __post_init__(self) -> None:
        self.service.signer = keys.public(self.house.settings)
        self.pusher = Pusher(self.house.settings, check=anywhere, connect=1.0, deadline=1.0)

    def a_person(self, name: str = "Bo", **token: Any) -> Viewer:
        """Let somebody in."""
        with self.house.tx() as tx:
            clear = tokens.create(tx, **({"name": name, "role": Role.VIEWER} | token))
        viewer = tokens.viewer(self.house.db, clear)
        assert viewer is not None
        return viewer

    def a_session(self, name: str = "Bo") -> Viewer:
        """Let somebody in by a browser's session."""
        return self.a_person(name, kind=TokenKind.SESSION, lives=tokens.SESSION_LIVES)

    def subscribed(
        self,
        person: Viewer | None = None,
        browser: FakeBrowser | None = None,
        *,
        kinds: Sequence[PushKind] = tuple(PushKind),
        **wishes: Any,
    ) -> FakeBrowser:
        """Have a person's browser told."""
        person, browser = person or self.a_person(), browser or self.service.browser()
        with self.house.tx() as tx:
            nudges.subscribe(
                tx,
                owner(person),
                Browser(browser.endpoint, **browser.keys),
                Wishes(kinds, **wishes),
                server_key=self.service.signer,
                check=anywhere,
            )
        return browser

    @property
    def row(self) -> PushSubscription:
        """The one subscription there is."""
        [found] = self.house.all(PushSubscription)
        return found

    def look(self) -> int:
        """Look once at all that is due in this house; return how many calls that took."""
        mine = [each for each in nudging.due(self.house.db) if each[0] == self.house.workspace_id]
        return sum(nudging.nudge(self.house.db, self.pusher, *each) for each in mine)

    def wait(self, **length: float) -> None:
        """Let time pass, with a look each five seconds of a short while, else one at its end."""
        end = self.house.clock.now + timedelta(**length)
        step = max(timedelta(seconds=5), timedelta(**length) / 60)
        while self.house.clock.now < end:
            self.look()
            self.house.clock.now = min(end, self.house.clock.now + step)
        self.look()


def owner(viewer: Viewer) -> Owner:
    return Owner(viewer.person_id, viewer.token_id)
