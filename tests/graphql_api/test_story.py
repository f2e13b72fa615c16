"""The main job through the door: from a contact to an escalation on a person's desk."""

from graphql_api import ids
from runtime.models import FollowUpStatus, Message, MessageStatus
from tests.graphql_api.door import Caller
from tests.house import House

TASK = """
query ($id: ID!) {
  task(id: $id) {
    status priority attempts error { code message retryAt }
    agent { kind name } contact { email status }
    draft { id version status fingerprint to writer task { id } followUp { id } }
    drafts { version status reason decidedBy }
    sentEmail { status transport to subject receipt { rule passed detail } contact { name } }
    followUps { step status dueAt draft { body } sentEmail { status followUp { step } } }
    escalations { id kind reason resolvedAt contact { email } }
  }
}
"""


def agent_id(owner: Caller, kind: str) -> str:
    team = owner.ask("{ agents { id kind } }")["agents"]
    return next(str(agent["id"]) for agent in team if agent["kind"] == kind)


def an_assigned_task(caller: Caller) -> str:
    contact = caller.do(
        "createContact",
        {"email": "Grace@Example.org", "name": "Grace Hopper", "timezone": "Europe/Berlin"},
        "contact { id email status }",
    )["contact"]
    assert contact["email"] == "grace@example.org"
    task = caller.do(
        "assignTask",
        {
            "agentId": agent_id(caller, "OUTREACH"),
            "contactId": contact["id"],
            "instruction": "Invite her to the pilot.",
            "priority": "HIGH",
        },
        "task { id status }",
    )["task"]
    assert task["status"] == "QUEUED"
    return str(task["id"])


def test_the_whole_story_is_told_and_done_through_the_door(owner: Caller, house: House) -> None:
    settings = {"waits": ["PT2S", "PT3S"], "businessDaysOnly": False}
    set_ = {"agentId": agent_id(owner, "FOLLOW_UP"), "followUp": settings}
    shown = owner.do("updateAgent", set_, "agent { settings }")
    assert shown["agent"]["settings"]["waits"] == ["PT2S", "PT3S"]

    task_id = an_assigned_task(owner)
    house.settle()
    task = owner.ask(TASK, id=task_id)["task"]
    assert (task["status"], task["priority"]) == ("AWAITING_APPROVAL", "HIGH")
    assert task["agent"]["kind"] == "OUTREACH"
    assert task["draft"]["task"]["id"] == task_id
    assert task["draft"]["followUp"] is None
    assert task["sentEmail"] is None

    approval = {"draftId": task["draft"]["id"], "fingerprint": task["draft"]["fingerprint"]}
    approved = owner.do("approveDraft", approval, "draft { status decidedBy } task { status }")
    assert approved["draft"] == {"status": "APPROVED", "decidedBy": house.who}
    assert approved["task"]["status"] == "SENDING"

    house.settle()
    task = owner.ask(TASK, id=task_id)["task"]
    assert task["status"] == "COMPLETED"
    assert task["sentEmail"]["status"] == "SENT"
    assert task["sentEmail"]["transport"] == "sandbox"
    assert all(check["passed"] for check in task["sentEmail"]["receipt"])
    assert [step["status"] for step in task["followUps"]] == ["SCHEDULED"]

    house.wait(minutes=1)
    task = owner.ask(TASK, id=task_id)["task"]
    assert task["status"] == "ESCALATED"
    assert [(step["step"], step["status"]) for step in task["followUps"]] == [
        (1, "SENT"),
        (2, "SENT"),
    ]
    assert task["followUps"][1]["sentEmail"]["followUp"]["step"] == 2
    [escalation] = task["escalations"]
    assert (escalation["kind"], escalation["resolvedAt"]) == ("NO_ANSWER", None)
    assert len(house.mails()) == 3

    listed = owner.ask("{ escalations { totalCount nodes { id task { id } } } }")["escalations"]
    assert listed == {"totalCount": 1, "nodes": [{"id": escalation["id"], "task": {"id": task_id}}]}
    settled = {"escalationId": escalation["id"], "action": "CLOSE", "note": "Called her."}
    resolved = owner.do("resolveEscalation", settled, "escalation { resolution resolvedAt }")
    assert resolved["escalation"]["resolution"] == "CLOSE: Called her."
    assert owner.ask("{ escalations { totalCount } }")["escalations"]["totalCount"] == 0
    assert owner.ask("{ escalations(open: null) { totalCount } }")["escalations"]["totalCount"] == 1


def test_feedback_brings_a_new_version_and_an_edit_another(owner: Caller, house: House) -> None:
    task_id = an_assigned_task(owner)
    house.settle()
    first = owner.ask(TASK, id=task_id)["task"]["draft"]

    rejected = {"draftId": first["id"], "feedback": "Shorter, please."}
    assert owner.do("rejectDraft", rejected, "draft { status }")["draft"]["status"] == "REJECTED"
    house.settle()
    second = owner.ask(TASK, id=task_id)["task"]["draft"]
    assert second["version"] == 2

    edited = owner.do(
        "editDraft",
        {"draftId": second["id"], "subject": "A pilot", "fingerprint": second["fingerprint"]},
        "draft { version subject writer fingerprint }",
    )["draft"]
    assert (edited["version"], edited["subject"]) == (3, "A pilot")
    assert edited["fingerprint"] != second["fingerprint"]
    drafts = owner.ask(TASK, id=task_id)["task"]["drafts"]
    assert [(d["version"], d["status"]) for d in drafts] == [
        (1, "REJECTED"),
        (2, "SUPERSEDED"),
        (3, "PENDING"),
    ]
    assert drafts[0]["reason"] == "Shorter, please."


def test_a_reply_stops_what_was_planned(owner: Caller, house: House) -> None:
    task = house.a_sent_task()
    contact = ids.encode("Contact", task.contact_id)

    said = {"contactId": contact, "text": "Call me on Monday."}
    assert owner.do("recordReply", said, "contact { status }")["contact"]["status"] == "REPLIED"

    [step] = owner.ask("{ followUps { nodes { status reason } } }")["followUps"]["nodes"]
    assert step["status"] == "CANCELLED"
    [reply] = owner.ask("{ replies { nodes { text contact { id } sentEmail { id } } } }")[
        "replies"
    ]["nodes"]
    assert reply == {"text": "Call me on Monday.", "contact": {"id": contact}, "sentEmail": None}


def test_a_follow_up_is_moved_paused_resumed_and_cancelled(owner: Caller, house: House) -> None:
    house.a_sent_task()
    [step] = owner.ask("{ followUps { nodes { id dueAt timezone task { id } } } }")["followUps"][
        "nodes"
    ]
    moved = {"followUpId": step["id"], "dueAt": "2026-04-01T10:00:00+02:00"}
    shown = owner.do("rescheduleFollowUp", moved, "followUp { dueAt status }")["followUp"]
    assert shown == {"dueAt": "2026-04-01T08:00:00Z", "status": "SCHEDULED"}
    this = {"followUpId": step["id"], "reason": "On holiday."}
    for mutation, status in (
        ("pauseFollowUp", "PAUSED"),
        ("resumeFollowUp", "SCHEDULED"),
        ("cancelFollowUp", "CANCELLED"),
    ):
        assert owner.do(mutation, this, "followUp { status }")["followUp"]["status"] == status


def test_due_follow_ups_are_executed_on_demand_and_each_once(owner: Caller, house: House) -> None:
    house.follow_up_settings(waits=["PT2S"], businessDaysOnly=False)
    house.a_sent_task()
    execute = "mutation { executeDueFollowUps { fired userErrors { code } } }"
    nothing, one = {"fired": 0, "userErrors": []}, {"fired": 1, "userErrors": []}
    assert owner.ask(execute)["executeDueFollowUps"] == nothing
    house.clock.advance(3)
    assert owner.ask(execute)["executeDueFollowUps"] == one
    assert owner.ask(execute)["executeDueFollowUps"] == nothing


def test_one_follow_up_is_executed_now_and_those_beside_it_are_not(
    owner: Caller, house: House
) -> None:
    this, other = house.a_sent_task(), house.a_sent_task()
    step = {"followUpId": ids.encode("FollowUp", house.follow_ups(this)[0].id)}
    assert owner.do("executeFollowUp", step)["userErrors"] == []
    house.settle()
    assert house.follow_ups(this)[0].status is FollowUpStatus.SENT
    assert house.follow_ups(other)[0].status is FollowUpStatus.SCHEDULED
    assert owner.refused("executeFollowUp", step)["code"] == "CONFLICT"


def test_a_suppressed_contact_is_left_alone_and_listed(owner: Caller, house: House) -> None:
    contact = house.a_contact()
    left_alone = {"contactId": ids.encode("Contact", contact.id), "reason": "Asked us to stop."}
    shown = owner.do("suppressContact", left_alone, "contact { status }")
    assert shown["contact"]["status"] == "DO_NOT_CONTACT"
    query = "query ($s: String) { suppressions(search: $s) { nodes { email reason source } } }"
    [listed] = owner.ask(query, s=contact.email[:8].upper())["suppressions"]["nodes"]
    assert (listed["email"], listed["reason"]) == (contact.email, "Asked us to stop.")
    assert owner.ask(query, s="nobody%")["suppressions"]["nodes"] == []


def test_people_speak_to_agents_and_dead_letters_come_back(owner: Caller, house: House) -> None:
    agent = agent_id(owner, "OUTREACH")
    sent = owner.do(
        "sendMessage",
        {"agentId": agent, "text": "How is it going?"},
        "message { id type sender recipient body status correlationId task { id } }",
    )["message"]
    assert (sent["type"], sent["sender"], sent["recipient"]) == (
        "PersonWrote",
        "person",
        "outreach",
    )
    assert sent["body"]["text"] == "How is it going?"
    mailbox = owner.ask("{ agents { kind mailbox { ready dead oldestReadyAt } } }")["agents"]
    assert [a["mailbox"]["ready"] for a in mailbox if a["kind"] == "OUTREACH"] == [1]

    kill(house, sent["id"])
    dead = owner.ask("{ messages(filter: { status: [DEAD] }) { nodes { id error } } }")["messages"]
    assert [message["id"] for message in dead["nodes"]] == [sent["id"]]
    this = {"messageId": sent["id"]}
    shown = owner.do("replayMessage", this, "message { status attempts }")["message"]
    assert shown == {"status": "READY", "attempts": 0}
    kill(house, sent["id"])
    shown = owner.do("discardMessage", this, "message { status }")["message"]
    assert shown == {"status": "DISCARDED"}


def kill(house: House, message_id: str) -> None:
    with house.tx() as tx:
        message = tx.find(Message, ids.number(message_id, "Message"))
        assert message is not None
        message.status = MessageStatus.DEAD


def test_an_agent_is_paused_and_resumed_and_shows_its_numbers(owner: Caller, house: House) -> None:
    house.a_sent_task()
    house.a_drafted_task()
    this = {"agentId": agent_id(owner, "OUTREACH")}
    assert owner.do("pauseAgent", this, "agent { status }")["agent"]["status"] == "PAUSED"
    assert owner.do("resumeAgent", this, "agent { status }")["agent"]["status"] == "IDLE"
    query = """query ($id: ID!) { agent(id: $id) { lastActiveAt metrics {
        tasksOpen tasksCompleted tasksFailed awaitingApproval emailsSent medianTurnMs } } }"""
    agent = owner.ask(query, id=this["agentId"])["agent"]
    median = agent["metrics"].pop("medianTurnMs")
    assert agent["metrics"] == {
        "tasksOpen": 1,
        "tasksCompleted": 1,
        "tasksFailed": 0,
        "awaitingApproval": 1,
        "emailsSent": 1,
    }
    assert median > 0
    assert agent["lastActiveAt"] is not None


def test_a_task_is_cancelled_and_a_failed_one_tried_again(owner: Caller, house: House) -> None:
    task_id = an_assigned_task(owner)
    shown = owner.do(
        "cancelTask", {"taskId": task_id, "reason": "Changed my mind."}, "task { status }"
    )
    assert shown["task"]["status"] == "CANCELLED"
    assert owner.refused("retryTask", {"taskId": task_id})["path"] == ["input", "taskId"]


def test_the_system_says_how_it_is(owner: Caller, house: House) -> None:
    house.a_task()
    system = owner.ask(
        """{ system { queue emailSending writer database oldestReadyMessageSeconds outboxPending
             workersAlive clockAlive cursor } events(last: 1) { nodes { id } } }"""
    )
    shown = system["system"]
    assert (shown["queue"], shown["emailSending"], shown["writer"]) == (
        "LOCAL",
        "SANDBOX",
        "template",
    )
    assert shown["database"].startswith("PostgreSQL 18")
    assert shown["cursor"] == system["events"]["nodes"][0]["id"]
    assert (shown["workersAlive"], shown["clockAlive"]) == (0, False)


def test_the_viewer_is_told_who_they_are(viewer: Caller) -> None:
    shown = viewer.ask("{ viewer { name role workspace { id name timezone sendingStopped } } }")
    assert shown["viewer"]["role"] == "VIEWER"
    assert shown["viewer"]["workspace"]["sendingStopped"] is False
