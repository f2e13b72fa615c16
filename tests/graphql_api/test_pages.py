"""Lists come a page at a time, whole and in order, at a fixed price."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from starlette.applications import Starlette

from graphql_api import ids
from graphql_api.app import create_app
from runtime.mail import replies
from runtime.mail.replies import Heard
from runtime.models import InboundEmail, InboundStatus, new_id
from runtime.operator.servers import Postgres
from runtime.settings import Settings
from tests.graphql_api.door import Caller
from tests.house import House

CONTACTS = """query ($first: Int, $after: String, $last: Int, $before: String) {
  contacts(first: $first, after: $after, last: $last, before: $before) {
    nodes { email } edges { cursor node { email } } totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""


@pytest.fixture
def people(house: House) -> list[str]:
    """Seven addresses, the newest first."""
    return [house.a_contact().email for _ in range(7)][::-1]


def emails(page: Any) -> list[str]:
    return [node["email"] for node in page["nodes"]]


def test_pages_forward_make_up_the_list(owner: Caller, people: list[str]) -> None:
    seen: list[str] = []
    after, more = None, True
    while more:
        page = owner.ask(CONTACTS, first=3, after=after)["contacts"]
        seen += emails(page)
        assert [edge["node"] for edge in page["edges"]] == page["nodes"]
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        assert page["totalCount"] == len(people)
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert seen == people


def test_pages_backward_make_up_the_list(owner: Caller, people: list[str]) -> None:
    seen: list[str] = []
    before, more = None, True
    while more:
        page = owner.ask(CONTACTS, last=3, before=before)["contacts"]
        seen = emails(page) + seen
        assert page["pageInfo"]["hasNextPage"] is (before is not None)
        before, more = page["pageInfo"]["startCursor"], page["pageInfo"]["hasPreviousPage"]
    assert seen == people


def test_a_page_between_two_cursors_holds_what_lies_between(
    owner: Caller, people: list[str]
) -> None:
    edges = owner.ask(CONTACTS, first=7)["contacts"]["edges"]
    page = owner.ask(CONTACTS, after=edges[1]["cursor"], before=edges[5]["cursor"])["contacts"]
    assert emails(page) == people[2:5]


def test_rows_that_come_meanwhile_do_not_shift_the_next_page(
    owner: Caller, house: House, people: list[str]
) -> None:
    first = owner.ask(CONTACTS, first=3)["contacts"]
    house.a_contact()
    after = first["pageInfo"]["endCursor"]
    assert emails(owner.ask(CONTACTS, first=3, after=after)["contacts"]) == people[3:6]


def test_an_empty_list_is_a_page_too(owner: Caller) -> None:
    page = owner.ask(CONTACTS)["contacts"]
    assert (page["nodes"], page["totalCount"]) == ([], 0)
    assert page["pageInfo"] == {
        "hasNextPage": False,
        "hasPreviousPage": False,
        "startCursor": None,
        "endCursor": None,
    }


@pytest.mark.parametrize(
    ("variables", "argument"),
    [
        ({"first": 0}, "first"),
        ({"first": 101}, "first"),
        ({"last": -1}, "last"),
        ({"first": 1, "last": 1}, "first"),
        ({"after": "nonsense"}, "after"),
        ({"before": "bnVsbA"}, "before"),
        ({"after": ids.encode("Contact", 1)}, "after"),
    ],
)
def test_arguments_that_make_no_page_are_refused_by_name(
    owner: Caller, variables: dict[str, Any], argument: str
) -> None:
    error = owner.error(CONTACTS, **variables)
    assert error["extensions"] == {"code": "BAD_INPUT", "argument": argument}


def test_an_event_is_its_own_cursor_in_both_directions(owner: Caller, house: House) -> None:
    with house.tx() as tx:
        for number in range(3):
            tx.record("test.happened", f"Number {number}.", actor="test")
    query = """query ($after: String, $before: String, $last: Int) {
      events(after: $after, before: $before, last: $last) { nodes { id } edges { cursor } } }"""
    page = owner.ask(query, last=3)["events"]
    first, second, third = (node["id"] for node in page["nodes"])
    assert [edge["cursor"] for edge in page["edges"]] == [first, second, third]
    between = owner.ask(query, after=first, before=third)["events"]
    assert [node["id"] for node in between["nodes"]] == [second]
    error = owner.error(query, after=ids.encode("Message", 1))
    assert error["extensions"] == {"code": "BAD_INPUT", "argument": "after"}


def test_a_cursor_of_one_list_is_none_of_another(owner: Caller, people: list[str]) -> None:
    cursor = owner.ask(CONTACTS, first=1)["contacts"]["pageInfo"]["endCursor"]
    error = owner.error("query ($c: String) { tasks(after: $c) { totalCount } }", c=cursor)
    assert error["extensions"]["argument"] == "after"
    assert people


@pytest.mark.parametrize(
    "listed",
    [
        'tasks(filter: {agentId: "x"})',
        'tasks(filter: {contactId: "x"})',
        'followUps(filter: {taskId: "x"})',
        'messages(filter: {correlationId: "x"})',
        'events(filter: {taskId: "x"})',
        'replies(contactId: "x")',
    ],
)
def test_an_id_that_is_none_is_refused_in_a_filter(owner: Caller, listed: str) -> None:
    error = owner.error(f"{{ {listed} {{ totalCount }} }}")
    assert error["extensions"]["code"] == "BAD_INPUT"


def test_filters_narrow(owner: Caller, house: House) -> None:
    sent, drafted = house.a_sent_task(), house.a_drafted_task()
    for listed, expected in (
        ("tasks(filter: {status: [COMPLETED]})", [sent.id]),
        ("tasks(filter: {status: [COMPLETED, AWAITING_APPROVAL]})", [drafted.id, sent.id]),
        ("tasks(filter: {status: []})", []),
        (
            f'tasks(filter: {{contactId: "{ids.encode("Contact", drafted.contact_id)}"}})',
            [drafted.id],
        ),
        (
            f'tasks(filter: {{agentId: "{ids.encode("Agent", sent.agent_id)}"}})',
            [drafted.id, sent.id],
        ),
    ):
        nodes = owner.ask(f"{{ {listed} {{ nodes {{ id }} }} }}")["tasks"]["nodes"]
        assert [node["id"] for node in nodes] == [ids.encode("Task", id_) for id_ in expected]
    [step] = house.follow_ups(sent)
    for when, count in (("dueAfter", 1), ("dueBefore", 0)):
        query = f"query ($at: DateTime) {{ followUps(filter: {{{when}: $at}}) {{ totalCount }} }}"
        shown = owner.ask(query, at=step.due_at.isoformat())["followUps"]
        assert shown["totalCount"] == count
    thread = str(sent.correlation_id)
    query = "query ($c: ID) { messages(filter: {correlationId: $c}) { nodes { correlationId } } }"
    nodes = owner.ask(query, c=thread)["messages"]["nodes"]
    assert {node["correlationId"] for node in nodes} == {thread}
    events = owner.ask('{ events(filter: {type: ["email.sent"]}) { nodes { type } } }')["events"]
    assert [event["type"] for event in events["nodes"]] == ["email.sent"]


def test_a_search_takes_every_character_at_its_word(owner: Caller, house: House) -> None:
    house.a_contact(name="100% Cotton", email="cotton@example.org")
    house.a_contact(name="Under_score", email="under@example.org")
    query = "query ($s: String) { contacts(search: $s) { nodes { name } } }"
    for text, names in (
        ("%", ["100% Cotton"]),
        ("_", ["Under_score"]),
        ("COTTON", ["100% Cotton"]),
        ("\\", []),
        ("'", []),
    ):
        found = owner.ask(query, s=text)["contacts"]["nodes"]
        assert [contact["name"] for contact in found] == names


SHAPES = {
    "tasks": "status agent { name mailbox { ready } metrics { emailsSent } } contact { email }",
    "tasks ": "queuedAfter { id } draft { version } drafts { subject } "
    "escalations { reason sentEmail { id } }",
    "tasks  ": "followUps { step draft { body } sentEmail { status contact { name } } }",
    "tasks   ": "sentEmail { receipt { rule } followUp { step } contact { name } }",
    "drafts": "to fingerprint task { contact { name } } followUp { step } editedFrom { version } "
    "approvals { by } stale { code } followUpSettings { waits } preview { html replyTo } "
    "unsupported sentences { basis facts { quote } }",
    "replies": "contact { name } sentEmail { subject } inboundEmail { subject }",
    "contacts": "suppression { reason }",
    "inboundEmails": "contact { name } sentEmail { subject }",
    "opportunities": "contact { name } tasks { status } stageChanges { after } "
    "recommendations { why evidence }",
    "recommendations": "opportunity { title } contact { name } task { status }",
    "sentEmails": "task { agent { name } } followUp { step }",
    "followUps": "task { draft { body } } contact { name }",
    "messages": "type task { agent { name } }",
    "events": "type task { contact { name } } agent { name }",
}
"""What is asked of each row of a list; what is loaded twice is loaded at one depth."""


@contextmanager
def counted(app: Starlette) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    engine = app.state.services.db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def quiet(postgres: Postgres, tmp_path: Path) -> Iterator[Starlette]:
    """A door that does nothing by itself, so that every statement is a request's."""
    settings = Settings(
        database_url=postgres.app_url,
        rapport_data_dir=tmp_path,
        public_url="https://house.test",
        email_reply_domain="answers.house.test",
    )
    app = create_app(settings)
    yield app
    app.state.services.db.close()
    app.state.services.threads.shutdown()


async def ask_quietly(quiet: Starlette, owner: Caller, listed: str, shape: str) -> Any:
    query = f"{{ {listed}(first: 100) {{ totalCount nodes {{ {shape} }} }} }}"
    transport = httpx.ASGITransport(quiet)
    async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
        answer = await client.post("/graphql", json={"query": query}, headers=owner.headers)
        return answer.json()["data"][listed.strip()]["nodes"]


def prices(quiet: Starlette, owner: Caller) -> dict[str, tuple[int, int]]:
    """Return of each list how many rows it shows, and by how many statements."""
    found = {}
    for listed, shape in SHAPES.items():
        with counted(quiet) as statements:
            rows = asyncio.run(ask_quietly(quiet, owner, listed, shape))
        found[listed] = len(rows), len(statements)
    return found


def answered_deals(house: House, number: int) -> None:
    """Have deals come in that nobody sees to, and mails that are somebody's answers."""
    for _ in range(number):
        contact = house.a_contact()
        house.an_opportunity(contact=contact)
        with house.tx() as tx:
            mail = tx.insert(
                InboundEmail,
                id=new_id(),
                provider_email_id=str(new_id()),
                status=InboundStatus.ATTACHED,
                kind="human",
                sender=contact.email,
                subject="Hello",
                text="Hello.",
                reason="It is theirs.",
                contact_id=contact.id,
                received_at=tx.now,
                created_at=tx.now,
            )
            replies.keep(tx, contact, Heard(kind="human", text="Hello.", inbound=mail))
    house.wait(days=2, minutes=1)


def test_a_page_costs_as_many_statements_with_many_rows_as_with_few(
    owner: Caller, house: House, quiet: Starlette
) -> None:
    house.follow_up_settings(waits=["PT2S"], businessDaysOnly=False)
    house.planning_settings(noTouchDays=1)
    house.a_sent_task()
    house.a_drafted_task()
    answered_deals(house, 1)
    few = prices(quiet, owner)
    for _ in range(5):
        house.a_sent_task()
    house.a_drafted_task()
    answered_deals(house, 5)
    many = prices(quiet, owner)
    for listed in SHAPES:
        assert many[listed][0] >= few[listed][0] + 5, listed
        assert many[listed][1] == few[listed][1], listed
