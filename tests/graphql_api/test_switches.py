"""The switches through the door: the workspace's, held mail, approvals and suppressions."""

from typing import Any

import pytest

from graphql_api import ids
from runtime.crm.workspaces import WorkspaceSettings
from runtime.models import (
    DeliveryStatus,
    Event,
    Report,
    SentEmail,
    Suppression,
    Workspace,
    new_id,
)
from tests.graphql_api.door import Caller, Door
from tests.house import House

WHY = "query ($id: ID!) { whyNot(id: $id) { rule detail until remedy } }"
PREVIEW = "mutation { previewHeldEmails { count firstAt lastAt userErrors { code } } }"
WORKSPACE = "workspace { name timezone sendingStopped sendingStoppedReason settings }"


def test_an_owner_stops_all_mail_and_lets_it_go_on(
    owner: Caller, viewer: Caller, house: House
) -> None:
    task = house.a_drafted_task()
    stopped = owner.do("stopSending", {"reason": "A wrong list."}, WORKSPACE)["workspace"]
    assert (stopped["sendingStopped"], stopped["sendingStoppedReason"]) == (True, "A wrong list.")
    house.approve(task)
    house.settle()
    assert house.mails() == []
    id_ = ids.encode("Task", task.id)
    [reason] = viewer.ask(WHY, id=id_)["whyNot"]
    assert reason["rule"] == "kill_switch"
    assert reason["until"] is None
    assert "resumeSending" in reason["remedy"]

    going = owner.do("resumeSending", {"reason": "It is right."}, WORKSPACE)["workspace"]
    assert (going["sendingStopped"], going["sendingStoppedReason"]) == (False, None)
    house.settle()
    assert len(house.mails()) == 1
    assert viewer.ask(WHY, id=id_) == {"whyNot": []}


def test_the_breaker_and_the_last_webhook_are_shown_to_their_own_workspace(
    viewer: Caller, stranger: Caller, house: House
) -> None:
    [mail] = house.sent(house.a_sent_task())
    look = (
        "{ viewer { workspace { breaker { state sent hardBounces complaints bounceRate"
        " complaintRate since } } } system { lastWebhookAt } }"
    )
    with house.tx() as tx:
        row = tx.get_one(SentEmail, (tx.workspace_id, mail.id))
        row.transport, row.status = "resend", DeliveryStatus.BOUNCED
        tx.get_one(Workspace, tx.workspace_id).breaker_tripped_at = tx.now
        told = {"id": new_id(), "svix_id": "msg_1", "type": "email.bounced", "body": "{}"}
        tx.insert(Report, **told, sent_email_id=mail.id, received_at=tx.now)

    shown, foreign = viewer.ask(look), stranger.ask(look)

    state = shown["viewer"]["workspace"]["breaker"]
    since = state.pop("since")
    assert since.startswith("2026-02-23")
    assert state == {
        "state": "STOPPED",
        "sent": 1,
        "hardBounces": 1,
        "complaints": 0,
        "bounceRate": 1.0,
        "complaintRate": 0.0,
    }
    assert shown["system"]["lastWebhookAt"].startswith("2026-03-02")
    assert foreign["viewer"]["workspace"]["breaker"]["state"] == "QUIET"
    assert foreign["system"]["lastWebhookAt"] is None


@pytest.mark.parametrize("mutation", ["stopSending", "resumeSending"])
@pytest.mark.parametrize("reason", ["", "  ", "x" * 9_000, "a\x00b"])
def test_a_switch_wants_a_reason(owner: Caller, house: House, mutation: str, reason: str) -> None:
    before = house.events()
    assert owner.refused(mutation, {"reason": reason})["path"] == ["input", "reason"]
    assert house.events() == before


def test_an_owner_names_and_sets_the_workspace(owner: Caller, house: House) -> None:
    name = f"Sales {house.workspace_id}"
    given = {"name": name, "timezone": "europe/berlin", "settings": {"dailyCap": 20}}
    shown = owner.do("updateWorkspace", given, WORKSPACE)["workspace"]
    assert shown == {
        "name": name,
        "timezone": "Europe/Berlin",
        "sendingStopped": False,
        "sendingStoppedReason": None,
        "settings": WorkspaceSettings(daily_cap=20).to_json(),
    }
    assert owner.ask("{ viewer { workspace { name } } }")["viewer"]["workspace"]["name"] == name
    [event] = house.all(Event, Event.type == "workspace.updated")
    assert event.actor == house.who


def test_a_workspace_is_refused_by_the_field_at_fault(
    owner: Caller, house: House, other_house: House
) -> None:
    taken = other_house.all(Workspace)[0].name
    before = house.all(Workspace)[0]
    wrong: list[tuple[dict[str, Any], list[str]]] = [
        ({"name": " "}, ["name"]),
        ({"name": "x" * 101}, ["name"]),
        ({"name": "a\x00b"}, ["name"]),
        ({"name": taken, "timezone": "Asia/Tokyo"}, ["name"]),
        ({"timezone": "Mars/Olympus"}, ["timezone"]),
        ({"settings": {"colour": "red"}}, ["settings", "colour"]),
        ({"settings": []}, ["settings"]),
        ({"settings": "x"}, ["settings"]),
    ]
    for given, path in wrong:
        assert owner.refused("updateWorkspace", given)["path"] == ["input", *path], given
    after = house.all(Workspace)[0]
    assert (after.name, after.timezone, after.settings) == (before.name, before.timezone, {})


def test_a_member_takes_an_approval_back_while_nothing_was_sent(
    member: Caller, house: House
) -> None:
    task = house.a_drafted_task()
    draft = {"draftId": ids.encode("Draft", house.draft(task).id)}
    assert member.refused("withdrawApproval", draft)["code"] == "CONFLICT"
    house.approve(task)

    done = member.do(
        "withdrawApproval",
        draft | {"reason": "Wrong tone."},
        "draft { status decidedBy } task { status }",
    )

    assert done["draft"] == {"status": "PENDING", "decidedBy": None}
    assert done["task"] == {"status": "AWAITING_APPROVAL"}
    house.approve(task)
    house.settle()
    refused = member.refused("withdrawApproval", draft)
    assert (refused["code"], refused["path"]) == ("CONFLICT", ["input", "draftId"])


def test_a_member_takes_an_address_off_the_list_with_a_reason(member: Caller, house: House) -> None:
    contact = {"contactId": ids.encode("Contact", house.a_contact().id)}
    member.do("suppressContact", contact | {"reason": "By mistake."})
    entry = {"suppressionId": ids.encode("Suppression", house.all(Suppression)[0].id)}
    assert member.refused("removeSuppression", entry | {"reason": " "})["path"] == [
        "input",
        "reason",
    ]

    done = member.do("removeSuppression", entry | {"reason": "Wrong one."}, "contact { status }")

    assert done == {"contact": {"status": "ACTIVE"}, "userErrors": []}
    again = member.refused("removeSuppression", entry | {"reason": "Wrong one."})
    assert again["code"] == "NOT_FOUND"
    events = '{ events(filter: {type: ["suppression.removed"]}) { nodes { actor data } } }'
    [event] = member.ask(events)["events"]["nodes"]
    assert (event["actor"], event["data"]["reason"]) == (house.who, "Wrong one.")


def test_a_member_looks_and_then_releases_what_is_held(door: Door, held_house: House) -> None:
    caller = door.caller(held_house)
    seen = caller.ask(PREVIEW)["previewHeldEmails"]
    assert (seen["count"], seen["userErrors"]) == (2, [])
    assert seen["firstAt"] < seen["lastAt"]

    stale = caller.do("releaseHeldEmails", {"expectedCount": 3}, "count firstAt lastAt")
    assert stale["count"] == 2
    [error] = stale["userErrors"]
    assert (error["code"], error["path"]) == ("COUNT_CHANGED", ["input", "expectedCount"])

    done = caller.do("releaseHeldEmails", {"expectedCount": 2}, "count firstAt lastAt")
    assert done == {key: seen[key] for key in ("firstAt", "lastAt")} | {
        "count": 2,
        "userErrors": [],
    }
    held = caller.ask("{ tasks(filter: {status: [BLOCKED]}) { totalCount } }")
    assert held["tasks"]["totalCount"] == 0
    assert caller.ask(PREVIEW)["previewHeldEmails"] == {
        "count": 0,
        "firstAt": None,
        "lastAt": None,
        "userErrors": [],
    }


def test_a_stopped_workspace_releases_nothing_and_says_why(door: Door, held_house: House) -> None:
    caller = door.caller(held_house)
    caller.do("stopSending", {"reason": "A wrong list."})
    assert caller.ask(PREVIEW)["previewHeldEmails"]["firstAt"] is None
    error = caller.refused("releaseHeldEmails", {"expectedCount": 2})
    assert (error["code"], error["path"]) == ("SENDING_OFF", ["input", "expectedCount"])
    assert caller.ask(PREVIEW)["previewHeldEmails"]["count"] == 2


def test_a_viewer_asks_why_about_tasks_and_follow_ups_and_nothing_else(
    viewer: Caller, house: House
) -> None:
    house.follow_up_settings(waits=["PT1H"], businessDaysOnly=False)
    task = house.a_sent_task()
    [step] = house.follow_ups(task)
    [reason] = viewer.ask(WHY, id=ids.encode("FollowUp", step.id))["whyNot"]
    assert reason["rule"] == "scheduled"
    assert reason["until"].startswith(f"{step.due_at:%Y-%m-%dT%H:%M}")
    wrong = [
        ids.encode("Draft", house.draft(task).id),
        ids.encode("Task", step.id),
        ids.encode("Workspace", house.workspace_id),
        "nonsense",
        "",
    ]
    for id_ in wrong:
        assert viewer.error(WHY, id=id_)["extensions"]["code"] == "NOT_FOUND", id_


def test_a_stranger_neither_switches_nor_counts_nor_asks_about_another_house(
    house: House, stranger: Caller, other_house: House
) -> None:
    task = house.a_sent_task()
    before = house.all(Workspace)[0]
    stranger.do("stopSending", {"reason": "x"})
    stranger.do("updateWorkspace", {"timezone": "Asia/Tokyo"})
    after = house.all(Workspace)[0]
    assert (after.sending_stopped, after.timezone) == (False, before.timezone)
    assert other_house.all(Workspace)[0].sending_stopped
    rows = [ids.encode("Task", task.id)]
    rows += [ids.encode("FollowUp", step.id) for step in house.follow_ups(task)]
    for id_ in rows:
        assert stranger.error(WHY, id=id_)["extensions"]["code"] == "NOT_FOUND"


def test_a_stranger_releases_nothing_of_another_house(stranger: Caller, held_house: House) -> None:
    assert stranger.ask(PREVIEW)["previewHeldEmails"]["count"] == 0
    error = stranger.refused("releaseHeldEmails", {"expectedCount": 2})
    assert error["code"] == "COUNT_CHANGED"
    assert held_house.events("emails.released") == []
