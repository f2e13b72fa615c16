"""Turns: each message takes effect once, or lies visibly in the dead letters."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from runtime import mailbox, timers
from runtime.actors import turns
from runtime.actors.turn import MOST_HOPS, Turn
from runtime.desk import agents as desk_agents
from runtime.desk import messages as desk
from runtime.errors import Reject
from runtime.mail import writing
from runtime.messages import PersonWrote
from runtime.models import (
    Agent,
    AgentKind,
    AgentStatus,
    Call,
    EscalationKind,
    Message,
    MessageStatus,
    Timer,
)
from tests.house import House
from tests.runtime.actors.players import KIND, Player, fail, heard, say


def take(house: House, player: Player) -> int:
    """Take turns until there is nothing to do; return how many."""
    turned = 0
    while take_one(house, player):
        turned += 1
    return turned


def take_one(house: House, player: Player) -> bool:
    return turns.take(house.db, {KIND: player}, house.workspace_id, house.agent(KIND).id)


def messages(house: House, status: MessageStatus) -> list[str]:
    return [row.body["text"] for row in house.all(Message, Message.status == status)]


def test_a_batch_is_one_turn(house: House) -> None:
    said = [f"{n}" for n in range(150)]
    say(house, *said)

    assert take(house, Player()) == 1
    assert heard(house) == said
    assert house.agent(KIND).version == 1


def test_what_a_turn_does_happens_as_a_whole(house: House) -> None:
    task = house.a_task()
    house.settle()

    def everything(turn: Turn) -> None:
        turn.tell(KIND, PersonWrote(text="again"))
        turn.call(writing.plan, max_attempts=3)
        turn.remind("later", house.clock.now, PersonWrote(text="later"))
        turn.ask_human(EscalationKind.QUESTION, "What now?", dedup_key="what")
        raise ValueError("after everything")

    [message] = say(house, "all", task=task)
    calls = len(house.all(Call))
    take(house, Player({"all": everything}))

    assert house.fresh(message).attempts == 1
    assert heard(house) == []
    assert len(house.all(Call)) == calls
    assert house.all(Timer) == []
    assert house.escalations() == []


def test_one_bad_message_in_a_batch_is_the_only_one_that_suffers(house: House) -> None:
    say(house, *"abc", "bad", *"defg", task=None)
    player = Player({"bad": fail})

    take(house, player)

    waiting = house.all(Message, Message.status == MessageStatus.READY)
    assert heard(house) == ["a", "b", "c"], "those behind it, from the same sender, keep the order"
    assert [(row.body["text"], row.attempts) for row in waiting][:2] == [("bad", 1), ("d", 0)]
    for _ in range(mailbox.MAX_ATTEMPTS):
        house.clock.advance(minutes=2)
        take(house, player)
    assert heard(house) == list("abcdefg")
    assert messages(house, MessageStatus.DEAD) == ["bad"]
    assert {row.attempts for row in house.all(Message, Message.status == MessageStatus.DONE)} == {1}


def test_a_message_that_waits_for_another_try_holds_back_its_own_task_only(house: House) -> None:
    one, two = house.a_task(), house.a_task()
    house.settle()
    say(house, "bad", "after bad", task=one)
    say(house, "meanwhile", task=two)
    say(house, "from another", task=one, sender=mailbox.SYSTEM)
    repaired = Player()

    take(house, Player({"bad": fail}))
    assert heard(house) == ["meanwhile", "from another"]

    house.clock.advance(minutes=2)
    take(house, repaired)
    assert heard(house)[2:] == ["bad", "after bad"]


def test_a_message_that_never_succeeds_ends_in_the_dead_letters_and_a_person_is_asked(
    house: House,
) -> None:
    [message] = say(house, "bad")
    player = Player({"bad": fail})

    for _ in range(10):
        take(house, player)
        house.clock.advance(minutes=2)

    dead = house.fresh(message)
    assert (dead.status, dead.attempts) == (MessageStatus.DEAD, mailbox.MAX_ATTEMPTS)
    assert dead.error
    assert "this one is broken" in dead.error
    [escalation] = house.escalations()
    assert escalation.kind is EscalationKind.AGENT_FAILED
    assert house.events("message.") == ["message.buried"]


@pytest.mark.parametrize("see_to_it", [desk.replay, desk.discard])
def test_a_dead_letter_that_is_seen_to_asks_nobody_any_more(
    house: House, see_to_it: Callable[..., Message]
) -> None:
    def fail(_turn: Turn) -> None:
        raise Reject("Never.")

    [message] = say(house, "bad")
    take(house, Player({"bad": fail}))
    assert len(house.escalations()) == 1

    house.run(see_to_it, message_id=message.id)

    assert house.escalations() == []


@pytest.mark.parametrize(
    "error", [Reject("Never."), SystemExit(1)], ids=["a rejection", "an exit from Python"]
)
def test_an_error_of_any_kind_is_the_messages_own(house: House, error: BaseException) -> None:
    def trouble(_turn: Turn) -> None:
        raise error

    say(house, "bad", "good")
    player = Player({"bad": trouble})
    for _ in range(mailbox.MAX_ATTEMPTS):
        take(house, player)
        house.clock.advance(minutes=2)
    take(house, player)

    assert messages(house, MessageStatus.DEAD) == ["bad"]
    assert heard(house) == ["good"]


def test_a_message_nobody_understands_is_a_dead_letter_at_once(house: House) -> None:
    [message] = say(house, "good")
    with house.tx() as tx:
        tx.execute(sa.text("UPDATE messages SET type = 'FromTheFuture'"))

    take(house, Player())

    assert house.fresh(message).status is MessageStatus.DEAD
    assert house.fresh(message).attempts == 1


def test_a_replayed_dead_letter_has_all_its_tries_again(house: House) -> None:
    [message] = say(house, "bad")
    with house.tx() as tx:
        mailbox.failed(
            tx, tx.get_one(Message, (house.workspace_id, message.id)), "x", for_good=True
        )

    house.run(desk.replay, message_id=message.id)
    take(house, Player())

    done = house.fresh(message)
    assert (done.status, done.attempts) == (MessageStatus.DONE, 1)
    assert heard(house) == ["bad"]


def test_a_discarded_dead_letter_stays_away(house: House) -> None:
    [message] = say(house, "bad")
    with house.tx() as tx:
        mailbox.failed(
            tx, tx.get_one(Message, (house.workspace_id, message.id)), "x", for_good=True
        )

    house.run(desk.discard, message_id=message.id)
    take(house, Player())

    assert house.fresh(message).status is MessageStatus.DISCARDED
    assert heard(house) == []


def test_of_two_nodes_at_one_agent_one_takes_the_turn_and_the_other_leaves_at_once(
    house: House,
) -> None:
    say(house, "slow")
    inside, go_on = threading.Event(), threading.Event()

    def slow(_turn: Turn) -> None:
        inside.set()
        assert go_on.wait(10)

    with ThreadPoolExecutor(1) as other:
        first = other.submit(take_one, house, Player({"slow": slow}))
        assert inside.wait(10)
        turned = take_one(house, Player())
        go_on.set()
        assert first.result(10)

    assert not turned
    assert heard(house) == ["slow"]


def test_without_the_lock_the_version_still_lets_one_of_them_commit(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock saves work; the compare-and-set is the safety under it."""
    say(house, "once")
    inside, go_on = threading.Event(), threading.Event()

    def slow(_turn: Turn) -> None:
        inside.set()
        assert go_on.wait(10)

    monkeypatch.setattr(turns, "_lock", lambda _tx, _agent_id: None)
    monkeypatch.setattr(mailbox, "take", _take_without_locking)
    with ThreadPoolExecutor(1) as other:
        first = other.submit(take_one, house, Player({"once": slow}))
        assert inside.wait(10)
        assert take_one(house, Player())
        go_on.set()
        assert not first.result(10)

    assert heard(house) == ["once"]
    assert house.agent(KIND).version == 1


def _take_without_locking(tx: Any, ids: list[int]) -> list[Message]:
    return list(tx.scalars(sa.select(Message).where(Message.id.in_(ids))))


def test_many_nodes_handle_each_message_once_and_in_order(house: House) -> None:
    said = [f"{n}" for n in range(60)]
    for text in said:
        say(house, text)

    def node(_n: int) -> None:
        while house.all(Message, Message.status == MessageStatus.READY):
            take_one(house, Player())

    with ThreadPoolExecutor(4) as nodes:
        list(nodes.map(node, range(4)))

    assert heard(house) == said


def test_a_pause_that_meets_a_turn_is_not_lost(house: House) -> None:
    say(house, "later")
    agent_id = house.agent(KIND).id
    with ThreadPoolExecutor(1) as other, house.tx() as tx:
        desk_agents.pause(tx, who="Ada", agent_id=agent_id)
        tx.flush()
        turn = other.submit(take_one, house, Player())
        threading.Event().wait(0.2)
        tx.finish()
        turn.result(10)

    assert house.agent(KIND).status is AgentStatus.PAUSED
    assert heard(house) == []


def test_a_paused_agent_keeps_its_messages_for_later(house: House) -> None:
    agent = house.agent(KIND)
    house.run(desk_agents.pause, agent_id=agent.id)
    say(house, "later")

    assert take(house, Player()) == 0
    house.run(desk_agents.resume, agent_id=agent.id)
    take(house, Player())

    assert heard(house) == ["later"]


def mortal(house: House, **environment: str) -> int:
    """Take turns in processes that die; return how many did."""
    ids = (str(house.workspace_id), str(house.agent(KIND).id))
    done = subprocess.run(  # noqa: S603 - our own Python
        [sys.executable, "-m", "tests.runtime.actors.mortal", house.db.url, *ids],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return int(done.stdout.split()[-1])


def test_a_message_that_kills_the_process_each_time_is_buried_and_its_mates_are_handled(
    house: House,
) -> None:
    say(house, "a", "b", "kill", "c", "d")

    deaths = mortal(house)

    assert deaths == 1 + mailbox.MAX_ATTEMPTS, "once with the batch, then alone"
    assert heard(house) == ["a", "b", "c", "d"]
    assert messages(house, MessageStatus.DEAD) == ["kill"]
    assert len(house.escalations()) == 1
    assert house.agent(KIND).unfinished_batch is None


@pytest.mark.parametrize(
    ("failpoint", "attempts"), [("turn.prepared", 2), ("turn.handled", 2), ("turn.committed", 1)]
)
def test_a_process_killed_in_a_turn_was_counted_and_nothing_happens_twice(
    house: House, tmp_path: Path, failpoint: str, attempts: int
) -> None:
    [message] = say(house, "once")

    deaths = mortal(house, RAPPORT_FAILPOINT=f"{failpoint}:{tmp_path / 'passed'}")

    assert deaths == 1
    assert heard(house) == ["once"]
    assert house.fresh(message).attempts == attempts


def test_a_batch_cut_short_is_handled_once_all_the_same(house: House, tmp_path: Path) -> None:
    said = [f"{n}" for n in range(20)]
    say(house, *said)

    assert mortal(house, RAPPORT_FAILPOINT=f"turn.handled:{tmp_path / 'passed'}") == 1
    assert heard(house) == said


def test_the_urgent_go_first_then_the_old(house: House) -> None:
    ids = {}
    for name, priority in (("low", 3), ("normal", 2), ("urgent", 0), ("high", 1), ("normal2", 2)):
        [ids[name]] = say(house, name)
        with house.tx() as tx:
            tx.get_one(Message, (house.workspace_id, ids[name].id)).priority = priority

    take(house, Player())

    assert heard(house) == ["urgent", "high", "normal", "normal2", "low"]


def test_the_same_key_is_posted_once_whatever_became_of_the_first(house: House) -> None:
    posted = []
    for _ in range(2):
        with house.tx() as tx:
            posted.append(
                mailbox.post(tx, PersonWrote(text="x"), to=KIND, sender="s", dedup_key="k")
            )
        take(house, Player())

    assert posted[0] is not None
    assert posted[1] is None
    assert heard(house) == ["x"]


def test_what_is_said_to_people_needs_no_turn(house: House) -> None:
    with house.tx() as tx:
        mailbox.post(tx, PersonWrote(text="x"), to=None, sender="outreach")

    [message] = house.all(Message)
    assert (message.status, message.recipient) == (MessageStatus.DONE, mailbox.PERSON)


def test_a_timer_from_a_newer_release_is_a_dead_letter_and_no_other_timer_waits_for_it(
    house: House,
) -> None:
    with house.tx() as tx:
        for name in ("newer", "known"):
            timers.remind(tx, KIND, name, tx.now, PersonWrote(text=name), task=None)
        tx.execute(sa.text("UPDATE timers SET type = 'FromTheFuture' WHERE name = 'newer'"))

    with house.tx() as tx:
        assert len(timers.fire(tx)) == 2
    take(house, Player())

    assert heard(house) == ["known"]
    assert [letter.type for letter in house.dead_letters()] == ["FromTheFuture"]


def test_an_idle_agent_is_shown_idle(house: House) -> None:
    say(house, "x")
    take(house, Player())

    agent = house.agent(KIND)
    assert agent.status is AgentStatus.IDLE
    assert agent.last_active_at == house.clock.now
    assert len(agent.recent_turn_ms) == 1
    assert [a.kind for a in house.all(Agent) if a.version] == [AgentKind.OUTREACH]


def test_agents_that_keep_answering_each_other_are_stopped_and_reported_once(house: House) -> None:
    say(house, "again")
    player = Player({"again": lambda turn: turn.tell(KIND, PersonWrote(text="again"))})

    take(house, player)

    assert len(heard(house)) == MOST_HOPS + 1
    [escalation] = house.escalations()
    assert escalation.kind is EscalationKind.AGENT_FAILED
    assert "keep answering each other" in escalation.reason
    assert house.dead_letters() == []


def test_a_persons_word_begins_a_new_count(house: House) -> None:
    player = Player({"again": lambda turn: turn.tell(KIND, PersonWrote(text="again"))})
    for _ in range(2):
        say(house, "again")
        take(house, player)

    assert len(heard(house)) == 2 * (MOST_HOPS + 1)


def test_an_answer_from_outside_does_not_begin_a_new_count(house: House) -> None:
    house.a_drafted_task()

    hops = {message.type: message.hops for message in house.all(Message)}

    assert hops == {"TaskAssigned": 0, "TextWritten": 0}


def test_nobody_can_wait_for_an_answer() -> None:
    """A turn has five verbs that write rows, and none that returns what another agent says."""
    verbs = {name for name in vars(Turn) if not name.startswith("_")}
    assert verbs == {"now", "task", "tell", "call", "remind", "record", "ask_human"}
