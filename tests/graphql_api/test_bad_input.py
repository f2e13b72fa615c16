"""Whatever is wrong with an input: a user error that names its field, and nothing changed."""

import base64
from typing import Any
from uuid import uuid4

import pytest

from graphql_api import ids
from runtime.models import Agent, AgentKind, Base, Draft, Event, Message, Task
from tests.graphql_api.door import Caller
from tests.house import House


class Before:
    """What a house holds, to be compared with what it holds afterwards."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.then = self.look()

    def look(self) -> list[Any]:
        tables: tuple[type[Base], ...] = (Event, Message, Draft, Task)
        counts = [len(self.house.all(table)) for table in tables]
        drafts = [(d.id, d.status, d.version) for d in self.house.all(Draft)]
        tasks = [(t.id, t.status, t.updated_at) for t in self.house.all(Task)]
        settings = [self.house.agent(kind).settings for kind in (AgentKind.FOLLOW_UP,)]
        return [counts, drafts, tasks, settings]

    def unchanged(self) -> bool:
        return self.look() == self.then


BY_ID = {
    "assignTask": ("agentId", "Agent", {"instruction": "Write."}),
    "cancelTask": ("taskId", "Task", {}),
    "retryTask": ("taskId", "Task", {}),
    "approveDraft": ("draftId", "Draft", {"fingerprint": "x"}),
    "rejectDraft": ("draftId", "Draft", {}),
    "editDraft": ("draftId", "Draft", {"body": "x"}),
    "withdrawApproval": ("draftId", "Draft", {}),
    "updateAgent": ("agentId", "Agent", {"name": "x"}),
    "pauseAgent": ("agentId", "Agent", {}),
    "resumeAgent": ("agentId", "Agent", {}),
    "sendMessage": ("agentId", "Agent", {"text": "x"}),
    "replayMessage": ("messageId", "Message", {}),
    "discardMessage": ("messageId", "Message", {}),
    "recordReply": ("contactId", "Contact", {"text": "x"}),
    "updateContact": ("contactId", "Contact", {"name": "x"}),
    "eraseContact": ("contactId", "Contact", {"confirmEmail": "a@b.example", "reason": "x"}),
    "suppressContact": ("contactId", "Contact", {"reason": "x"}),
    "removeSuppression": ("suppressionId", "Suppression", {"reason": "x"}),
    "attachReply": ("inboundEmailId", "InboundEmail", {}),
    "dismissReply": ("inboundEmailId", "InboundEmail", {"reason": "x"}),
    "reviewReply": ("replyId", "Reply", {}),
    "rescheduleFollowUp": ("followUpId", "FollowUp", {"dueAt": "2026-04-01T00:00:00Z"}),
    "executeFollowUp": ("followUpId", "FollowUp", {}),
    "pauseFollowUp": ("followUpId", "FollowUp", {}),
    "resumeFollowUp": ("followUpId", "FollowUp", {}),
    "cancelFollowUp": ("followUpId", "FollowUp", {}),
    "updateOpportunity": ("opportunityId", "Opportunity", {"title": "x"}),
    "delegateOpportunity": ("opportunityId", "Opportunity", {}),
    "acceptRecommendation": ("recommendationId", "Recommendation", {}),
    "dismissRecommendation": ("recommendationId", "Recommendation", {}),
    "reopenRecommendation": ("recommendationId", "Recommendation", {}),
    "removeWebPage": ("webPageId", "WebPage", {}),
    "withdrawFact": ("factId", "Fact", {}),
    "updatePushSubscription": ("pushSubscriptionId", "PushSubscription", {}),
    "unsubscribeFromPush": ("pushSubscriptionId", "PushSubscription", {}),
    "testPush": ("pushSubscriptionId", "PushSubscription", {}),
    "resolveEscalation": ("escalationId", "Escalation", {"action": "CLOSE"}),
}


@pytest.mark.parametrize("mutation", BY_ID)
def test_an_unknown_a_malformed_and_a_misplaced_id_meet_the_same_answer(
    owner: Caller, house: House, mutation: str
) -> None:
    field, type_, rest = BY_ID[mutation]
    before = Before(house)
    key = 4_000_000_000 if type_ == "Message" else uuid4()
    answers = [
        owner.refused(mutation, rest | {field: wrong})
        for wrong in (
            ids.encode(type_, key),
            "nonsense",
            "",
            ids.encode("Workspace", key),
            "x" * 9_000,
        )
    ]
    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["code"] == "NOT_FOUND"
    assert answers[0]["path"] == ["input", field]
    assert before.unchanged()


def outreach(house: House) -> str:
    return ids.encode("Agent", house.agent(AgentKind.OUTREACH).id)


@pytest.mark.parametrize(
    ("instruction", "code"),
    [("", "EMPTY"), (" \n\t ", "EMPTY"), ("a" * 100_000, "TOO_LONG"), ("a\x00b", "MALFORMED")],
    ids=["empty", "blank", "100 kB", "NUL"],
)
def test_an_instruction_that_is_none_is_refused(
    owner: Caller, house: House, instruction: str, code: str
) -> None:
    contact = ids.encode("Contact", house.a_contact().id)
    before = Before(house)
    given = {"agentId": outreach(house), "contactId": contact, "instruction": instruction}
    error = owner.refused("assignTask", given)
    assert (error["code"], error["path"]) == (code, ["input", "instruction"])
    assert before.unchanged()


def test_a_task_needs_a_contact_and_the_right_agent(owner: Caller, house: House) -> None:
    contact = ids.encode("Contact", house.a_contact().id)
    follow_up = ids.encode("Agent", house.agent(AgentKind.FOLLOW_UP).id)
    before = Before(house)
    for given, field in (
        ({"agentId": outreach(house)}, "contactId"),
        ({"agentId": outreach(house), "contactId": "x"}, "contactId"),
        ({"agentId": follow_up, "contactId": contact}, "agentId"),
    ):
        error = owner.refused("assignTask", {"instruction": "Write."} | given)
        assert error["path"] == ["input", field]
    assert before.unchanged()


@pytest.mark.parametrize(
    "address",
    ["", "nobody", "a@b", "a b@example.org", "a@example.org\nBcc: b@example.org", "@", "é" * 999],
)
def test_a_malformed_address_is_refused(owner: Caller, house: House, address: str) -> None:
    before = Before(house)
    error = owner.refused("createContact", {"email": address, "name": "Ada"})
    assert error["path"] == ["input", "email"]
    assert before.unchanged()


@pytest.mark.parametrize(
    ("field", "value"), [("timezone", "Mars/Olympus"), ("name", " "), ("company", "x" * 10_000)]
)
def test_a_contact_is_refused_by_the_field_at_fault(
    owner: Caller, house: House, field: str, value: str
) -> None:
    before = Before(house)
    given = {"email": "a@example.org", "name": "Ada"} | {field: value}
    assert owner.refused("createContact", given)["path"] == ["input", field]
    assert before.unchanged()


def test_an_address_is_there_once(owner: Caller, house: House) -> None:
    contact = house.a_contact()
    before = Before(house)
    error = owner.refused("createContact", {"email": contact.email.upper(), "name": "Twin"})
    assert (error["code"], error["path"]) == ("CONTACT_EXISTS", ["input", "email"])
    assert before.unchanged()


def draft_input(house: House, **changes: Any) -> dict[str, Any]:
    draft = house.draft(house.a_drafted_task())
    given = {"draftId": ids.encode("Draft", draft.id), "fingerprint": draft.fingerprint}
    return given | changes


def test_a_wrong_fingerprint_approves_rejects_and_edits_nothing(
    owner: Caller, house: House
) -> None:
    stale = draft_input(house, fingerprint="0" * 64)
    before = Before(house)
    for mutation in ("approveDraft", "rejectDraft", "editDraft"):
        given = stale | ({"body": "Other."} if mutation == "editDraft" else {})
        error = owner.refused(mutation, given)
        assert (error["code"], error["path"]) == ("STALE_FINGERPRINT", ["input", "fingerprint"])
    assert before.unchanged()


def test_a_second_approval_changes_nothing_and_sends_nothing_more(
    owner: Caller, house: House
) -> None:
    given = draft_input(house)
    assert owner.do("approveDraft", given)["userErrors"] == []
    before = Before(house)
    error = owner.refused("approveDraft", given)
    assert (error["code"], error["path"]) == ("ALREADY_DECIDED", ["input", "draftId"])
    assert before.unchanged()
    house.settle()
    assert len(house.mails()) == 1


def test_an_approval_after_the_cancellation_sends_nothing(owner: Caller, house: House) -> None:
    task = house.a_drafted_task()
    draft = house.draft(task)
    owner.do("cancelTask", {"taskId": ids.encode("Task", task.id)})
    before = Before(house)
    given = {"draftId": ids.encode("Draft", draft.id), "fingerprint": draft.fingerprint}
    assert owner.refused("approveDraft", given)["path"] == ["input", "draftId"]
    assert owner.refused("cancelTask", {"taskId": ids.encode("Task", task.id)})["path"] == [
        "input",
        "taskId",
    ]
    assert before.unchanged()
    house.settle()
    assert house.mails() == []


def test_an_edit_needs_something_to_edit(owner: Caller, house: House) -> None:
    given = draft_input(house)
    before = Before(house)
    assert owner.refused("editDraft", given)["path"] == ["input", "body"]
    two_lines = given | {"subject": "Hello\nBcc: everybody@example.org"}
    assert owner.refused("editDraft", two_lines)["path"] == ["input", "subject"]
    assert before.unchanged()


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"waits": ["PT2S", "soon"]}, "waits"),
        ({"waits": ["P1Y"]}, "waits"),
        ({"waits": ["-P1D"]}, "waits"),
        ({"waits": [""]}, "waits"),
        ({"waits": ["PT0S"]}, "waits"),
        ({"waits": ["P1D"] * 100}, "waits"),
        ({"windowStart": "9 o'clock", "windowEnd": "17:00"}, "windowStart"),
    ],
)
def test_malformed_settings_are_refused(
    owner: Caller, house: House, settings: dict[str, Any], field: str
) -> None:
    before = Before(house)
    agent = ids.encode("Agent", house.agent(AgentKind.FOLLOW_UP).id)
    error = owner.refused("updateAgent", {"agentId": agent, "followUp": settings})
    assert error["path"][:3] == ["input", "followUp", field]
    assert before.unchanged()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"followUp": {"waits": ["P1D"]}}, "followUp"),
        ({"planning": {"a": 1}}, "planning"),
        ({"outreach": {"maxAttempts": 0}}, "outreach"),
        ({"name": "two\nlines"}, "name"),
    ],
)
def test_an_agent_takes_only_settings_of_its_own_kind(
    owner: Caller, house: House, given: dict[str, Any], field: str
) -> None:
    before = Before(house)
    error = owner.refused("updateAgent", {"agentId": outreach(house)} | given)
    assert error["path"][:2] == ["input", field]
    assert before.unchanged()


@pytest.mark.parametrize(
    ("mutation", "given"),
    [
        ("updateAgent", {"agentId": "", "outreach": {"tone": "a\x00b"}}),
        ("cancelTask", {"taskId": "", "reason": "a\x00b"}),
        ("createContact", {"email": "a@example.org", "name": "Ada", "idempotencyKey": "a\x00b"}),
    ],
)
def test_a_nul_is_refused_wherever_it_stands(
    owner: Caller, house: House, mutation: str, given: dict[str, Any]
) -> None:
    known = {
        "agentId": outreach(house),
        "taskId": ids.encode("Task", house.a_drafted_task().id),
    }
    before = Before(house)
    given = {name: known.get(name, value) for name, value in given.items()}
    error = owner.refused(mutation, given)
    assert (error["code"], error["path"][0]) == ("MALFORMED", "input")
    assert before.unchanged()


def test_an_agent_whose_row_an_older_release_wrote_shows_what_it_goes_by(
    owner: Caller, house: House
) -> None:
    with house.tx() as tx:
        row = tx.get_one(Agent, (house.workspace_id, house.agent(AgentKind.RESEARCH).id))
        row.settings = {"freshDays": 7}

    agents = owner.ask("{ agents { kind settings } }")["agents"]

    [shown] = [agent["settings"] for agent in agents if agent["kind"] == "RESEARCH"]
    assert (shown["freshDays"], shown["beforeDraft"]) == (7, "TOO_FEW_FACTS")


def test_settings_left_out_stay_and_null_is_the_default(owner: Caller, house: House) -> None:
    agent = {"agentId": ids.encode("Agent", house.agent(AgentKind.FOLLOW_UP).id)}
    for settings, expected in (
        ({"waits": ["PT90S"]}, ["PT1M30S"]),
        ({"businessDaysOnly": False}, ["PT1M30S"]),
        ({"waits": None}, ["P3D", "P4D", "P7D"]),
    ):
        shown = owner.do("updateAgent", agent | {"followUp": settings}, "agent { settings }")
        assert shown["agent"]["settings"]["waits"] == expected
    assert shown["agent"]["settings"]["businessDaysOnly"] is False


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "csv"),
        ({"csv": "a", "base64": "YQ=="}, "csv"),
        ({"base64": "not base64!"}, "base64"),
        ({"base64": base64.b64encode(b"PK\x03\x04zip").decode()}, "base64"),
        ({"csv": ""}, "csv"),
        ({"csv": "name\nAda"}, "csv"),
        ({"csv": "email,name\na@example.org,A", "mapping": ["email"]}, "mapping"),
        ({"csv": "email,name\na@example.org,A", "mapping": {"name": "shoe size"}}, "mapping"),
    ],
)
def test_a_file_that_is_none_is_refused_whole(
    owner: Caller, house: House, given: dict[str, Any], field: str
) -> None:
    before = Before(house)
    assert owner.refused("importContacts", given)["path"][:2] == ["input", field]
    assert before.unchanged()


IMPORT = "created updated skipped failed { line column value reason }"


def test_a_file_goes_in_line_by_line_and_once(owner: Caller) -> None:
    text = "Name;E-Mail\r\nGrete Müller;grete@example.org\r\nNobody;nobody\r\n;\r\n"
    given = {"base64": base64.b64encode(text.encode("cp1252")).decode()}
    tried = owner.do("importContacts", given | {"dryRun": True}, IMPORT)
    assert (tried["created"], len(tried["failed"])) == (1, 1)
    assert owner.ask("{ contacts { totalCount } }")["contacts"]["totalCount"] == 0
    first = owner.do("importContacts", given, IMPORT)
    assert (first["created"], first["userErrors"]) == (1, [])
    [failed] = first["failed"]
    assert (failed["line"], failed["column"], failed["value"]) == (3, "E-Mail", "nobody")
    again = owner.do("importContacts", given, IMPORT)
    assert (again["created"], again["skipped"]) == (0, 1)
    found = owner.ask('{ contacts(search: "MÜLLER") { nodes { name } } }')["contacts"]["nodes"]
    assert found == [{"name": "Grete Müller"}]


def test_a_follow_up_moves_only_into_the_future(owner: Caller, house: House) -> None:
    [step] = house.follow_ups(house.a_sent_task())
    this = {"followUpId": ids.encode("FollowUp", step.id)}
    before = Before(house)
    for when in ("2020-01-01T00:00:00Z", "9999-12-31T23:59:59Z"):
        error = owner.refused("rescheduleFollowUp", this | {"dueAt": when})
        assert error["path"] == ["input", "dueAt"]
    assert before.unchanged()
    answer = owner.attempt("rescheduleFollowUp", this | {"dueAt": "2026-04-01T00:00:00"})
    assert "at .dueAt: A time needs its offset" in answer["errors"][0]["message"]
    assert before.unchanged()


def test_an_escalation_is_settled_once_and_in_a_way_that_fits(owner: Caller, house: House) -> None:
    house.follow_up_settings(waits=["PT2S"], businessDaysOnly=False)
    house.a_sent_task()
    house.wait(minutes=1)
    [escalation] = house.escalations()
    this = {"escalationId": ids.encode("Escalation", escalation.id)}
    before = Before(house)
    assert owner.refused("resolveEscalation", this | {"action": "SENT"})["path"][1] == "action"
    assert owner.refused("resolveEscalation", this | {"action": "EXTEND"})["path"][1] == "steps"
    assert before.unchanged()
    assert owner.do("resolveEscalation", this | {"action": "CLOSE"})["userErrors"] == []
    assert (
        owner.refused("resolveEscalation", this | {"action": "CLOSE"})["path"][1] == "escalationId"
    )


def test_a_key_gives_the_first_answer_again(owner: Caller, house: House) -> None:
    contact = ids.encode("Contact", house.a_contact().id)
    given = {"agentId": outreach(house), "contactId": contact, "instruction": "Write."}
    keyed = given | {"idempotencyKey": "once"}
    first = owner.do("assignTask", keyed, "task { id }")
    before = Before(house)
    assert owner.do("assignTask", keyed, "task { id }") == first
    error = owner.refused("assignTask", keyed | {"instruction": "Write more."})
    assert (error["code"], error["path"]) == ("CONFLICT", ["input", "idempotencyKey"])
    assert before.unchanged()
    again = keyed | {"idempotencyKey": "twice", "ifEnrolled": "QUEUE_AFTER"}
    other = owner.do("assignTask", again, "task { id }")
    assert other["task"]["id"] != first["task"]["id"]


@pytest.mark.parametrize(
    ("mutation", "shown"),
    [
        ("createContact", "contact { id }"),
        ("sendMessage", "message { id }"),
        ("createOpportunity", "opportunity { id }"),
    ],
)
def test_whatever_creates_takes_a_key(
    owner: Caller, house: House, mutation: str, shown: str
) -> None:
    given = {
        "createContact": {"email": "a@example.org", "name": "Ada"},
        "sendMessage": {"agentId": outreach(house), "text": "Hello."},
        "createOpportunity": {"title": "Two seats"},
    }[mutation] | {"idempotencyKey": "once"}
    assert owner.do(mutation, given, shown) == owner.do(mutation, given, shown)


def test_a_key_of_one_operation_is_free_for_another(owner: Caller, house: House) -> None:
    key = {"idempotencyKey": "the same"}
    contact = {"email": "a@example.org", "name": "Ada"} | key
    assert owner.do("createContact", contact)["userErrors"] == []
    message = {"agentId": outreach(house), "text": "Hello."} | key
    assert owner.do("sendMessage", message)["userErrors"] == []


def test_a_key_that_is_none_is_refused(owner: Caller, house: House) -> None:
    for key in ("", "k" * 300):
        given = {"email": "a@example.org", "name": "Ada", "idempotencyKey": key}
        assert owner.refused("createContact", given)["path"] == ["input", "idempotencyKey"]
