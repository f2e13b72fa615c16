"""Machine: the agents, the worker and the clock, in an order that no supervisor would choose.

Timers fire late, one by one, or twice; turns are taken or put off, hints get lost; calls are
claimed and left lying; a hand that hung goes on after its lease ran out, beside the one
that took its place; and any of them dies.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from runtime.actors import turns
from runtime.actors.agent import Agent
from runtime.failpoints import pass_by
from runtime.models import AgentKind
from scheduler import mending, performing, sweep
from scheduler.performing import Claimed, Hands
from tests.house import House
from tests.simulator.chance import Chance, Jitter
from tests.simulator.diary import Broken, Diary
from tests.simulator.eye import Due, Eye
from tests.simulator.hand import Hand, PowerCut, current
from tests.simulator.ledger import Ledger
from tests.simulator.weather import LONGEST_SLEEP, Weather

_perform = performing.perform

_ENOUGH = 60
"""Steps in which all that is due at one moment is done, or something goes in circles."""


@dataclass
class Machine:
    """Does what is due, a step at a time."""

    house: House
    team: Mapping[AgentKind, Agent]
    eye: Eye
    ledger: Ledger
    weather: Weather
    diary: Diary
    chance: Chance
    jitter: Jitter

    @property
    def hands(self) -> list[Hand]:
        """Those that hang."""
        return self.weather.hands

    def work(self, most: int) -> None:
        """Take up to so many steps, each of a kind that chance picks; less if nothing is due.

        Calls are made rather than turns taken: then a turn finds more to do, and costs less.
        """
        for _ in range(most):
            moves = self._moves(self.eye.due(self.house.clock.now))
            if not moves:
                return
            self.jitter.next_step()
            self.chance.pick([moves[-1], moves[-1], *moves])()

    def settle(self) -> bool:
        """Do all that is due, in good weather; tell whether it came to an end."""
        for _ in range(_ENOUGH):
            due = self.eye.due(self.house.clock.now)
            moves = self._moves(due)
            if not moves:
                return True
            for move in moves:
                move()
        return False

    def end_hangs(self, *, share_that_dies: float) -> None:
        """Have each hand that hangs go on to its end, or die."""
        while self.hands:
            hand = self.hands.pop()
            if self.chance.happens(share_that_dies) or self._too_late(hand):
                hand.die()
            else:
                self._let_go_on(hand)

    def _moves(self, due: Due) -> list[Callable[[], None]]:
        moves: list[Callable[[], None]] = []
        if self._awake() and not self.weather.clear:
            moves.append(self._resume_one)
        if due.timers:
            moves.append(lambda: self._fire(due))
        for name, agent_id in due.agents:
            if name.upper() not in self.ledger.paused:
                moves.append(lambda name=name, agent_id=agent_id: self._turn(name, agent_id))  # type: ignore[misc]
        # While nothing may leave, calls knock again and again: to see every other knock is enough.
        if due.calls and (not self.ledger.stopped or self.chance.happens(0.5)):
            moves.append(lambda: self._claim(due))
        return moves

    def _fire(self, due: Due) -> None:
        timers = sorted(due.timers, key=lambda each: self._place(each[1]))
        few = not self.weather.clear and self.chance.happens(0.3)
        chosen = [id_ for id_, _ in (self.chance.some(timers, 2) if few else timers)]
        self.diary.note(f"the clock fires {len(chosen)} of {len(timers)} timers")
        times = 2 if self.weather.strikes(0.2) else 1
        for _ in range(times):
            self._alive(lambda: self._fired(chosen))

    def _fired(self, ids: list[uuid.UUID]) -> None:
        """Fire timers as the sweep does, which would survive what is to be known here."""
        self.house.db.run(self.house.workspace_id, lambda tx: sweep._fire_in(tx, ids))
        pass_by("timer.fired")

    def _turn(self, name: str, agent_id: uuid.UUID) -> None:
        self.diary.note(f"{name} takes a turn")
        self._alive(lambda: turns.take(self.house.db, self.team, self.house.workspace_id, agent_id))

    def _claim(self, due: Due) -> None:
        calls = sorted(due.calls, key=lambda each: (*self._place(each[1]), each[2][:5]))
        part = not self.weather.clear and self.chance.happens(0.4)
        chosen = self.chance.some(calls, self.chance.between(1, 5)) if part else calls
        place = {id_: number for number, (id_, _, _) in enumerate(chosen)}
        claimed: list[Claimed] = []
        self._alive(lambda: claimed.extend(self._claimed(list(place))))
        for each in sorted(claimed, key=lambda each: place[each.id]):
            self._let_go_on(Hand(each, lambda each=each: self._perform(each), self.house.clock.now))  # type: ignore[misc]

    def _claimed(self, ids: list[uuid.UUID]) -> list[Claimed]:
        return performing.claim(self.house.hands, self.house.workspace_id, ids)

    def _perform(self, claimed: Claimed) -> None:
        about = self.ledger.about(claimed.task_id)
        if (hand := current()) is not None:
            self.weather.at_rest(hand, "its claim", about)
        mending.perform(self.house.hands, claimed)

    def _resume_one(self) -> None:
        hand = self.chance.pick(self._awake())
        self.hands.remove(hand)
        about = self._about(hand)
        if self._too_late(hand):
            self.diary.note("a worker that hung is gone", about)
            hand.die()
            return
        self.diary.note(f"a worker that hung at {hand.stands_at} goes on", about)
        self._let_go_on(hand)

    def _awake(self) -> list[Hand]:
        return [hand for hand in self.hands if hand.wakes_at <= self.house.clock.now]

    def _let_go_on(self, hand: Hand) -> None:
        hand.go()
        if not hand.over:
            self.hands.append(hand)

    def _too_late(self, hand: Hand) -> bool:
        return self.house.clock.now - hand.since > LONGEST_SLEEP

    def _about(self, hand: Hand) -> str:
        return self.ledger.about(hand.claimed.task_id)

    def _alive(self, work: Callable[[], object]) -> None:
        """Do something as a process that may die over it."""
        try:
            work()
        except PowerCut:
            self.diary.note("… and is started again")

    def _place(self, task_id: uuid.UUID | None) -> tuple[int]:
        return (self.ledger.errands[task_id].number if task_id else 0,)


def watched(hands: Hands, claimed: Claimed) -> None:
    """Perform a call; a worker would survive what breaks it, and nobody would hear of it."""
    try:
        _perform(hands, claimed)
    except Exception as error:
        raise Broken("No call breaks its performer.", repr(error)) from error
