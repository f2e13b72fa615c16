"""Two workspaces: no caller of one sees, counts or changes a row of the other."""

import threading
from typing import Any

import pytest
import sqlalchemy as sa

from graphql_api import ids
from runtime.crm.research import holdings
from runtime.models import (
    Agent,
    AgentKind,
    Approval,
    Base,
    Contact,
    Draft,
    Escalation,
    Event,
    Fact,
    FollowUp,
    InboundEmail,
    InboundStatus,
    Message,
    MessageStatus,
    Opportunity,
    PushSubscription,
    Recommendation,
    Reply,
    SentEmail,
    StageChange,
    Suppression,
    Task,
    WebPage,
    Workspace,
)
from tests.graphql_api.door import Caller
from tests.graphql_api.test_bad_input import BY_ID
from tests.graphql_api.test_push import A_BROWSER
from tests.house import House

TABLES: dict[str, type[Base]] = {
    "Agent": Agent,
    "Approval": Approval,
    "Contact": Contact,
    "Draft": Draft,
    "Escalation": Escalation,
    "Event": Event,
    "Fact": Fact,
    "FollowUp": FollowUp,
    "InboundEmail": InboundEmail,
    "Message": Message,
    "Opportunity": Opportunity,
    "Recommendation": Recommendation,
    "Reply": Reply,
    "SentEmail": SentEmail,
    "StageChange": StageChange,
    "Suppression": Suppression,
    "Task": Task,
    "WebPage": WebPage,
}
NO_NODES: dict[str, type[Base]] = {"PushSubscription": PushSubscription}
"""What mutations name by an id, and ``node`` shows to nobody."""


@pytest.fixture
def full(house: House, owner: Caller) -> House:
    """A house with something of everything in it."""
    house.follow_up_settings(waits=["PT2S"], businessDaysOnly=False)
    task = house.a_sent_task()
    house.wait(minutes=1)
    house.a_drafted_task()
    house.planning_settings(noTouchDays=1)
    house.an_opportunity(title="Secret deal.")
    house.wait(days=1, seconds=10)
    contact = ids.encode("Contact", task.contact_id)
    owner.do("addWebPage", {"contactId": contact, "url": "https://secret.example/"})
    research = ids.encode("Agent", house.agent(AgentKind.RESEARCH).id)
    given = {"agentId": research, "contactId": contact, "instruction": "Secret question."}
    owner.do("assignTask", given)
    house.settle()
    owner.do("recordReply", {"contactId": contact, "text": "Secret answer."})
    with house.tx() as tx:
        holdings.gather(tx, tx.get_one(Contact, (tx.workspace_id, task.contact_id)))
    left_alone = ids.encode("Contact", house.a_contact().id)
    owner.do("suppressContact", {"contactId": left_alone, "reason": "Secret reason."})
    owner.do("subscribeToPush", A_BROWSER)
    with house.tx() as tx:
        message = tx.scalars(sa.select(Message).limit(1)).one()
        message.status = MessageStatus.DEAD
        tx.insert(
            InboundEmail,
            provider_email_id="1",
            status=InboundStatus.UNMATCHED,
            kind="human",
            sender="eve@example.net",
            subject="Secret subject",
            text="Secret words.",
            reason="It is nobody's.",
            received_at=tx.now,
            created_at=tx.now,
        )
    return house


def ids_of(house: House, type_: str) -> list[str]:
    key = "seq" if type_ == "Event" else "id"
    return [ids.encode(type_, getattr(row, key)) for row in house.all((TABLES | NO_NODES)[type_])]


LISTS = {
    "tasks": "Task",
    "followUps": "FollowUp",
    "drafts": "Draft",
    "sentEmails": "SentEmail",
    "escalations(open: null)": "Escalation",
    "replies": "Reply",
    "inboundEmails": "InboundEmail",
    "suppressions": "Suppression",
    "messages": "Message",
    "contacts": "Contact",
    "opportunities": "Opportunity",
    "recommendations": "Recommendation",
}


def test_a_stranger_counts_nothing_where_the_owner_counts_all(
    full: House, owner: Caller, stranger: Caller
) -> None:
    for listed, type_ in LISTS.items():
        name = listed.split("(", maxsplit=1)[0]
        query = f"{{ {listed} {{ totalCount nodes {{ id }} }} }}"
        rows = ids_of(full, type_)
        assert rows, name
        mine = owner.ask(query)[name]
        assert mine["totalCount"] == len(rows)
        assert {node["id"] for node in mine["nodes"]} == set(rows)
        assert stranger.ask(query)[name] == {"totalCount": 0, "nodes": []}, name


def test_a_strangers_node_is_null(
    full: House, owner: Caller, stranger: Caller, other_house: House
) -> None:
    query = "query ($id: ID!) { node(id: $id) { __typename id } }"
    for type_ in TABLES:
        rows = set(ids_of(full, type_)) - set(ids_of(other_house, type_))
        assert rows, type_
        for id_ in list(rows)[:5]:
            assert owner.ask(query, id=id_)["node"] == {"__typename": type_, "id": id_}
            assert stranger.ask(query, id=id_)["node"] is None, type_


def test_every_type_of_node_is_among_those_tried_here(owner: Caller) -> None:
    shown = owner.ask('{ __type(name: "Node") { possibleTypes { name } } }')
    assert {t["name"] for t in shown["__type"]["possibleTypes"]} == {*TABLES, "Workspace"}


def test_a_stranger_sees_another_workspace_team_and_cursor(
    full: House, owner: Caller, stranger: Caller, other_house: House
) -> None:
    query = """{ viewer { workspace { id } } system { cursor outboxPending } agents { id mailbox {
        ready dead } metrics { tasksOpen tasksCompleted awaitingApproval emailsSent } } }"""
    mine, theirs = owner.ask(query), stranger.ask(query)
    assert mine["viewer"]["workspace"]["id"] == ids.encode("Workspace", full.workspace_id)
    assert theirs["viewer"]["workspace"]["id"] == ids.encode("Workspace", other_house.workspace_id)
    assert {a["id"] for a in theirs["agents"]} == set(ids_of(other_house, "Agent"))
    zero = {"tasksOpen": 0, "tasksCompleted": 0, "awaitingApproval": 0, "emailsSent": 0}
    assert all(a["metrics"] == zero for a in theirs["agents"])
    assert all(a["mailbox"] == {"ready": 0, "dead": 0} for a in theirs["agents"])
    assert any(a["metrics"] != zero for a in mine["agents"])
    workspace = "query ($id: ID!) { node(id: $id) { id } }"
    assert stranger.ask(workspace, id=ids.encode("Workspace", full.workspace_id))["node"] is None
    assert full.all(Workspace)[0].id == full.workspace_id


EVER = 'from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z"'
FILTERED = [
    ("tasks(filter: {contactId: $id})", "Contact"),
    ("tasks(filter: {agentId: $id})", "Agent"),
    ("followUps(filter: {contactId: $id})", "Contact"),
    ("followUps(filter: {taskId: $id})", "Task"),
    ("sentEmails(filter: {contactId: $id})", "Contact"),
    (f"insightRows(metric: SENT, {EVER}, sandbox: true, agentId: $id)", "Agent"),
    (f"insightDrafts({EVER}, agentId: $id)", "Agent"),
    ("sentEmails(filter: {taskId: $id})", "Task"),
    ("replies(contactId: $id)", "Contact"),
    ("messages(filter: {taskId: $id})", "Task"),
    ("events(filter: {taskId: $id})", "Task"),
    ("events(filter: {agentId: $id})", "Agent"),
    ("events(filter: {contactId: $id})", "Contact"),
]


def test_a_strangers_id_in_a_filter_finds_nothing(
    full: House, owner: Caller, stranger: Caller
) -> None:
    for listed, type_ in FILTERED:
        query = f"query ($id: ID!) {{ {listed} {{ totalCount }} }}"
        name = listed.split("(", maxsplit=1)[0]
        rows = ids_of(full, type_)
        assert any(owner.ask(query, id=id_)[name]["totalCount"] for id_ in rows), listed
        assert not any(stranger.ask(query, id=id_)[name]["totalCount"] for id_ in rows), listed


def test_a_stranger_changes_nothing_and_is_told_what_an_unknown_id_is_told(
    full: House, stranger: Caller, other_house: House
) -> None:
    before = snapshot(full)
    mine = ids.encode("Contact", other_house.a_contact().id)
    for mutation, (field, type_, rest) in BY_ID.items():
        given = rest | ({"contactId": mine} if mutation == "assignTask" else {})
        for id_ in set(ids_of(full, type_)) - set(ids_of(other_house, type_)):
            error = stranger.refused(mutation, given | {field: id_})
            assert (error["code"], error["path"]) == ("NOT_FOUND", ["input", field]), mutation
    assert snapshot(full) == before


def test_a_task_is_not_assigned_to_a_strangers_contact(
    full: House, stranger: Caller, other_house: House
) -> None:
    mine = ids.encode("Agent", other_house.agent(AgentKind.OUTREACH).id)
    before = snapshot(full)
    for contact in ids_of(full, "Contact"):
        given = {"agentId": mine, "contactId": contact, "instruction": "Write."}
        error = stranger.refused("assignTask", given)
        assert (error["code"], error["path"]) == ("NOT_FOUND", ["input", "contactId"])
    assert snapshot(full) == before


def test_an_address_of_one_workspace_is_free_in_another(full: House, stranger: Caller) -> None:
    address = full.all(Contact)[0].email
    given = {"email": address, "name": "Ada"}
    assert stranger.do("createContact", given)["userErrors"] == []


def test_an_idempotency_key_of_one_workspace_is_free_in_another(
    owner: Caller, stranger: Caller
) -> None:
    given = {"email": "a@example.org", "name": "Ada", "idempotencyKey": "the same"}
    mine = owner.do("createContact", given, "contact { id }")
    theirs = stranger.do("createContact", given | {"name": "Bob"}, "contact { id name }")
    assert theirs["userErrors"] == []
    assert theirs["contact"]["id"] != mine["contact"]["id"]


def test_a_stranger_rings_only_the_own_clock(owner: Caller, stranger: Caller, house: House) -> None:
    house.follow_up_settings(waits=["PT2S"], businessDaysOnly=False)
    house.a_sent_task()
    house.clock.advance(10)
    execute = "mutation { executeDueFollowUps { fired } }"
    assert stranger.ask(execute)["executeDueFollowUps"]["fired"] == 0
    assert owner.ask(execute)["executeDueFollowUps"]["fired"] == 1


def test_a_stranger_watches_only_the_own_house(
    house: House, other_house: House, stranger: Caller
) -> None:
    feed = stranger.door.app.state.services.feed
    queries = {
        "events": "subscription { events { id } }",
        "taskUpdated": "subscription { taskUpdated { id } }",
        "agentUpdated": "subscription { agentUpdated { id } }",
        "messagePosted": "subscription { messagePosted { id } }",
    }
    with stranger.socket() as talk:
        for query in queries.values():
            talk.subscribe(query)
        moment = threading.Event()
        while feed.watchers < len(queries):
            moment.wait(0.01)
        house.a_task()  # nothing of this may arrive
        task = other_house.a_task()
        seen: dict[str, Any] = {}
        while seen.keys() != queries.keys():
            seen |= {name: value["id"] for name, value in talk.next().items()}
    mine = {
        *ids_of(other_house, "Event"),
        *ids_of(other_house, "Agent"),
        *ids_of(other_house, "Message"),
        ids.encode("Task", task.id),
    }
    assert set(seen.values()) <= mine


def test_a_strangers_task_cannot_be_watched(house: House, stranger: Caller) -> None:
    wanted = {
        "taskUpdated(id: $id)": ids.encode("Task", house.a_task().id),
        "agentUpdated(id: $id)": ids.encode("Agent", house.agent(AgentKind.OUTREACH).id),
        "messagePosted(taskId: $id)": ids.encode("Task", house.a_task().id),
        "messagePosted(agentId: $id)": ids.encode("Agent", house.agent(AgentKind.OUTREACH).id),
    }
    with stranger.socket() as talk:
        for field, id_ in wanted.items():
            talk.subscribe(f"subscription ($id: ID) {{ {field} {{ id }} }}", id=id_)
            [error] = talk.receive()["payload"]["errors"]
            assert error["extensions"]["code"] == "NOT_FOUND"
            assert talk.receive()["type"] == "complete"


def snapshot(house: House) -> dict[str, list[Any]]:
    """Return every row of a house, whole."""
    return {
        name: [
            {column.key: getattr(row, column.key) for column in sa.inspect(table).column_attrs}
            for row in house.all(table)
        ]
        for name, table in (TABLES | NO_NODES).items()
    }
