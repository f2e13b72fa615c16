"""System: the agents of one process.  Hints in, actors out, never more than a set number.

A plain thread supervises: it starts an actor for a hint, replaces what died or is
wedged, stops what is idle, and looks into the tables once a second for hints that
were lost.  It shares no fate with the actors, as one of them would.
"""

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import pykka
from sqlalchemy.exc import SQLAlchemyError

from runtime import mailbox
from runtime.actors import crashes, turns
from runtime.actors.actor import AgentActor, Key, Vitals
from runtime.actors.agent import Agent
from runtime.db import Database
from runtime.logs import get_logger
from runtime.notifier import Hint, Listener

POLL_SECONDS = 1.0
CROWDED_SECONDS = 0.02
"""How soon to see whether an actor has become idle, when agents wait for its place."""
IDLE_SECONDS = 30.0
WEDGED_SECONDS = 120.0
"""Longer than any statement may take; a turn this old is stuck in Python."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Look:
    """Hints were lost: look into the tables."""


@dataclass(frozen=True, slots=True)
class _Died:
    key: Key
    error: BaseException | None
    vitals: Vitals


@dataclass(frozen=True, slots=True)
class _Cell:
    ref: pykka.ActorRef[AgentActor]
    vitals: Vitals


class System:
    """Plays all agents that have something to do, as many at once as allowed."""

    def __init__(
        self,
        db: Database,
        team: list[Agent],
        listener: Listener | None,
        *,
        active: int = 32,
        wedged_seconds: float = WEDGED_SECONDS,
        ended: Callable[[], None] = lambda: None,
    ) -> None:
        """Take part in the house; ``ended`` is called if the supervisor dies unbidden."""
        self._db = db
        self._team = {agent.kind: agent for agent in team}
        self._active = active
        self._wedged_seconds = wedged_seconds
        self._ended = ended
        self._cells: dict[Key, _Cell] = {}
        self._waiting: dict[Key, None] = {}
        self._not_before: dict[Key, float] = {}
        self._inbox: queue.SimpleQueue[Key | _Died | _Look] = queue.SimpleQueue()
        self._crowded = False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)
        if listener:
            listener.subscribe(self._on_hint)

    def start(self) -> None:
        """Begin to play."""
        self._thread.start()

    def stop(self, grace_seconds: float = 10.0) -> None:
        """Let turns in progress end, then stop all; what is not done stays in the mailboxes."""
        self._stopping.set()
        self._inbox.put(_Look())
        self._thread.join(timeout=5)
        for cell in self._cells.values():
            cell.vitals.draining.set()
            cell.ref.stop(block=False)
        deadline = time.monotonic() + grace_seconds
        for cell in self._cells.values():
            cell.ref.actor_stopped.wait(max(0.0, deadline - time.monotonic()))

    @property
    def active(self) -> int:
        """How many actors are alive."""
        return sum(cell.ref.is_alive() for cell in list(self._cells.values()))

    def _on_hint(self, hint: Hint) -> None:
        if hint.topic == "agent" and hint.workspace_id and hint.id:
            self._inbox.put((hint.workspace_id, hint.id))
        elif hint.topic == "any":
            self._inbox.put(_Look())

    def _run(self) -> None:
        try:
            self._supervise()
        finally:
            if not self._stopping.is_set():
                log.error("the supervisor died; the process ends, to be started again")
                self._ended()

    def _supervise(self) -> None:
        look_at = 0.0
        while not self._stopping.is_set():
            pause = max(0.0, look_at - time.monotonic())
            self._receive(timeout=min(pause, CROWDED_SECONDS) if self._crowded else pause)
            if time.monotonic() >= look_at:
                self._tend()
                self._look_everywhere()
                look_at = time.monotonic() + POLL_SECONDS
            self._activate()

    def _receive(self, timeout: float) -> None:
        try:
            self._take_in(self._inbox.get(timeout=timeout))
            while True:
                self._take_in(self._inbox.get_nowait())
        except queue.Empty:
            pass

    def _take_in(self, item: Key | _Died | _Look) -> None:
        match item:
            case _Look():
                self._look_everywhere()
            case _Died():
                self._mourn(item)
            case key:
                self._waiting[key] = None

    def _look_everywhere(self) -> None:
        try:
            with self._db.dispatch() as connection:
                for key in mailbox.with_work(connection, self._db.now(), 10 * self._active):
                    self._waiting[key] = None
        except SQLAlchemyError as error:
            log.warning("mailboxes cannot be read", error=str(error))

    def _activate(self) -> None:
        """Give each waiting agent its hint, and a new actor where there is room."""
        now = time.monotonic()
        self._crowded = False
        for key in list(self._waiting):
            if self._not_before.get(key, 0.0) > now:
                continue
            cell = self._cells.get(key)
            if cell is None or not cell.ref.is_alive():
                if key not in self._cells and not self._there_is_room():
                    self._crowded = True
                    return
                cell = self._cells[key] = self._start(key)
            del self._waiting[key]
            self._hint(cell)

    def _start(self, key: Key) -> _Cell:
        vitals = Vitals()
        ref = AgentActor.start(
            key,
            vitals,
            lambda key: turns.take(self._db, self._team, *key),
            lambda key, error: self._inbox.put(_Died(key, error, vitals)),
        )
        return _Cell(ref, vitals)

    @staticmethod
    def _hint(cell: _Cell) -> None:
        if cell.vitals.hinted.is_set():
            return
        cell.vitals.hinted.set()
        try:
            cell.ref.tell(_Look())
        except pykka.ActorDeadError:
            log.info("an actor died before its hint")  # the next look finds its messages

    def _there_is_room(self) -> bool:
        """Tell whether one more actor may live; stops an idle one if that makes room."""
        if len(self._cells) < self._active:
            return True
        for key, cell in self._cells.items():
            if cell.vitals.idle or not cell.ref.is_alive():
                self._let_go(key)
                return True
        return False

    def _tend(self) -> None:
        """Stop the idle, and put new actors in the place of the wedged."""
        now = time.monotonic()
        self._not_before = {key: at for key, at in self._not_before.items() if at > now}
        for key, cell in list(self._cells.items()):
            age = now - cell.vitals.beat
            if not cell.ref.is_alive() or (cell.vitals.idle and age > IDLE_SECONDS):
                self._let_go(key)
            elif cell.vitals.busy and age > self._wedged_seconds:
                # A thread cannot be killed; its transaction will lose the version compare.
                log.error("an agent is wedged and gets a new actor", agent_id=str(key[1]))
                cell.vitals.draining.set()
                error = TimeoutError("the agent's turn did not end")
                self._mourn(_Died(key, error, cell.vitals))

    def _let_go(self, key: Key) -> None:
        self._cells.pop(key).ref.stop(block=False)

    def _mourn(self, died: _Died) -> None:
        """Put a dead actor out of the books; its agent goes on after a pause."""
        cell = self._cells.get(died.key)
        if died.vitals.draining.is_set() and (cell is None or cell.vitals is not died.vitals):
            return  # a wedged one that was mourned before; its successor is well
        if cell is not None:
            self._let_go(died.key)
        self._not_before[died.key] = time.monotonic() + POLL_SECONDS
        self._waiting[died.key] = None
        crashes.count(self._db, died.key, died.error)
