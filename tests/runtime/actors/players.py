"""An agent for tests: it notes what it hears, and does what it was told to do about it."""

import threading
from collections.abc import Callable, Mapping
from typing import Any

from runtime import mailbox
from runtime.actors.agent import Agent, handles
from runtime.actors.turn import Turn
from runtime.messages import PersonWrote
from runtime.models import AgentKind, Event, Message, Task
from tests.house import House

KIND = AgentKind.OUTREACH
Act = Callable[[Turn], Any]


class Player(Agent):
    """Records each text it hears as an event, after the act that belongs to it."""

    kind = KIND

    def __init__(self, acts: Mapping[str, Act] | None = None) -> None:
        self.acts = acts or {}
        self.heard = threading.Event()

    @handles(PersonWrote)
    def hear(self, turn: Turn, said: PersonWrote) -> None:
        if act := self.acts.get(said.text):
            act(turn)
        turn.record("test.heard", said.text)
        self.heard.set()


def say(
    house: House, *texts: str, task: Task | None = None, sender: str = mailbox.PERSON
) -> list[Message]:
    """Post each text to the house's player, in one transaction."""
    with house.tx() as tx:
        posted = [
            mailbox.post(tx, PersonWrote(text=text), to=KIND, sender=sender, task=task)
            for text in texts
        ]
    return [message for message in posted if message]


def heard(house: House) -> list[str]:
    """Return what took effect, in order."""
    return [event.summary for event in house.all(Event) if event.type == "test.heard"]


def fail(_turn: Turn) -> None:
    """Fail as a handler with a fault does."""
    raise ValueError("this one is broken")
