"""The feed between the rows and the sockets, where timing would hide what it does."""

import asyncio
import uuid
from collections.abc import Callable, Coroutine
from contextlib import aclosing
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from graphql_api.feed import EventFollower, Feed, MessageFollower, follower
from graphql_api.feed.kinds import FellBehind
from runtime import mailbox
from runtime.db import Database, Transaction
from runtime.desk import erasing
from runtime.messages import Answer
from runtime.models import AgentKind, Message
from runtime.notifier import Listener, Sender
from runtime.operator.servers import Postgres
from tests.graphql_api.door import PATIENCE
from tests.graphql_api.watched import watching
from tests.house import House


def play(story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(PATIENCE):
            await story()

    asyncio.run(bounded())


async def until(happened: Callable[[], bool]) -> None:
    while not happened():  # noqa: ASYNC110 - the feed tells nobody when it has begun
        await asyncio.sleep(0.001)


def reader(db: Database) -> follower.Run:
    async def run(workspace_id: uuid.UUID, work: Callable[[Transaction], Any]) -> Any:
        return await asyncio.to_thread(db.run, workspace_id, work)

    return run


def say(tx: Transaction, text: str) -> Message:
    message = mailbox.post(tx, Answer(text=text), to=AgentKind.OUTREACH, sender="test")
    assert message is not None
    tx.flush()
    return message


def test_a_message_that_becomes_visible_late_is_not_missed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follower, "POLL_SECONDS", 0.01)

    async def story() -> None:
        feed = Feed(reader(house.db))
        heard: list[str] = []
        async with aclosing(feed.rows(MessageFollower, house.workspace_id)) as batches:
            waiting = asyncio.ensure_future(anext(batches))
            await until(lambda: watching(feed, house.workspace_id))
            with house.tx() as slow:
                early = say(slow, "early").id  # its id is taken, its row not yet visible
                with house.tx() as quick:
                    late = say(quick, "late").id
                assert early < late
                heard += [row.body["text"] for row in await waiting]
            while len(heard) < 2:
                heard += [row.body["text"] for row in await anext(batches)]
        assert heard == ["late", "early"]

    play(story)


def test_a_commit_is_told_by_notice_long_before_the_poll(
    house: House, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follower, "POLL_SECONDS", PATIENCE * 6)
    telling = Database(postgres.app_url, connections=2, hints=Sender(postgres.app_url))
    listener = Listener(postgres.app_url)

    async def story() -> None:
        feed = Feed(reader(house.db))
        feed.start()
        listener.subscribe(feed.notice)
        listener.start()
        await asyncio.to_thread(listener.listening.wait, PATIENCE)
        async with aclosing(feed.rows(EventFollower, house.workspace_id)) as batches:
            waiting = asyncio.ensure_future(anext(batches))
            await until(lambda: watching(feed, house.workspace_id))

            def happen(tx: Transaction) -> None:
                tx.record("test.happened", "Now.", actor="test")

            await asyncio.to_thread(telling.run, house.workspace_id, happen)
            assert [event.type for event in await waiting] == ["test.happened"]

    play(story)
    listener.close()
    telling.close()


def test_a_database_that_is_away_for_a_while_loses_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follower, "POLL_SECONDS", 0.01)
    run, failures = reader(house.db), iter([True, True, False, True])

    async def flaky(workspace_id: uuid.UUID, work: Callable[[Transaction], Any]) -> Any:
        if next(failures, False):
            raise OperationalError("select", {}, Exception("away"))
        return await run(workspace_id, work)

    async def story() -> None:
        feed = Feed(flaky)
        async with aclosing(feed.rows(EventFollower, house.workspace_id, 0)) as batches:
            assert [event.type for event in await anext(batches)] == house.events()

    with capture_logs() as lines:
        play(story)
    assert "feed.read_failed" in [line["event"] for line in lines]


def test_a_follower_that_breaks_ends_its_streams_and_the_next_begins_anew(house: House) -> None:
    run, failures = reader(house.db), iter([True])

    async def broken(workspace_id: uuid.UUID, work: Callable[[Transaction], Any]) -> Any:
        if next(failures, False):
            raise ValueError("a fault of ours")
        return await run(workspace_id, work)

    async def story() -> None:
        feed = Feed(broken)
        async with aclosing(feed.rows(EventFollower, house.workspace_id, 0)) as batches:
            assert [batch async for batch in batches] == []
        async with aclosing(feed.rows(EventFollower, house.workspace_id, 0)) as batches:
            assert await anext(batches)

    with capture_logs() as lines:
        play(story)
    assert [line["event"] for line in lines] == ["feed.follower_died"]


def test_a_closed_feed_ends_every_stream_old_and_new(house: House) -> None:
    async def story() -> None:
        feed = Feed(reader(house.db))
        async with aclosing(feed.rows(EventFollower, house.workspace_id)) as batches:
            waiting = asyncio.ensure_future(anext(batches, None))
            await until(lambda: watching(feed, house.workspace_id))
            feed.close()
            assert await waiting is None
        async with aclosing(feed.rows(EventFollower, house.workspace_id, 0)) as batches:
            assert [batch async for batch in batches] == []
        assert feed.watchers == 0

    play(story)


def test_who_falls_behind_the_messages_is_told_so(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follower, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(follower, "MEMORY", 3)

    async def story() -> None:
        feed = Feed(reader(house.db))
        async with aclosing(feed.rows(MessageFollower, house.workspace_id)) as batches:
            waiting = asyncio.ensure_future(anext(batches))
            await until(lambda: watching(feed, house.workspace_id))
            with house.tx() as tx:
                say(tx, "first")
            await waiting
            with house.tx() as tx:
                for number in range(9):
                    say(tx, str(number))
            [watched] = feed._followers.values()
            await until(lambda: watched.position == 10)
            with pytest.raises(FellBehind):
                await anext(batches)

    play(story)


def test_who_was_erased_is_not_remembered_by_the_feed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follower, "POLL_SECONDS", 0.01)

    async def story() -> None:
        feed, seen = Feed(reader(house.db)), list[str]()
        async with aclosing(feed.rows(EventFollower, house.workspace_id)) as batches:
            waiting = asyncio.ensure_future(anext(batches))
            await until(lambda: watching(feed, house.workspace_id))
            contact = await asyncio.to_thread(house.a_contact, name="Grace Hopper")
            begin = (await waiting)[0].seq - 1
            erased = {"contact_id": contact.id, "confirm_email": contact.email, "reason": "Asked."}
            await asyncio.to_thread(lambda: house.run(erasing.erase, **erased))
            await anext(batches)
            async with aclosing(feed.rows(EventFollower, house.workspace_id, begin)) as again:
                while len(seen) < 2:
                    seen += [event.summary for event in await anext(again)]
        assert seen == ["[erased]", "Ada erased a contact: Asked."]

    play(story)
