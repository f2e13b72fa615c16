"""World: one run, from its seed to its end.

Rounds: time passes, what had to happen happens, people act, the machine works a little.
Then a calm: the weather clears, people switch everything on again and do nothing more,
and all that can still happen does, up to some weeks later.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from unittest import mock
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from agents import team
from runtime import backoff, clock, failpoints
from runtime.clock import FakeClock
from runtime.db import Database
from runtime.desk import contacts, workspaces
from runtime.models import Agent, AgentKind, Contact
from runtime.settings import Settings
from tests.house import House
from tests.simulator import invariants, traits
from tests.simulator.author import Author
from tests.simulator.chance import Chance, Jitter
from tests.simulator.diary import Broken, Diary
from tests.simulator.eye import Eye
from tests.simulator.future import Future
from tests.simulator.hand import current
from tests.simulator.invariants import sight
from tests.simulator.invariants.scene import Scene
from tests.simulator.ledger import Ledger, Reader, Taken
from tests.simulator.machine import Machine
from tests.simulator.people import ACTS, reviewing, switches
from tests.simulator.people.inbox import Inbox
from tests.simulator.people.office import Office
from tests.simulator.people.readers import give_task
from tests.simulator.post import Post
from tests.simulator.provider import Provider
from tests.simulator.readers import Readers
from tests.simulator.traits import PERSONAS, ZONES, Traits
from tests.simulator.weather import Weather

_CALM = timedelta(days=40)
_LOOK_EACH = 4
"""Rounds between two looks at the promises that need one."""

_MOMENTS = 300
"""More than the calm has; beyond it something goes in circles."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to; ``broken``: the promise that was, if one was."""

    seed: int
    broken: Broken | None
    diary: Diary
    mails: int
    seconds: float

    def __str__(self) -> str:
        """Say what broke and tell the story of it."""
        if self.broken is None:
            return f"seed {self.seed}: every promise was kept, {self.mails} mails"
        story = self.diary.told(self.broken.about)
        return f"seed {self.seed}: {self.broken}\n{story}\nagain: make simulate SEED={self.seed}"


def run(db: Database, seed: int, folder: Path, *, roughness: float | None = None) -> Outcome:
    """Play one run; ``roughness`` has more go wrong than the seed would."""
    began, broken = time.perf_counter(), None
    fake = FakeClock()
    with _in(fake):
        world = World(db, fake, seed, folder, roughness)
        try:
            world.play()
        except Broken as promise:
            broken = promise
        finally:
            world.end()
    seconds = time.perf_counter() - began
    return Outcome(seed, broken, world.diary, len(world.ledger.taken), seconds)


@contextmanager
def _in(fake: FakeClock) -> Iterator[None]:
    clock.use(fake)
    try:
        yield
    finally:
        clock.use(None)
        failpoints.listen(None)


class World:
    """All of it, put together."""

    def __init__(
        self, db: Database, fake: FakeClock, seed: int, folder: Path, roughness: float | None
    ) -> None:
        self.clock, self.seed = fake, seed
        self.ledger, self.diary = Ledger(), Diary(fake)
        self.weather = Weather(self._chance("weather"), fake, self.diary, roughness=roughness)
        self.traits: Traits = traits.drawn(self._chance("traits"))
        settings = {allowed: _settings(folder, allowed=allowed) for allowed in (True, False)}
        self.house = House(db, fake, folder)
        self.house.settings = settings[True]
        self.house.mailer = Provider(fake, self.ledger, self.weather, self.diary, self._taken)
        self.house.writer = Author(self.weather)
        self.eye = Eye(db, self.house.workspace_id)
        self.scene = Scene(self.house, self.eye, self.ledger)
        self.jitter = Jitter(self._chance("jitter"))
        members = {agent.kind: agent for agent in team()}
        self.machine = Machine(
            self.house, members, self.eye, self.ledger, self.weather, self.diary,
            self._chance("machine"), self.jitter,
        )  # fmt: skip
        self.office = Office(
            self.house, self.eye, self.ledger, self.diary, self._chance("people"), settings,
            self.machine.hands, {agent.kind: agent.id for agent in self.house.all(Agent)},
        )  # fmt: skip
        self.future = Future(fake)
        post = Post(self.house, self.ledger, self.diary, self._chance("post"), self.future)
        self.readers = Readers(post, Inbox(self.office), self.future, self._chance("readers"))
        self.chance = self._chance("world")

    def play(self) -> None:
        """Play the run; raises Broken where a promise is."""
        failpoints.listen(self._passed)
        with mock.patch.object(backoff, "random", self.jitter):
            self._begin()
            for number in range(self.traits.rounds):
                self._round()
                if number % _LOOK_EACH == 0:
                    invariants.keep(invariants.ALWAYS, self.scene)
            self._calm()

    def end(self) -> None:
        """Leave nothing behind but the workspace."""
        self.weather.clear = True
        for hand in self.machine.hands:
            hand.die()
        self.eye.close()

    def _begin(self) -> None:
        self.ledger.approval_wanted = self.traits.approval_wanted
        self.house.run(workspaces.update, timezone=self.traits.timezone)
        self.house.follow_up_settings(**self.traits.follow_up)
        self.house.outreach_settings(requireApproval=self.traits.approval_wanted, maxAttempts=3)
        for number in range(1, self.traits.readers + 1):
            give_task(self.office, self._reader(number))
        # To be past the first drafts soon: what comes after them is where stories differ.
        self.machine.work(6)
        for _ in range(2):
            reviewing.approve(self.office)

    def _reader(self, number: int) -> Reader:
        chance = self.readers.chance
        persona, zone = chance.weighed(PERSONAS), chance.pick(ZONES)
        email = f"reader{number}@example.org"
        contact: Contact = self.house.run(
            contacts.create, email=email, name=f"R{number}", timezone=zone
        )
        reader = Reader(number, contact.id, email, persona, ZoneInfo(zone) if zone else None)
        self.ledger.readers[contact.id] = reader
        return reader

    def _round(self) -> None:
        down = self._time_passes()
        self.future.happen()
        acts = self.chance.between(0, 4)
        for _ in range(acts):
            self.office.chance.weighed(ACTS)(self.office)
        if not down:
            self.machine.work(self.chance.between(1, 8))

    def _time_passes(self) -> bool:
        """Move the clock; return whether the machine was down meanwhile, and still is."""
        length = self.chance.weighed(
            {
                (1, 30): 30.0,
                (60, 3600): 25.0,
                (3600, 10 * 3600): 25.0,
                (20 * 3600, 28 * 3600): 12.0,
                (2 * 86400, 4 * 86400): 8.0,
            }
        )
        self.clock.advance(self.chance.between(*length))
        if self.weather.outage_follows():
            self.clock.advance(self.chance.between(86_400, 3 * 86_400))
            self.diary.fault("an outage of days follows a doubt")
        if down := self.chance.happens(0.06):
            self.diary.fault("nothing runs for a while")
        return down

    def _calm(self) -> None:
        self.diary.note("the calm begins: everything is switched on, and people do nothing more")
        self.weather.clear = True
        self.machine.end_hangs(share_that_dies=0.5)
        switches.set_allowed(self.office, allowed=True)
        switches.stop_mail(self.office, stop=False)
        for kind in (AgentKind.OUTREACH, AgentKind.FOLLOW_UP):
            switches.put_to_rest(self.office, kind, rest=False)
        end = self.clock.now + _CALM
        for _ in range(_MOMENTS):
            self.future.happen()
            if not self.machine.settle():
                raise Broken("All that is due comes to an end.", "It goes in circles.")
            moment = self._next_moment()
            if moment is None or moment > end:
                invariants.keep(invariants.AT_REST, self.scene)
                return
            self.clock.now = max(self.clock.now, moment)
        raise Broken("All that is due comes to an end.", "It never rests.")

    def _next_moment(self) -> datetime | None:
        moments = (self.eye.next_moment(self.clock.now), self.future.next_moment())
        return min((moment for moment in moments if moment), default=None)

    def _passed(self, failpoint: str) -> None:
        hand = current()
        if hand is None:
            self.weather.pass_by(failpoint)
            return
        about = self.ledger.errands[hand.claimed.task_id].reader.name
        if failpoint == "call.admitted":
            seen = sight.of(self.scene, hand)
            invariants.keep(invariants.AT_THE_GATE, seen, reader=about)
        self.weather.at_rest(hand, failpoint, about)

    def _taken(self, taken: Taken) -> None:
        invariants.keep(invariants.WHEN_TAKEN, self.scene, taken, reader=taken.errand.reader.name)
        self.readers.get(taken)

    def _chance(self, stream: str) -> Chance:
        return Chance(self.seed, stream)


def _settings(folder: Path, *, allowed: bool) -> Settings:
    return Settings(
        rapport_data_dir=folder,
        resend_api_key=SecretStr("re_nothing_real"),
        allow_email_sending=allowed,
        email_from="Ada <ada@example.com>",
        retry_base_seconds=1.0,
        lease_seconds=15.0,
    )
