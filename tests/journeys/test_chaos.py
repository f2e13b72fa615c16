"""Processes die, Redis goes away and is emptied: each mail leaves once, and none is forgotten."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from tests.fakes import FakeGemini, FakeResend
from tests.journeys.fleet import Fleet, until

pytestmark = pytest.mark.timeout(300)

STORIES = 6
STEPS = 2

FAILPOINTS = {
    "agents": ["turn.prepared", "turn.handled", "turn.committed"],
    "worker": [
        *("call.claimed", "call.looked_up", "call.admitted", "call.answered", "call.finished"),
    ],
    "clock": ["timer.firing", "timer.fired"],
}

_DRAFTS = """{ drafts(first: 100, status: [PENDING]) { nodes { id fingerprint } } }"""
_OPEN = """{ escalations(first: 100) { nodes { kind task { id } } } }"""


@pytest.fixture
def resend() -> Iterator[FakeResend]:
    with FakeResend() as fake:
        yield fake


@pytest.fixture
def fleet(tmp_path: Path, resend: FakeResend) -> Iterator[Fleet]:
    with FakeGemini() as gemini:
        made = Fleet(
            tmp_path,
            RESEND_API_KEY="re_not_a_real_key",
            RESEND_API_URL=resend.url,
            ALLOW_EMAIL_SENDING="true",
            EMAIL_FROM="Ada <ada@example.com>",
            GEMINI_API_KEY="AIza-not-a-real-key",
            GEMINI_API_ENDPOINT=gemini.url,
        )
        yield made
        made.close()


@pytest.mark.timeout(180)
def test_every_process_is_killed_in_the_middle_and_each_mail_leaves_once(
    fleet: Fleet, resend: FakeResend
) -> None:
    for wing, failpoints in FAILPOINTS.items():
        fleet.start(wing, *failpoints)
    api = fleet.start("api")
    tasks = _assign(fleet)

    api.kill()
    _approve_all(fleet)
    api.kill()
    _until_everything_escalated(fleet)

    _each_mail_once(resend, tasks)
    for wing, failpoints in FAILPOINTS.items():
        assert len(fleet.processes[wing].deaths) == len(failpoints), wing


@pytest.mark.timeout(180)
def test_redis_is_stopped_emptied_and_started_again_and_nothing_is_lost(
    fleet: Fleet, resend: FakeResend
) -> None:
    for wing in ("api", "agents", "worker", "clock"):
        fleet.start(wing)
    until("the queue is RQ", lambda: _queue(fleet) == "RQ")
    tasks = _assign(fleet)

    fleet.valkey.kill()
    _approve_all(fleet)
    until("the queue is LOCAL", lambda: _queue(fleet) == "LOCAL")
    until("first mails leave without Redis", lambda: len(resend.accepted) >= STORIES)
    fleet.valkey.start()
    until("the queue is RQ again", lambda: _queue(fleet) == "RQ")
    _empty(fleet)
    _until_everything_escalated(fleet)

    _each_mail_once(resend, tasks)
    assert all(process.deaths == [] for process in fleet.processes.values())


def _assign(fleet: Fleet) -> list[str]:
    """Hand out the tasks, each command under a key, so that it may be asked twice."""
    agents = {agent["kind"]: agent["id"] for agent in fleet.ask("{ agents { id kind } }")["agents"]}
    at_any_pace = {"burst": 1000, "dailyCap": 1000, "rampStart": 1000}
    fleet.do("updateWorkspace", "workspace { id }", settings=at_any_pace)
    fleet.do(
        "updateAgent",
        "agent { id }",
        agentId=agents["FOLLOW_UP"],
        followUp={"waits": ["PT1S"] * STEPS},
    )
    return [_assign_one(fleet, agents["OUTREACH"], number) for number in range(STORIES)]


def _assign_one(fleet: Fleet, agent_id: str, number: int) -> str:
    contact = fleet.do(
        "createContact",
        "contact { id }",
        email=f"reader{number}@example.org",
        name=f"Reader {number}",
        idempotencyKey=fleet.new_key(),
    )["contact"]["id"]
    task = fleet.do(
        "assignTask",
        "task { id }",
        agentId=agent_id,
        contactId=contact,
        instruction="Invite this contact to the pilot.",
        idempotencyKey=fleet.new_key(),
    )
    id_: str = task["task"]["id"]
    return id_


def _approve_all(fleet: Fleet) -> None:
    approved: set[str] = set()

    def all_approved() -> bool:
        for draft in fleet.ask(_DRAFTS)["drafts"]["nodes"]:
            fleet.do(
                "approveDraft",
                "draft { id }",
                draftId=draft["id"],
                fingerprint=draft["fingerprint"],
            )
            approved.add(draft["id"])
        return len(approved) == STORIES

    until("every draft is there and approved", all_approved)


def _until_everything_escalated(fleet: Fleet) -> None:
    def escalated() -> bool:
        nodes = fleet.ask(_OPEN)["escalations"]["nodes"]
        assert {node["kind"] for node in nodes} <= {"NO_ANSWER"}, nodes
        return len({node["task"]["id"] for node in nodes}) == len(nodes) == STORIES

    until("each story ends on a person's desk", escalated)


def _each_mail_once(resend: FakeResend, tasks: list[str]) -> None:
    mails: Counter[Any] = Counter(str(mail["to"]) for mail in resend.accepted)
    assert len(mails) == len(tasks) == STORIES
    assert set(mails.values()) == {1 + STEPS}
    keys = [request.headers.get("idempotency-key") for request in resend.requests]
    assert None not in keys
    assert len(set(keys)) == STORIES * (1 + STEPS)


def _queue(fleet: Fleet) -> str:
    mode: str = fleet.ask("{ system { queue } }")["system"]["queue"]
    return mode


def _empty(fleet: Fleet) -> None:

    with redis.Redis.from_url(fleet.valkey.url) as client:
        client.flushall()
