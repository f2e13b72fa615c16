"""World: one run's parts, put together, and what the run came to."""

import time
import uuid
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from agents import team
from runtime import backoff, clock, failpoints
from runtime.clock import FakeClock
from runtime.db import Database
from runtime.desk import contacts
from runtime.mail import quotas, timing, window
from runtime.models import Agent, Contact
from runtime.settings import Settings
from scheduler import performing
from tests.house import House
from tests.simulator import course, invariants, machine, quiet, traits
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
from tests.simulator.people.inbox import Inbox
from tests.simulator.people.office import Office
from tests.simulator.post import Post
from tests.simulator.provider import Provider
from tests.simulator.readers import Readers
from tests.simulator.traits import PERSONAS, ZONES, Traits
from tests.simulator.weather import Weather


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
    with quiet.silence(), _in(fake):
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
        account = uuid.uuid4()
        settings = {yes: _settings(folder, account, allowed=yes) for yes in (True, False)}
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
        with (
            mock.patch.object(backoff, "random", self.jitter),
            mock.patch.object(timing, "draw", self._drawn),
            mock.patch.object(quotas, "turn", lambda _draft_id, until: until + quotas.SPREAD / 2),
            mock.patch.object(performing, "perform", machine.watched),
        ):
            course.play(self)

    def end(self) -> None:
        """Leave nothing behind but the workspace."""
        self.weather.clear = True
        for hand in self.machine.hands:
            hand.die()
        self.eye.close()

    def _drawn(self, _workspace_id: uuid.UUID, task_id: uuid.UUID, step: int) -> int:
        """Place a step in its window by what it is called here: its id is new in each run."""
        name = f"{self.seed}/{self.ledger.errands[task_id].number}/{step}"
        return zlib.crc32(name.encode()) % window.PARTS

    def _passed(self, failpoint: str) -> None:
        hand = current()
        if hand is None:
            self.weather.pass_by(failpoint)
            return
        about = self.ledger.about(hand.claimed.task_id)
        if failpoint == "call.admitted":
            seen = sight.of(self.scene, hand)
            self.ledger.passed.setdefault(seen.row.draft_id, self.clock.now)
            invariants.keep(invariants.AT_THE_GATE, seen, reader=about)
        self.weather.at_rest(hand, failpoint, about)

    def _taken(self, taken: Taken) -> None:
        invariants.keep(invariants.WHEN_TAKEN, self.scene, taken, reader=taken.errand.reader.name)
        self.readers.get(taken)

    def add_reader(self, number: int) -> Reader:
        """Have one more contact, of a persona that chance picks."""
        chance = self.readers.chance
        persona, zone = chance.weighed(PERSONAS), chance.pick(ZONES)
        email = f"reader{number}@example.org"
        contact: Contact = self.house.run(
            contacts.create, email=email, name=f"R{number}", timezone=zone
        )
        reader = Reader(number, contact.id, email, persona, ZoneInfo(zone) if zone else None)
        self.ledger.readers[contact.id] = reader
        return reader

    def _chance(self, stream: str) -> Chance:
        return Chance(self.seed, stream)


def _settings(folder: Path, account: uuid.UUID, *, allowed: bool) -> Settings:
    return Settings(
        rapport_data_dir=folder,
        # An account of its own: a quota that is used up in another run is not used up here.
        resend_api_key=SecretStr(f"re_nothing_real_{account}"),
        allow_email_sending=allowed,
        email_from="Ada <ada@example.com>",
        retry_base_seconds=1.0,
        lease_seconds=15.0,
    )
