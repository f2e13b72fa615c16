"""The numbers as a page asks for them, and the rows that each of them opens."""

import asyncio
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from graphql_api import ids, limits
from runtime.desk import drafts
from runtime.models import AgentKind, SentEmail
from tests.graphql_api.door import Caller
from tests.graphql_api.test_pages import counted, quiet
from tests.house import House
from tests.runtime.insight.planted import Mail, S, Said, plant

__all__ = ["quiet"]

COUNTS = "{ sent delivered bounced reached replied positive begun answered answeredPositively }"
RATE = """{ numerator denominator value low high tooFew why young judgedUntil
  numeratorMetric denominatorMetric definition }"""
SUMS = f"""{{ counts {COUNTS}
  rates {{ delivered {RATE} bounce {RATE} reply {RATE} positive {RATE} }}
  approvalTime {{ n medianSeconds p90Seconds definition }} }}"""
INSIGHT = f"""query ($from: DateTime!, $to: DateTime!, $agent: ID, $sandbox: Boolean! = false) {{
  insight(from: $from, to: $to, agentId: $agent, sandbox: $sandbox) {{
    from to timezone sandbox otherMails definitions {{ metric definition }}
    days {{ day total {COUNTS} outreach {COUNTS} followUp {COUNTS} }}
    agents {{ agent {{ id kind }} sums {SUMS} }} total {SUMS} }} }}"""
ROWS = """query ($metric: InsightMetric!, $from: DateTime!, $to: DateTime!, $agent: ID, $day: Date,
    $sandbox: Boolean! = false, $first: Int, $after: String) {
  insightRows(metric: $metric, from: $from, to: $to, agentId: $agent, day: $day,
    sandbox: $sandbox, first: $first, after: $after) {
    totalCount nodes { id sentAt } pageInfo { hasNextPage endCursor } } }"""
DRAFTS = """query ($from: DateTime!, $to: DateTime!, $agent: ID) {
  insightDrafts(from: $from, to: $to, agentId: $agent) {
    totalCount nodes { id waitingSince decidedAt } } }"""
DAY = timedelta(days=1)
HERE = {"from": "2026-02-01T00:00:00Z", "to": "2026-03-03T00:00:00Z"}


@pytest.fixture
def told(house: House) -> House:
    """A house whose mail went all ways there are."""
    now = house.clock.now
    found = [
        Mail(now - 25 * DAY, status=S.DELIVERED),
        Mail(now - 20 * DAY, step=1, status=S.DELIVERED),
        Mail(now - 20 * DAY, task=1, status=S.BOUNCED),
        Mail(now - 18 * DAY, task=2, status=S.COMPLAINED),
        Mail(now - 15 * DAY, task=3),
        Mail(now - 2 * DAY, task=4, status=S.DELIVERED),
        Mail(now - 2 * DAY, task=5, sandbox=True),
    ]
    replies = [Said(now - 19 * DAY, 0, 1, "question"), Said(now - 18 * DAY, 0, 1, "positive")]
    plant(house, found, replies, contacts=6)
    task = house.a_drafted_task()
    house.clock.advance(90)
    house.approve(task)
    return house


def numbers(told: Any) -> Iterator[tuple[str, dict[str, Any], int]]:
    """Yield every number of an answer with the arguments that must open it."""
    agents = {each["agent"]["kind"]: each["agent"]["id"] for each in told["agents"]}
    named = {"total": None, "outreach": agents["OUTREACH"], "followUp": agents["FOLLOW_UP"]}
    for day in told["days"]:
        for name, agent in named.items():
            yield from counts(day[name], {"day": day["day"], "agent": agent})
    everyone = [{"sums": told["total"], "agent": {"id": None}}, *told["agents"]]
    for each in everyone:
        yield from counts(each["sums"]["counts"], {"agent": each["agent"]["id"]})
        for rate in each["sums"]["rates"].values():
            old = {"agent": each["agent"]["id"], "to": rate["judgedUntil"]}
            yield rate["numeratorMetric"], old, rate["numerator"]
            yield rate["denominatorMetric"], old, rate["denominator"]
            young = {"agent": each["agent"]["id"], "from": rate["judgedUntil"]}
            yield rate["denominatorMetric"], young, rate["young"]


def counts(found: dict[str, int], where: dict[str, Any]) -> Iterator[Any]:
    for metric, number in found.items():
        yield re.sub(r"(?=[A-Z])", "_", metric).upper(), where, number


def test_every_number_on_the_page_opens_as_many_rows(told: House, viewer: Caller) -> None:
    shown = viewer.ask(INSIGHT, **HERE)["insight"]
    for metric, where, number in numbers(shown):
        if number or "day" not in where:
            page = viewer.ask(ROWS, metric=metric, **(HERE | where))["insightRows"]
            assert page["totalCount"] == len(page["nodes"]) == number, (metric, where)
    for sums, agent in [(shown["total"], None)] + [
        (each["sums"], each["agent"]["id"]) for each in shown["agents"]
    ]:
        opened = viewer.ask(DRAFTS, **HERE, agent=agent)["insightDrafts"]
        assert opened["totalCount"] == len(opened["nodes"]) == sums["approvalTime"]["n"]


def test_a_corrected_drafts_row_shows_the_wait_that_is_counted(
    house: House, viewer: Caller
) -> None:
    task = house.a_drafted_task()
    house.clock.advance(90)
    house.run(drafts.edit, draft_id=house.draft(task).id, body="Another text.")
    house.approve(task)
    [row] = viewer.ask(DRAFTS, **HERE)["insightDrafts"]["nodes"]
    since, decided = (datetime.fromisoformat(row[at]) for at in ("waitingSince", "decidedAt"))
    waited = viewer.ask(INSIGHT, **HERE)["insight"]["total"]["approvalTime"]
    assert waited["medianSeconds"] == (decided - since).total_seconds() == 90


def test_the_page_in_numbers(told: House, viewer: Caller) -> None:
    shown = viewer.ask(INSIGHT, **HERE)["insight"]
    assert (shown["timezone"], shown["sandbox"], shown["otherMails"]) == ("UTC", False, 1)
    assert len(shown["days"]) == 30
    assert sum(day["total"]["sent"] == 0 for day in shown["days"]) == 25
    assert shown["total"]["counts"] == {
        "sent": 6,
        "delivered": 4,
        "bounced": 1,
        "reached": 4,
        "replied": 1,
        "positive": 1,
        "begun": 4,
        "answered": 1,
        "answeredPositively": 1,
    }
    reply = shown["total"]["rates"]["reply"]
    assert (reply["numerator"], reply["denominator"], reply["young"]) == (1, 3, 1)
    assert reply["low"] < reply["value"] < reply["high"]
    assert reply["tooFew"]
    assert "below 20" in reply["why"]
    assert shown["total"]["approvalTime"]["medianSeconds"] == 90
    assert [each["agent"]["kind"] for each in shown["agents"]] == ["OUTREACH", "FOLLOW_UP"]
    assert {each["metric"] for each in shown["definitions"]} == {
        *("SENT", "DELIVERED", "BOUNCED", "REACHED", "REPLIED", "POSITIVE"),
        *("BEGUN", "ANSWERED", "ANSWERED_POSITIVELY"),
    }


def test_one_agents_numbers_are_its_own(told: House, viewer: Caller) -> None:
    agent = ids.encode("Agent", told.agent(AgentKind.FOLLOW_UP).id)
    shown = viewer.ask(INSIGHT, **HERE, agent=agent)["insight"]
    assert [each["agent"]["id"] for each in shown["agents"]] == [agent]
    assert shown["total"] == shown["agents"][0]["sums"]
    assert shown["total"]["counts"]["sent"] == 1
    planning = ids.encode("Agent", told.agent(AgentKind.PLANNING).id)
    nothing = viewer.ask(INSIGHT, **HERE, agent=planning)["insight"]
    assert (nothing["agents"], nothing["total"]["counts"]["sent"]) == ([], 0)


def test_the_sandbox_has_its_own_numbers(told: House, viewer: Caller) -> None:
    shown = viewer.ask(INSIGHT, **HERE, sandbox=True)["insight"]
    assert (shown["total"]["counts"]["sent"], shown["otherMails"]) == (1, 6)
    page = viewer.ask(ROWS, metric="DELIVERED", **HERE, sandbox=True)["insightRows"]
    assert page["totalCount"] == 1


def test_rows_come_a_page_at_a_time_the_newest_first(told: House, viewer: Caller) -> None:
    seen: list[Any] = []
    after, more = None, True
    while more:
        page = viewer.ask(ROWS, metric="SENT", **HERE, first=2, after=after)["insightRows"]
        seen += page["nodes"]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert len({node["id"] for node in seen}) == 6
    assert [node["sentAt"] for node in seen] == sorted(
        (node["sentAt"] for node in seen), reverse=True
    )


@pytest.mark.parametrize(
    ("given", "argument"),
    [
        ({"from": HERE["to"], "to": HERE["from"]}, "from"),
        ({"from": "2024-01-01T00:00:00Z"}, "to"),
        ({"from": "0001-01-01T00:00:00Z", "to": "0001-01-02T00:00:00Z"}, "from"),
        ({"agent": "nonsense"}, "agentId"),
    ],
)
def test_arguments_that_make_no_span_are_refused_by_name(
    viewer: Caller, given: dict[str, str], argument: str
) -> None:
    for query, more in ((INSIGHT, {}), (ROWS, {"metric": "SENT"}), (DRAFTS, {})):
        error = viewer.error(query, **(HERE | more | given))
        assert error["extensions"] == {"code": "BAD_INPUT", "argument": argument}


def test_a_stranger_counts_none_of_it(told: House, stranger: Caller) -> None:
    mine = ids.encode("Agent", told.agent(AgentKind.OUTREACH).id)
    assert told.all(SentEmail)
    for agent in (None, mine):
        shown = stranger.ask(INSIGHT, **HERE, agent=agent)["insight"]
        assert {number for _, _, number in all_of(shown)} == {0}
        assert shown["otherMails"] == shown["total"]["approvalTime"]["n"] == 0
        rows = stranger.ask(ROWS, metric="SENT", **HERE, agent=agent)["insightRows"]
        assert rows["totalCount"] == 0
        opened = stranger.ask(DRAFTS, **HERE, agent=agent)["insightDrafts"]
        assert opened["totalCount"] == 0


def all_of(shown: Any) -> Iterator[Any]:
    for day in shown["days"]:
        yield from counts(day["total"], {})
    yield from counts(shown["total"]["counts"], {})


def test_days_are_those_of_the_workspaces_zone(owner: Caller, house: House) -> None:
    owner.do("updateWorkspace", {"timezone": "Asia/Tokyo"})
    late = house.clock.now.replace(hour=15, minute=0)
    plant(house, [Mail(late - DAY - timedelta(seconds=1)), Mail(late - DAY, task=1)])
    shown = owner.ask(INSIGHT, **HERE)["insight"]
    sent = {day["day"]: day["total"]["sent"] for day in shown["days"] if day["total"]["sent"]}
    assert (shown["timezone"], sent) == ("Asia/Tokyo", {"2026-03-01": 1, "2026-03-02": 1})


def price(quiet: Starlette, owner: Caller) -> int:
    async def ask() -> Any:
        transport = httpx.ASGITransport(quiet)
        async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
            body = {"query": INSIGHT, "variables": HERE}
            return (await client.post("/graphql", json=body, headers=owner.headers)).json()

    with counted(quiet) as statements:
        assert "errors" not in asyncio.run(ask())
    return len(statements)


def test_a_page_costs_the_same_statements_whatever_was_sent(
    house: House, owner: Caller, quiet: Starlette
) -> None:
    nothing = price(quiet, owner)
    plant(house, [Mail(house.clock.now - n * DAY, task=n) for n in range(1, 9)], contacts=9)
    assert price(quiet, owner) == nothing


def test_a_year_of_days_is_not_too_much_and_three_are(viewer: Caller) -> None:
    year = {"from": "2026-01-01T00:00:00Z", "to": "2027-01-01T00:00:00Z"}
    assert len(viewer.ask(INSIGHT, **year)["insight"]["days"]) == 365
    days = f"days {{ day total {COUNTS} outreach {COUNTS} followUp {COUNTS} }}"
    ends = ", ".join(f'{name}: "{at}"' for name, at in year.items())
    four = " ".join(f"a{n}: insight({ends}) {{ {days} }}" for n in range(4))
    assert viewer.error(f"{{ {four} }}")["extensions"]["code"] == "QUERY_TOO_COMPLEX"


THROUGHPUT = """query ($hours: Int! = 24) { agents { id kind throughput(hours: $hours) {
  since until handled failed } } }"""
HANDLED = """query ($to: String, $status: [MessageStatus!], $since: DateTime, $until: DateTime) {
  messages(filter: { recipient: $to, status: $status, handledAfter: $since,
    handledBefore: $until }) { totalCount } }"""


def test_an_agents_hours_open_their_messages(owner: Caller, house: House) -> None:
    house.a_sent_task()
    house.skip(hours=2)
    house.a_sent_task()
    [outreach] = [a for a in owner.ask(THROUGHPUT)["agents"] if a["kind"] == "OUTREACH"]
    assert len(outreach["throughput"]) == 24
    assert sum(hour["handled"] > 0 for hour in outreach["throughput"]) == 2
    for hour in outreach["throughput"][-4:]:
        ends = {"since": hour["since"], "until": hour["until"], "to": "outreach"}
        for name, status in (("handled", ["DONE"]), ("failed", ["DEAD", "DISCARDED"])):
            found = owner.ask(HANDLED, **ends, status=status)["messages"]
            assert found["totalCount"] == hour[name]


@pytest.mark.parametrize("hours", [0, limits.HOURS_MAX + 1])
def test_hours_have_a_limit(viewer: Caller, hours: int) -> None:
    error = viewer.error(THROUGHPUT, hours=hours)
    assert error["extensions"] == {"code": "BAD_INPUT", "argument": "hours"}
