"""What happens reaches who watches: nothing missed, nothing twice, and nobody else."""

import threading
from collections.abc import Callable
from datetime import timedelta

import httpx
import orjson
import pytest

from graphql_api import ids, limits
from graphql_api.feed import follower
from runtime.crm import tokens
from runtime.models import AgentKind, Contact, EventCounter, Role, Task
from tests.graphql_api.door import PATIENCE, Caller, Door, Socket
from tests.graphql_api.test_auth import signed_in
from tests.graphql_api.watched import watching
from tests.house import House

EVENTS = """subscription ($after: ID, $filter: EventFilter) {
  events(after: $after, filter: $filter) { id type } }"""


def happen(house: House, count: int, type_: str = "test.happened") -> None:
    with house.tx() as tx:
        for number in range(count):
            tx.record(type_, f"Number {number}.", actor="test")


def until(happened: Callable[[], bool]) -> None:
    """Wait for something of the server's that no message tells of."""
    moment = threading.Event()
    for _ in range(int(PATIENCE / 0.01)):
        if happened():
            return
        moment.wait(0.01)
    raise AssertionError("it did not happen")


def newest(caller: Caller) -> str:
    return str(caller.ask("{ system { cursor } }")["system"]["cursor"])


def numbers(talk: Socket, count: int) -> list[int]:
    return [ids.number(talk.next()["events"]["id"], "Event") or 0 for _ in range(count)]


def test_events_arrive_from_now_on(viewer: Caller, house: House) -> None:
    with viewer.socket() as talk:
        talk.subscribe(EVENTS, after=newest(viewer))
        happen(house, 2)
        first = talk.next()["events"]
        assert first["type"] == "test.happened"
        assert talk.next()["events"]["id"] > first["id"]


def test_a_stream_goes_on_where_a_page_ended(viewer: Caller, house: House) -> None:
    happen(house, 3)
    listed = "{ events(first: 2) { pageInfo { endCursor } } }"
    end = viewer.ask(listed)["events"]["pageInfo"]["endCursor"]
    with viewer.socket() as talk:
        talk.subscribe(EVENTS, after=end)
        assert numbers(talk, 1) == [(ids.number(end, "Event") or 0) + 1]


def contact_of(house: House, task: Task) -> str:
    return next(c.name for c in house.all(Contact) if c.id == task.contact_id)


def test_an_event_is_told_with_what_it_is_about(viewer: Caller, house: House) -> None:
    query = """subscription ($after: ID) { events(after: $after, filter: {type: "task.assigned"}) {
        task { status contact { email } } agent { kind } contact { name } data } }"""
    with viewer.socket() as talk:
        talk.subscribe(query, after=newest(viewer))
        task = house.a_task()
        event = talk.next()["events"]
        assert event["task"]["status"] == "QUEUED"
        assert event["agent"]["kind"] == "OUTREACH"
        assert event["contact"]["name"] == contact_of(house, task)


def test_who_comes_back_goes_on_behind_the_last_event_seen(viewer: Caller, house: House) -> None:
    cursor = newest(viewer)
    start = ids.number(cursor, "Event") or 0
    with viewer.socket() as talk:
        talk.subscribe(EVENTS, after=cursor)
        happen(house, 3)
        assert numbers(talk, 3) == [start + 1, start + 2, start + 3]
    happen(house, 700)  # more than one read takes
    with viewer.socket() as talk:
        talk.subscribe(EVENTS, after=ids.encode("Event", start + 3))
        happen(house, 2)
        assert numbers(talk, 702) == list(range(start + 4, start + 706))


def test_many_writers_at_once_are_told_in_order_and_each_once(viewer: Caller, house: House) -> None:
    cursor = newest(viewer)
    start = ids.number(cursor, "Event") or 0

    def write() -> None:
        for _ in range(25):
            happen(house, 2)

    with viewer.socket() as talk:
        for _ in range(3):
            talk.subscribe(EVENTS, after=cursor)
        writers = [threading.Thread(target=write) for _ in range(4)]
        for writer in writers:
            writer.start()
        seen: dict[str, list[int]] = {"1": [], "2": [], "3": []}
        for _ in range(3 * 200):
            message = talk.receive()
            id_ = message["payload"]["data"]["events"]["id"]
            seen[message["id"]].append(ids.number(id_, "Event") or 0)
        for writer in writers:
            writer.join()
    assert list(seen.values()) == [list(range(start + 1, start + 201))] * 3


def test_who_falls_far_behind_reads_on_from_the_table(
    viewer: Caller, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follower, "MEMORY", 10)
    cursor = newest(viewer)
    start = ids.number(cursor, "Event") or 0
    with viewer.socket() as talk:
        talk.subscribe(EVENTS, after=cursor)
        for _ in range(20):
            happen(house, 40)
        assert numbers(talk, 800) == list(range(start + 1, start + 801))


def test_a_filter_lets_through_what_it_names(viewer: Caller, house: House) -> None:
    task = house.a_task()
    other = house.a_task()
    with viewer.socket() as talk:
        only = {"taskId": ids.encode("Task", task.id), "type": ["task.cancelled", "task.assigned"]}
        talk.subscribe(EVENTS, after=ids.encode("Event", 0), filter=only)
        assert talk.next()["events"]["type"] == "task.assigned"
        assert other.id != task.id


def test_a_filter_that_names_nothing_is_refused_at_once(viewer: Caller) -> None:
    with viewer.socket() as talk:
        talk.subscribe(EVENTS, filter={"taskId": "nonsense"})
        [error] = talk.receive()["payload"]["errors"]
        assert error["extensions"] == {"code": "BAD_INPUT", "argument": "filter.taskId"}


@pytest.mark.parametrize(
    ("after", "code"),
    [("nonsense", "BAD_INPUT"), (ids.encode("Event", 10**12), "BAD_INPUT")],
)
def test_a_cursor_that_is_none_is_refused(viewer: Caller, after: str, code: str) -> None:
    with viewer.socket() as talk:
        talk.subscribe(EVENTS, after=after)
        message = talk.receive()
        assert message["payload"]["errors"][0]["extensions"]["code"] == code
        assert talk.receive()["type"] == "complete"


def test_a_cursor_older_than_what_is_kept_has_expired(viewer: Caller, house: House) -> None:
    happen(house, 5)
    with house.tx() as tx:
        tx.get_one(EventCounter, house.workspace_id).pruned_to = 3
    with viewer.socket() as talk:
        talk.subscribe(EVENTS, after=ids.encode("Event", 1))
        message = talk.receive()
        assert message["payload"]["errors"][0]["extensions"]["code"] == "CURSOR_EXPIRED"


def test_a_task_is_shown_as_it_is_and_after_each_change(viewer: Caller, house: House) -> None:
    task = house.a_task()
    query = "subscription ($id: ID) { taskUpdated(id: $id) { id status draft { version } } }"
    with viewer.socket() as talk:
        talk.subscribe(query, id=ids.encode("Task", task.id))
        shown = talk.next()["taskUpdated"]
        assert (shown["status"], shown["draft"]) == ("QUEUED", None)
        house.a_task()  # another one, of which nothing is told
        house.settle()
        while shown["status"] != "AWAITING_APPROVAL":
            shown = talk.next()["taskUpdated"]
            assert shown["id"] == ids.encode("Task", task.id)
        assert shown["draft"] == {"version": 1}


def test_all_tasks_are_watched_without_an_id(viewer: Caller, house: House) -> None:
    feed = viewer.door.app.state.services.feed
    with viewer.socket() as talk:
        talk.subscribe("subscription { taskUpdated { id status } }")
        until(lambda: watching(feed, house.workspace_id))
        tasks = {ids.encode("Task", house.a_task().id) for _ in range(2)}
        assert {talk.next()["taskUpdated"]["id"] for _ in range(2)} == tasks


def test_a_task_that_is_not_there_cannot_be_watched(viewer: Caller) -> None:
    with viewer.socket() as talk:
        talk.subscribe('subscription { taskUpdated(id: "nobody") { id } }')
        [error] = talk.receive()["payload"]["errors"]
        assert error["extensions"]["code"] == "NOT_FOUND"


def test_a_subscription_has_one_root_field(viewer: Caller) -> None:
    with viewer.socket() as talk:
        talk.subscribe("subscription { taskUpdated { id } agentUpdated { id } }")
        assert talk.receive()["type"] == "error"


def test_a_ping_is_answered(viewer: Caller) -> None:
    with viewer.socket() as talk:
        talk.send(type="ping")
        assert talk.receive()["type"] == "pong"


def test_an_agent_is_shown_as_it_is_and_after_each_change(owner: Caller, house: House) -> None:
    agent = ids.encode("Agent", house.agent(AgentKind.OUTREACH).id)
    with owner.socket() as talk:
        talk.subscribe("subscription ($id: ID) { agentUpdated(id: $id) { status } }", id=agent)
        assert talk.next()["agentUpdated"]["status"] == "IDLE"
        owner.do("pauseAgent", {"agentId": agent})
        assert talk.next()["agentUpdated"]["status"] == "PAUSED"


def test_messages_arrive_as_they_are_posted(owner: Caller, house: House) -> None:
    agent = ids.encode("Agent", house.agent(AgentKind.OUTREACH).id)
    other = ids.encode("Agent", house.agent(AgentKind.FOLLOW_UP).id)
    query = "subscription ($a: ID) { messagePosted(agentId: $a) { type sender recipient body } }"
    feed = owner.door.app.state.services.feed
    with owner.socket() as talk:
        talk.subscribe(query, a=agent)
        until(lambda: watching(feed, house.workspace_id))
        owner.do("sendMessage", {"agentId": agent, "text": "The first."})
        owner.do("sendMessage", {"agentId": other, "text": "Not for you."})
        owner.do("sendMessage", {"agentId": agent, "text": "The last."})
        for text in ("The first.", "The last."):
            heard = talk.next()["messagePosted"]
            assert (heard["recipient"], heard["body"]["text"]) == ("outreach", text)


def test_a_socket_runs_queries_and_mutations_too(owner: Caller) -> None:
    with owner.socket() as talk:
        talk.subscribe("{ viewer { role } }")
        assert talk.next()["viewer"]["role"] == "OWNER"
        assert talk.receive()["type"] == "complete"


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        (["not json"], 4400),
        (["[]"], 4400),
        (["5"], 4400),
        (['{"type": "nonsense"}'], 4400),
        (['{"type": "subscribe"}'], 4400),
        (['{"type": "subscribe", "id": "1", "payload": null}'], 4400),
        (['{"type": "subscribe", "id": "1", "payload": {"query": 5}}'], 4400),
        (['{"type": "complete"}'], 4400),
        (['{"type": "subscribe", "id": "1", "payload": {"query": "{ viewer { role } }"}}'], 4401),
        (['{"type": "connection_init"}'], 4403),
        (['{"type": "connection_init", "payload": {"authorization": "Bearer rpt_x"}}'], 4403),
        (['{"type": "connection_init", "payload": []}'], 4400),
        (["[" * 20_000], 4400),
    ],
)
def test_a_socket_that_breaks_the_protocol_is_closed(
    owner: Caller, frames: list[str], code: int
) -> None:
    with owner.door_socket() as raw:
        for frame in frames:
            raw.send(frame)
        assert Socket(raw).closed() == code


def test_a_socket_is_let_in_once_and_names_each_operation_once(owner: Caller) -> None:
    with owner.socket() as talk:
        talk.send(type="connection_init", payload={})
        assert talk.closed() == 4429
    with owner.socket() as talk:
        for _ in range(2):
            talk.send(id="1", type="subscribe", payload={"query": "subscription { events { id } }"})
        assert talk.closed() == 4409


def test_a_frame_larger_than_any_query_closes_the_socket(owner: Caller) -> None:
    with owner.socket() as talk:
        talk.raw.send("x" * (limits.SOCKET_MESSAGE_BYTES + 1))
        assert talk.closed() == 1009


def test_an_old_protocol_is_not_spoken(owner: Caller) -> None:
    with owner.door_socket(protocol="graphql-ws") as raw:
        assert Socket(raw).closed() == 4406


def test_a_socket_holds_so_many_subscriptions_and_no_more(owner: Caller) -> None:
    with owner.socket() as talk:
        for _ in range(limits.SUBSCRIPTIONS_PER_SOCKET + 1):
            talk.subscribe("subscription { events { id } }")
        message = talk.receive()
        assert message["type"] == "error"
        assert message["payload"][0]["message"] == "Subscription limit reached"


def test_a_session_opens_a_socket_from_our_own_page_only(
    owner: Caller, door: Door, house: House
) -> None:
    cookie = signed_in(door, house)
    for origin, let_in in ((door.url, True), ("https://evil.example", False), (None, False)):
        headers = cookie | ({"origin": origin} if origin else {})
        with owner.door_socket(headers=headers) as raw:
            talk = Socket(raw)
            talk.send(type="connection_init")
            if let_in:
                assert talk.receive()["type"] == "connection_ack"
            else:
                assert talk.closed() == 4403


def test_the_end_of_a_token_is_the_end_of_its_sockets(
    door: Door, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "RECHECK_SECONDS", 0.05)
    caller = door.caller(house)
    seen = tokens.viewer(house.db, caller.token)
    assert seen is not None
    with caller.socket() as talk:
        talk.subscribe(EVENTS, after=newest(caller))
        happen(house, 1)
        assert talk.next()
        with house.tx() as tx:
            tokens.revoke(tx, seen.token_id)
        assert talk.closed() == 4403


def test_an_expired_token_may_not_even_ask_again(
    door: Door, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "RECHECK_SECONDS", 3600)
    with house.tx() as tx:
        token = tokens.create(tx, name="Ada", role=Role.OWNER, lives=timedelta(minutes=5))
    with Caller(door, token).socket() as talk:
        house.clock.advance(minutes=6)
        talk.subscribe("{ viewer { role } }")
        assert talk.closed() == 4403


def stream(caller: Caller, query: str, **variables: object) -> httpx.Request:
    return caller.door.http.build_request(
        "POST",
        "/graphql",
        json={"query": query, "variables": variables},
        headers=caller.headers | {"accept": "text/event-stream"},
    )


def test_events_arrive_as_server_sent_events_too(viewer: Caller, house: House) -> None:
    request = stream(viewer, EVENTS, after=newest(viewer))
    answer = viewer.door.http.send(request, stream=True)
    assert answer.headers["content-type"].startswith("text/event-stream")
    happen(house, 2)
    lines = (line for line in answer.iter_lines() if line.startswith("data: "))
    events = [orjson.loads(next(lines).removeprefix("data: "))["data"]["events"] for _ in range(2)]
    answer.close()
    assert [event["type"] for event in events] == ["test.happened"] * 2
    assert events[0]["id"] != events[1]["id"]


def test_a_stream_without_a_token_is_turned_away(door: Door) -> None:
    request = stream(Caller(door, "rpt_nobody"), EVENTS)
    assert door.http.send(request).status_code == 401


def test_nobody_watching_leaves_nobody_following(viewer: Caller) -> None:
    feed = viewer.door.app.state.services.feed
    with viewer.socket() as talk:
        talk.subscribe(EVENTS, after=newest(viewer))
        talk.subscribe("{ viewer { role } }")
        assert talk.next()
    until(lambda: feed.watchers == 0)


def test_a_page_of_elsewhere_may_bring_a_token(owner: Caller) -> None:
    with owner.door_socket(headers={"origin": "https://elsewhere.example"}) as raw:
        talk = Socket(raw)
        talk.send(type="connection_init", payload={"authorization": f"Bearer {owner.token}"})
        assert talk.receive()["type"] == "connection_ack"
