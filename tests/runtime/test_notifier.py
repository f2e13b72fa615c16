"""Hints reach every process quickly; whatever is lost or odd, nobody stops listening."""

import queue
import uuid
from collections.abc import Iterator

import psycopg
import pytest

from runtime.db import Database, Transaction
from runtime.messages import PersonWrote
from runtime.notifier import CHANNEL, EVERYTHING, Hint, Listener, Sender, _hint, _payloads
from runtime.operator.servers import Postgres
from tests.house import House


@pytest.fixture
def told(postgres: Postgres) -> Iterator["queue.SimpleQueue[Hint]"]:
    """What a listening process hears, from now on."""
    heard: queue.SimpleQueue[Hint] = queue.SimpleQueue()
    listener = Listener(postgres.app_url)
    listener.subscribe(heard.put)
    listener.start()
    assert heard.get(timeout=10) == EVERYTHING, "what was missed before it listened"
    yield heard
    listener.close()


def until(heard: "queue.SimpleQueue[Hint]", wanted: Hint) -> None:
    while heard.get(timeout=10) != wanted:
        pass


def test_a_commit_is_told_once_it_is_through(
    postgres: Postgres, house: House, told: "queue.SimpleQueue[Hint]"
) -> None:
    db = Database(postgres.app_url, connections=1, hints=Sender(postgres.app_url))
    agent = uuid.uuid4()

    def fail(tx: Transaction) -> None:
        tx.hint("timer", agent)
        raise KeyError

    with pytest.raises(KeyError):
        db.run(house.workspace_id, fail)
    with db.transaction(house.workspace_id) as tx:
        tx.hint("agent", agent)
        tx.record("test.happened", PersonWrote(text="x").text, actor="test")
    db.close()

    heard = {told.get(timeout=10), told.get(timeout=10)}
    assert heard == {
        Hint("agent", house.workspace_id, agent),
        Hint("event", house.workspace_id, None),
    }


def test_nonsense_on_the_channel_stops_nobody(
    postgres: Postgres, told: "queue.SimpleQueue[Hint]"
) -> None:
    hint = Hint("call", uuid.uuid4())
    with psycopg.connect(postgres.app_url, autocommit=True) as connection:
        for payload in ("agent x y", "", "newer-topic - -", "agent", *_payloads([hint])):
            connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, payload))

    until(told, hint)


def test_a_listener_whose_connection_was_cut_listens_again_and_looks_everywhere(
    postgres: Postgres, told: "queue.SimpleQueue[Hint]"
) -> None:
    with psycopg.connect(postgres.admin_url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
        )

    assert told.get(timeout=10) == EVERYTHING


def test_hints_wait_in_vain_for_a_server_without_harm() -> None:
    sender = Sender("postgresql://nobody@127.0.0.1:1/none")

    sender.send([EVERYTHING])
    sender.close()


def test_a_thousand_hints_fit_into_a_few_notices() -> None:
    hints = {Hint("agent", uuid.uuid4(), uuid.uuid4()) for _ in range(1000)}

    payloads = list(_payloads(hints))

    assert all(len(payload) < 8000 for payload in payloads)
    assert {_hint(line) for payload in payloads for line in payload.splitlines()} == hints
