"""The system of actors: hints in, a bounded number of actors out, and a supervisor who sees all.

On a server of its own, as a system plays the agents of every workspace.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from runtime.actors import crashes, system, turns
from runtime.actors.system import System
from runtime.actors.turn import Turn
from runtime.clock import FakeClock
from runtime.db import Database
from runtime.desk import agents as desk
from runtime.migrate import migrate
from runtime.models import AgentKind, AgentStatus, Message, MessageStatus
from runtime.notifier import Hint, Listener, Sender
from runtime.operator.servers import Postgres
from tests.house import House
from tests.runtime.actors.players import KIND, Player, heard, say
from tests.scheduler.patience import until

Play = Callable[..., System]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    own = Postgres(tmp_path_factory.mktemp("postgres"), durable=False)
    own.start()
    migrate(own.owner_url, own.app_password)
    yield own
    own.stop()


@pytest.fixture(scope="module")
def own_db(server: Postgres) -> Iterator[Database]:
    database = Database(server.app_url, connections=20, hints=Sender(server.app_url))
    yield database
    database.close()


@pytest.fixture
def a_house(own_db: Database, fake_clock: FakeClock, tmp_path: Path) -> Callable[[], House]:
    return lambda: House(own_db, fake_clock, tmp_path)


@pytest.fixture
def room(a_house: Callable[[], House]) -> Iterator[House]:
    house = a_house()
    yield house
    with house.tx() as tx:
        tx.execute(sa.text("UPDATE messages SET status = 'DISCARDED' WHERE status = 'READY'"))


@pytest.fixture
def play(own_db: Database, server: Postgres) -> Iterator[Play]:
    """Start a system with one player; all are stopped in the end."""
    running: list[System] = []
    listeners: list[Listener] = []

    def start(player: Player, *, hints: bool = True, **options: Any) -> System:
        listener = Listener(server.app_url) if hints else None
        if listener:
            listeners.append(listener)
        running.append(System(own_db, [player], listener, **options))
        running[-1].start()
        if listener:
            listener.start()
            assert listener.listening.wait(10)
        return running[-1]

    yield start
    for each in running:
        each.stop(grace_seconds=2)
    for listener in listeners:
        listener.close()


def hears(house: House, *texts: str) -> None:
    until(lambda: heard(house) == list(texts))


def test_a_message_starts_its_actor_at_once(
    room: House, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system, "POLL_SECONDS", 60.0)
    player = Player()
    running = play(player)
    assert running.active == 0

    say(room, "hello")

    assert player.heard.wait(20), "without a poll"
    hears(room, "hello")
    assert running.active == 1


def test_an_idle_actor_is_stopped_and_started_again_when_needed(
    room: House, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system, "IDLE_SECONDS", 0.05)
    running = play(Player())
    say(room, "first")
    hears(room, "first")

    until(lambda: running.active == 0)
    say(room, "second")

    hears(room, "first", "second")


def test_hints_for_a_busy_actor_come_to_one_more_look(
    room: House, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: Counter[object] = Counter()
    busy, go_on = threading.Event(), threading.Event()

    def look(_db: object, _team: object, *key: object) -> bool:
        looks[key] += 1
        busy.set()
        go_on.wait(10)
        return False

    monkeypatch.setattr(turns, "take", look)
    running = play(Player(), hints=False)
    key = (room.workspace_id, room.agent(KIND).id)
    running._on_hint(Hint("agent", *key))
    assert busy.wait(10)
    for _ in range(1000):
        running._on_hint(Hint("agent", *key))
    until(running._inbox.empty)
    go_on.set()
    until(lambda: looks[key] == 2)
    running.stop()

    assert looks[key] == 2


def test_lost_hints_are_found_by_the_poll(room: House, play: Play) -> None:
    play(Player(), hints=False)

    say(room, "nobody was told")

    hears(room, "nobody was told")


def test_no_more_actors_live_than_allowed_and_everybody_has_a_turn(
    a_house: Callable[[], House], play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system, "POLL_SECONDS", 60.0)
    houses = [a_house() for _ in range(12)]
    for house in houses:
        say(house, "hi")
    together: list[int] = []
    player, ready = Player(), threading.Event()

    def count(_turn: Turn) -> None:
        ready.wait(10)
        together.append(running.active)

    player.acts = {"hi": count}
    running = play(player, hints=False, active=2)
    ready.set()

    until(lambda: all(heard(house) for house in houses))
    assert len(together) == 12
    assert max(together) <= 2


def test_an_actor_that_dies_is_replaced_after_a_rest(
    room: House, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    die_of(monkeypatch, RuntimeError("the machine around it"), times=1)
    play(Player())
    say(room, "hello")

    until(lambda: room.agent(KIND).crash_count == 1)
    resume_at = room.agent(KIND).resume_at
    assert resume_at
    assert resume_at > room.clock.now
    assert heard(room) == []
    room.clock.advance(minutes=2)
    hears(room, "hello")
    until(lambda: room.agent(KIND).crash_count == 0)


def test_after_five_crashes_the_agent_waits_for_a_person_who_is_asked_once(
    room: House, own_db: Database
) -> None:
    key = (room.workspace_id, room.agent(KIND).id)
    for _ in range(2):
        for _ in range(crashes.MAX_CRASHES + 2):
            crashes.count(own_db, key, RuntimeError("re_abcdefghijkl broke"))
        agent = room.agent(KIND)
        assert agent.status is AgentStatus.FAILED
        [escalation] = room.escalations()
        assert "abcdefghijkl" not in escalation.reason
        room.clock.advance(minutes=1)
        room.run(desk.resume, agent_id=agent.id)
        assert room.escalations() == []

    assert room.events("agent.") == ["agent.failed", "agent.resumed"] * 2


def test_a_lost_database_is_nobodys_crash(room: House, own_db: Database) -> None:
    key = (room.workspace_id, room.agent(KIND).id)

    crashes.count(own_db, key, sa.exc.OperationalError("x", None, Exception("gone")))

    assert room.agent(KIND).crash_count == 0


def test_a_wedged_actor_is_replaced_and_its_late_end_changes_nothing(
    room: House, play: Play
) -> None:
    wedged, go_on = threading.Event(), threading.Event()
    stuck: list[threading.Thread] = []

    def wedge(turn: Turn) -> None:
        if wedged.is_set():
            return
        turn.tx.execute(sa.text("SET LOCAL idle_in_transaction_session_timeout = '300ms'"))
        stuck.append(threading.current_thread())
        wedged.set()
        go_on.wait(20)

    running = play(Player({"stuck": wedge}), wedged_seconds=0.5)
    say(room, "stuck")
    assert wedged.wait(10)
    until(lambda: room.agent(KIND).crash_count == 1)
    running._wedged_seconds = system.WEDGED_SECONDS  # no turn to come is taken for stuck
    room.clock.advance(minutes=2)
    hears(room, "stuck")
    say(room, "and on")
    hears(room, "stuck", "and on")
    go_on.set()
    stuck[0].join(10)
    say(room, "the end")

    hears(room, "stuck", "and on", "the end")
    assert room.agent(KIND).crash_count == 0


def test_the_late_death_of_a_replaced_actor_is_not_its_successors(
    room: House, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, go_on = [threading.current_thread()], threading.Event()
    take = turns.take

    def stuck_once(*args: Any) -> bool:
        if len(stuck) == 1:
            stuck.append(threading.current_thread())
            go_on.wait(20)
            raise RuntimeError("at last")
        return take(*args)

    monkeypatch.setattr(turns, "take", stuck_once)
    running = play(Player(), wedged_seconds=0.2)
    say(room, "hello")
    until(lambda: room.agent(KIND).crash_count == 1)
    running._wedged_seconds = system.WEDGED_SECONDS  # no turn to come is taken for stuck
    room.clock.advance(minutes=2)
    hears(room, "hello")
    key = (room.workspace_id, room.agent(KIND).id)
    successor = running._cells[key]

    go_on.set()
    stuck[1].join(10)
    say(room, "and on")
    hears(room, "hello", "and on")

    assert running._cells[key] is successor
    assert room.agent(KIND).crash_count == 0


def test_a_restart_of_the_database_is_survived(room: House, play: Play, server: Postgres) -> None:
    running = play(Player())
    say(room, "before")
    hears(room, "before")

    server.stop()
    server.start()
    until(lambda: _answers(server))
    say_again(room, "after")

    hears(room, "before", "after")
    assert running.active == 1
    assert room.agent(KIND).crash_count == 0
    assert room.dead_letters() == []


def test_a_connection_lost_within_a_turn_costs_only_time(
    room: House, play: Play, server: Postgres
) -> None:
    cut = threading.Event()

    def cut_once(turn: Turn) -> None:
        if not cut.is_set():
            cut.set()
            pid = turn.tx.scalar(sa.text("SELECT pg_backend_pid()"))
            with psycopg.connect(server.admin_url, autocommit=True) as admin:
                admin.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))

    play(Player({"cut": cut_once}))
    say(room, "cut")

    hears(room, "cut")
    assert room.agent(KIND).crash_count == 0


def test_stopping_lets_the_turn_in_hand_end_and_leaves_the_rest_in_the_mailbox(
    room: House, play: Play
) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def slow(_turn: Turn) -> None:
        inside.set()
        go_on.wait(10)

    running = play(Player({"slow": slow}))
    say(room, "slow")
    assert inside.wait(10)
    say(room, "later")
    stopper = threading.Thread(target=running.stop)
    stopper.start()
    until(running._stopping.is_set)
    until(lambda: all(cell.vitals.draining.is_set() for cell in running._cells.values()))
    go_on.set()
    stopper.join(10)

    assert running.active == 0
    assert heard(room) == ["slow"]
    [left] = room.all(Message, Message.status == MessageStatus.READY)
    assert (left.body["text"], left.attempts) == ("later", 0)


def test_an_agent_that_this_process_does_not_know_harms_no_other(room: House, play: Play) -> None:
    play(Player())
    with room.tx() as tx:
        tx.hint("agent", room.agent(AgentKind.FOLLOW_UP).id)

    say(room, "hello")

    hears(room, "hello")


def die_of(monkeypatch: pytest.MonkeyPatch, error: BaseException, *, times: int) -> None:
    left = [error] * times
    take = turns.take

    def dying(*args: Any) -> bool:
        if left:
            raise left.pop()
        return take(*args)

    monkeypatch.setattr(turns, "take", dying)


def _answers(server: Postgres) -> bool:
    try:
        psycopg.connect(server.app_url).close()
    except psycopg.OperationalError:
        return False
    return True


def say_again(house: House, text: str) -> None:
    """Say it on a connection that is alive, as a person would who saw an error."""
    house.db.engine.dispose()
    say(house, text)
