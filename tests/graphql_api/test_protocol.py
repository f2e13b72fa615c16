"""GraphQL over HTTP, as the specification has it; and what stands beside it."""

import threading
from typing import Any

import httpx
import orjson
import pytest
from structlog.testing import capture_logs

from graphql_api import ids, limits
from runtime.desk import contacts
from runtime.models import AgentKind, Task
from tests.graphql_api.conftest import CRON_SECRET
from tests.graphql_api.door import Caller, Door
from tests.house import House
from tests.scheduler.patience import until

GRAPHQL_JSON = "application/graphql-response+json"


def post(caller: Caller, body: Any, **headers: str) -> httpx.Response:
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    headers = {"content-type": "application/json"} | caller.headers | headers
    return caller.door.http.post("/graphql", content=content, headers=headers)


BROKEN = {
    "unparsed": {"query": "{"},
    "invalid": {"query": "{ nonsense }"},
    "without its variable": {"query": "query ($id: ID!) { node(id: $id) { id } }"},
    "with a wrong variable": {
        "query": "query ($n: Int) { tasks(first: $n) { totalCount } }",
        "variables": {"n": "many"},
    },
    "too much": {"query": "{" + " ".join(f"a{n}: system {{ writer }}" for n in range(60)) + "}"},
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_request_that_cannot_be_run_has_a_status_for_who_reads_it(
    viewer: Caller, name: str
) -> None:
    newer = post(viewer, BROKEN[name], accept=GRAPHQL_JSON)
    assert newer.status_code == 400
    assert newer.headers["content-type"] == f"{GRAPHQL_JSON}; charset=utf-8"
    older = post(viewer, BROKEN[name], accept="application/json")
    assert older.status_code == 200
    assert older.headers["content-type"] == "application/json; charset=utf-8"
    for answer in (newer, older):
        assert "data" not in answer.json()
        assert answer.json()["errors"][0]["message"]


def test_a_request_that_ran_is_200_whatever_came_of_it(viewer: Caller) -> None:
    query = "{ tasks(first: 0) { totalCount } }"
    answer = post(viewer, {"query": query}, accept=GRAPHQL_JSON)
    assert answer.status_code == 200
    assert answer.json()["data"] is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[" * 30_000,
        b"{}",
        b"5",
        b"null",
        b'"text"',
        orjson.dumps({"query": 5}),
        orjson.dumps({"query": "{ system { writer } }", "variables": []}),
        orjson.dumps({"query": "{ system { writer } }", "extensions": 1}),
        orjson.dumps({"query": "{ system { writer } }", "operationName": "Absent"}),
        orjson.dumps({"query": "{ system { writer } }", "operationName": 5}),
        orjson.dumps([{"query": "{ system { writer } }"}]),
        orjson.dumps({"query": "subscription { events { id } }"}),
    ],
)
def test_a_body_that_is_no_request_is_told_so_in_json(viewer: Caller, body: bytes) -> None:
    answer = post(viewer, body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    "type_",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""],
)
def test_a_body_a_foreign_form_could_send_is_refused(viewer: Caller, type_: str) -> None:
    answer = post(viewer, {"query": "{ system { writer } }"}, **{"content-type": type_})
    assert answer.status_code == 415


def test_a_query_may_come_by_get_and_a_mutation_may_not(owner: Caller) -> None:
    get = owner.door.http.get
    query = {"query": "query ($n: Int) { tasks(first: $n) { totalCount } }", "variables": '{"n":1}'}
    assert get("/graphql", params=query, headers=owner.headers).json()["data"]
    mutation = {"query": "mutation { executeDueFollowUps { fired } }"}
    refused = get("/graphql", params=mutation, headers=owner.headers)
    assert refused.status_code == 405
    assert refused.headers["allow"] == "POST"
    assert get("/graphql", headers=owner.headers | {"accept": "text/html"}).status_code == 400


def test_other_methods_are_refused(owner: Caller) -> None:
    answer = owner.door.http.put("/graphql", headers=owner.headers)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, POST"


def test_a_text_with_a_nul_is_no_search(owner: Caller) -> None:
    query = "query ($s: String) { contacts(search: $s) { totalCount } }"
    assert owner.error(query, s="a\x00b")["extensions"]["code"] == "BAD_INPUT"
    literal = '{ contacts(search: "a\\u0000b") { totalCount } }'
    assert owner.error(literal)["extensions"]["code"] == "BAD_INPUT"


def test_a_body_past_the_cap_is_refused(owner: Caller) -> None:
    answer = post(owner, b"x" * (limits.BODY_BYTES + 1))
    assert answer.status_code == 413
    assert answer.json()["errors"][0]["extensions"]["code"] == "PAYLOAD_TOO_LARGE"


def test_the_door_stays_open_to_others_while_somebody_pushes(owner: Caller) -> None:
    bomb = "{ ...F0 }" + " ".join(
        f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(48)
    )
    bomb += "fragment F48 on Query { system { writer } }"
    stop = threading.Event()

    def push() -> None:
        while not stop.is_set():
            owner.answer(bomb)

    pusher = threading.Thread(target=push)
    pusher.start()
    try:
        times = []
        for _ in range(20):
            answer = post(owner, {"query": "{ __typename }"})
            assert answer.status_code == 200
            times.append(answer.elapsed.total_seconds())
    finally:
        stop.set()
        pusher.join()
    assert sorted(times)[len(times) // 2] < 0.5


def test_our_faults_are_masked_and_logged_under_one_id(
    owner: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_fields: object) -> None:
        raise RuntimeError("password=hunter2")

    monkeypatch.setattr(contacts, "create", broken)
    given = {"email": "a@example.org", "name": "Ada"}
    with capture_logs() as lines:
        answer = owner.attempt("createContact", given)
    [error] = answer["errors"]
    reference = error["extensions"]["correlationId"]
    assert error["extensions"]["code"] == "INTERNAL"
    assert reference in error["message"]
    assert "hunter2" not in str(answer)
    [line] = [line for line in lines if line["event"] == "graphql.resolver_failed"]
    assert line["path"] == "createContact"


def test_a_command_is_logged_under_its_requests_id_and_its_tasks(
    owner: Caller, house: House
) -> None:
    contact = ids.encode("Contact", house.a_contact().id)
    agent = ids.encode("Agent", house.agent(AgentKind.OUTREACH).id)
    mine = "0198c0de-0000-7000-8000-00000000000a"
    given = {"agentId": agent, "contactId": contact, "instruction": "Write."}
    query = "mutation ($i: AssignTaskInput!) { assignTask(input: $i) { task { id } } }"
    with capture_logs() as lines:
        body = {"query": query, "variables": {"i": given}}
        answer = post(owner, body, **{"x-request-id": mine})
    assert answer.headers["x-request-id"] == mine
    [line] = [line for line in lines if line["event"] == "command.done"]
    [task] = house.all(Task)
    assert (line["request_id"], line["correlation_id"]) == (mine, str(task.correlation_id))


def test_a_wrong_address_says_so(door: Door) -> None:
    answer = door.http.get("/nowhere")
    assert answer.status_code == 404
    assert answer.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"


def test_the_door_lives_and_is_ready(door: Door) -> None:
    assert door.http.get("/healthz").json() == {"status": "alive"}
    assert door.http.get("/readyz").json() == {"status": "ready"}


def test_the_numbers_are_sums_and_name_no_workspace(
    door: Door, house: House, owner: Caller
) -> None:
    house.a_task()
    owner.ask("{ system { writer } }")
    # A process says that it lives from a thread of its own, which a busy machine may delay;
    # the browsers' tests may have another door open on the same database.
    until(lambda: _number(door, 'rapport_nodes_alive{kind="api"}') >= 1)
    text = door.http.get("/metrics").text
    assert "rapport_database_up 1.0" in text
    assert 'rapport_graphql_operations_total{kind="query",outcome="ok"}' in text
    assert _number(door, "rapport_messages_ready") >= 1
    assert str(house.workspace_id) not in text


def _number(door: Door, name: str) -> float:
    """Return a number of ``/metrics`` as it is now."""
    text: str = door.http.get("/metrics").text
    return float(text.split(f"\n{name} ")[1].split("\n", maxsplit=1)[0])


@pytest.mark.parametrize("authorization", ["", "Bearer wrong", "ring-ring", "Bearer ring-rin"])
def test_the_bell_rings_for_who_knows_the_secret_only(door: Door, authorization: str) -> None:
    headers = {"authorization": authorization}
    assert door.http.post("/api/cron/execute-followups", headers=headers).status_code == 401


def test_the_bell_fires_what_is_due_in_every_workspace_once(
    door: Door, house: House, other_house: House
) -> None:
    headers = {"authorization": f"Bearer {CRON_SECRET}"}
    ring = "/api/cron/execute-followups"
    house.clock.advance(days=1000)
    while door.http.post(ring, headers=headers).json()["fired"]:
        pass  # what other tests left for later than now
    for each in (house, other_house):
        each.follow_up_settings(waits=["PT2S"], businessDaysOnly=False)
        each.a_sent_task()
    house.clock.advance(10)
    assert door.http.post(ring, headers=headers).json() == {"fired": 2}
    assert door.http.post(ring, headers=headers).json() == {"fired": 0}
    assert door.http.get(ring, headers=headers).status_code == 405


def test_the_page_says_what_runs_under_a_strict_policy(door: Door) -> None:
    page = door.http.get("/")
    assert page.headers["content-type"].startswith("text/html")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    nonce = policy.split("'nonce-")[1].split("'")[0]
    assert f'nonce="{nonce}"' in page.text
    assert '<html lang="en">' in page.text
    assert "Rapport is running" in page.text
    assert "sandbox" in page.text
    assert "light dark" in page.text
    assert door.http.get("/").headers["content-security-policy"] != policy
