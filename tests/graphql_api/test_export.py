"""The audit trail as a file: whole, of any length, in nobody else's hands, and no formula in it."""

import csv
import io
import threading
import tracemalloc
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest
import sqlalchemy as sa

from graphql_api import ids, limits, trail
from runtime.models import Event, Role
from tests.graphql_api.door import Caller, Door
from tests.house import House

CSV, JSONL = "/api/export/events.csv", "/api/export/events.jsonl"


def get(caller: Caller, address: str = JSONL, **query: Any) -> httpx.Response:
    return caller.door.http.get(address, params=query, headers=caller.headers)


def rows(caller: Caller, **query: Any) -> list[dict[str, Any]]:
    answer = get(caller, **query)
    assert answer.status_code == 200, answer.text
    return [orjson.loads(line) for line in answer.text.splitlines()]


def many(house: House, count: int, summary: str = "A lead.") -> None:
    """Give a house so many events, by the statement that numbers them."""
    with house.tx() as tx:
        for number in range(count):
            tx.record("lead.found", summary, actor="outside", number=number)


def test_every_event_is_a_line_in_order(member: Caller, house: House) -> None:
    house.a_sent_task()
    found, events = rows(member), house.all(Event)

    assert [row["seq"] for row in found] == [event.seq for event in events]
    assert [row["type"] for row in found] == [event.type for event in events]
    first = found[0]
    assert first["at"].endswith("Z")
    assert first["id"] == ids.encode("Event", events[0].seq)
    assert found[-1]["taskId"] == ids.encode("Task", events[-1].task_id)


def test_the_table_says_the_same(member: Caller, house: House) -> None:
    house.a_sent_task()
    answer = get(member, CSV)
    table = list(csv.DictReader(io.StringIO(answer.text, newline="")))

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    for line, row in zip(table, rows(member), strict=True):
        assert orjson.loads(line.pop("data")) == row.pop("data")
        assert line == {name: "" if value is None else str(value) for name, value in row.items()}


@pytest.mark.parametrize(
    "evil",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", '=HYPERLINK("x")'],  # noqa: RUF001
)
def test_no_cell_is_a_formula(member: Caller, house: House, evil: str) -> None:
    with house.tx() as tx:
        tx.record("lead.found", evil, actor=evil)

    line = list(csv.DictReader(io.StringIO(get(member, CSV).text, newline="")))[-1]

    assert (line["summary"], line["actor"]) == (f"'{evil}", f"'{evil}")
    assert rows(member)[-1]["summary"] == evil


def test_it_is_narrowed_by_the_filters_of_the_list(member: Caller, house: House) -> None:
    task = house.a_drafted_task()
    house.a_drafted_task()
    id_ = ids.encode("Task", task.id)
    cases: list[tuple[dict[str, Any], Callable[[Event], bool]]] = [
        ({"taskId": id_}, lambda e: e.task_id == task.id),
        ({"type": ["task.assigned", "draft.written"]}, lambda e: e.type in _two),
        ({"actor": "Ada"}, lambda e: e.actor == "Ada"),
        ({"search": "WAS ADDED"}, lambda e: "was added" in e.summary),
        ({"contactId": ids.encode("Contact", task.contact_id)}, _of_contact(task.contact_id)),
        ({"taskId": id_, "type": "task.assigned"}, lambda e: (e.task_id, e.type) == (task.id, _a)),
    ]
    for query, wanted in cases:
        expected = [event.seq for event in house.all(Event) if wanted(event)]
        assert expected, query
        assert [row["seq"] for row in rows(member, **query)] == expected, query


_a, _two = "task.assigned", ("task.assigned", "draft.written")


def _of_contact(id_: Any) -> Callable[[Event], bool]:
    return lambda event: event.contact_id == id_


def test_a_span_of_time_excludes_its_end(member: Caller, house: House) -> None:
    begin = house.clock.now
    house.a_contact()
    house.clock.advance(60)
    house.a_contact()
    span = {"since": begin.isoformat(), "until": (begin + timedelta(seconds=60)).isoformat()}

    assert [r["type"] for r in rows(member, **span)].count("contact.created") == 1


def test_it_goes_on_behind_an_event(member: Caller, house: House) -> None:
    house.a_sent_task()
    whole = rows(member)
    assert rows(member, after=whole[3]["id"]) == whole[4:]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({"tpye": "task.assigned"}, "tpye"),
        ({"since": "yesterday"}, "since"),
        ({"since": "2026-01-01T00:00:00"}, "since"),
        ({"taskId": "x"}, "filter.taskId"),
        ({"after": "x"}, "after"),
        ({"actor": ["a", "b"]}, "actor"),
        ({"search": "a\0b"}, "search"),
    ],
)
def test_a_parameter_that_is_none_is_refused_by_name(
    member: Caller, query: dict[str, Any], named: str
) -> None:
    answer = get(member, **query)
    [error] = answer.json()["errors"]

    assert (answer.status_code, error["extensions"]["code"]) == (400, "BAD_INPUT")
    assert error["message"].startswith(f"{named}: ")


def test_only_members_and_owners_may(door: Door, house: House, viewer: Caller) -> None:
    for address in (CSV, JSONL):
        assert get(viewer, address).status_code == 403
        assert door.http.get(address).status_code == 401
        assert door.http.get(address, headers={"authorization": "Bearer x"}).status_code == 401
        assert get(door.caller(house, Role.MEMBER), address).status_code == 200


def test_a_session_counts_from_our_own_pages_only(door: Door, house: House, owner: Caller) -> None:
    cookie = {"cookie": f"rapport_session={owner.token}"}
    foreign = {"sec-fetch-site": "cross-site"}

    assert door.http.get(JSONL, headers=cookie | foreign).status_code == 403
    assert door.http.get(JSONL, headers=cookie).status_code == 403


def test_a_stranger_exports_the_own_trail_only(
    house: House, stranger: Caller, other_house: House
) -> None:
    task = house.a_sent_task()

    assert len(rows(stranger)) == len(other_house.all(Event))
    assert rows(stranger, taskId=ids.encode("Task", task.id)) == []


def test_another_ending_is_not_there(member: Caller) -> None:
    assert get(member, "/api/export/events.xlsx").status_code == 404


def test_who_asks_for_the_head_gets_no_body(member: Caller) -> None:
    answer = member.door.http.head(CSV, headers=member.headers)
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_long_trail_comes_whole_in_batches(member: Caller, house: House) -> None:
    many(house, 2 * limits.EXPORT_BATCH + 7)
    before = len(house.all(Event))

    found = rows(member, type="lead.found")

    assert [row["data"]["number"] for row in found] == list(range(2 * limits.EXPORT_BATCH + 7))
    assert before == len(rows(member))


def test_a_slow_reader_holds_no_connection_and_little_memory(member: Caller, house: House) -> None:
    many(house, 10_000, "A lead. " * 500)  # 40 MB: more than the sockets between us hold
    pool, moment, free = member.door.app.state.services.db.engine.pool, threading.Event(), 0
    tracemalloc.start()
    with member.door.http.stream("GET", JSONL, headers=member.headers) as answer:
        lines = answer.iter_lines()
        next(lines)
        for _ in range(1_000):
            free = 0 if pool.checkedout() else free + 1
            if free == 30:
                break
            moment.wait(0.01)
        count = 1 + sum(1 for _ in lines)
        peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert count == 10_000 + len(house.all(Event, Event.type != "lead.found"))
    assert free == 30
    assert peak < 30_000_000


def test_what_happens_meanwhile_is_not_waited_for(house: House) -> None:
    many(house, 3)
    with house.tx() as tx:
        wanted = trail.Wanted((), behind=0, last=2)
        assert [event.seq for event in wanted.batch(tx)] == [1, 2]
        assert tx.scalar(sa.select(sa.func.max(Event.seq))) > 2
