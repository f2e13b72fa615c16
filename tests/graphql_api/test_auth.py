"""Who may come in, and what they may do."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from graphql_api import ids
from graphql_api.auth import SESSION_COOKIE
from runtime.crm import tokens
from runtime.models import AgentKind, Role
from tests.graphql_api.door import Caller, Door
from tests.house import House

VIEWER = {"query": "{ viewer { name role } }"}


def post(door: Door, headers: dict[str, str]) -> httpx.Response:
    return door.http.post("/graphql", json=VIEWER, headers=headers)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer rpt_nobody"},
        {"authorization": "Bearer"},
        {"authorization": "Basic cnB0Om5vYm9keQ=="},
        {"authorization": "Bearer " + "x" * 5_000},
        {"cookie": f"{SESSION_COOKIE}=rpt_nobody", "sec-fetch-site": "same-origin"},
    ],
)
def test_who_brings_no_valid_token_is_turned_away(door: Door, headers: dict[str, str]) -> None:
    answer = post(door, headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


def test_a_token_opens_its_own_workspace(viewer: Caller, house: House) -> None:
    assert viewer.ask(VIEWER["query"])["viewer"] == {"name": house.who, "role": "VIEWER"}


def test_a_revoked_token_is_worth_nothing_at_the_next_request(owner: Caller, house: House) -> None:
    seen = tokens.viewer(house.db, owner.token)
    assert seen is not None
    with house.tx() as tx:
        tokens.revoke(tx, seen.token_id)
    assert post(owner.door, owner.headers).status_code == 401


def test_an_expired_token_is_worth_nothing(door: Door, house: House) -> None:
    with house.tx() as tx:
        lives = timedelta(minutes=5)
        token = tokens.create(tx, name="Ada", role=Role.OWNER, lives=lives)
    caller = Caller(door, token)
    assert post(door, caller.headers).status_code == 200
    house.clock.advance(minutes=6)
    assert post(door, caller.headers).status_code == 401


def signed_in(door: Door, house: House) -> dict[str, str]:
    """Trade a code for a session, as a browser does; return its cookie."""
    with house.tx() as tx:
        code = tokens.create_code(tx, name="Ada", role=Role.OWNER)
    assert httpx.head(f"{door.url}/", params={"code": code}).status_code == 200
    answer = httpx.get(f"{door.url}/", params={"code": code})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    again = httpx.get(f"{door.url}/", params={"code": code})
    assert "set-cookie" not in again.headers
    assert again.headers["location"] == "/?expired"
    return {"cookie": cookie.split(";")[0]}


def test_a_code_opens_a_session_once_and_a_session_works_from_our_pages(
    door: Door, house: House
) -> None:
    cookie = signed_in(door, house)
    assert post(door, cookie | {"origin": door.url}).json()["data"]["viewer"]["role"] == "OWNER"
    assert post(door, cookie | {"sec-fetch-site": "same-origin"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"origin": "http://127.0.0.1:1"},
    ],
)
def test_a_session_is_worth_nothing_from_elsewhere(
    door: Door, house: House, headers: dict[str, str]
) -> None:
    answer = post(door, signed_in(door, house) | headers)
    assert answer.status_code == 403
    assert answer.json()["errors"][0]["extensions"]["code"] == "FOREIGN_ORIGIN"


def test_a_bearer_token_works_from_anywhere(owner: Caller) -> None:
    answer = post(owner.door, owner.headers | {"origin": "https://elsewhere.example"})
    assert answer.status_code == 200


ID = ids.encode("Task", "01a20f35-d685-7485-8600-d4a4297700ca")
WORK: dict[str, dict[str, Any]] = {
    "assignTask": {"agentId": ID, "instruction": "x"},
    "cancelTask": {"taskId": ID},
    "retryTask": {"taskId": ID},
    "approveDraft": {"draftId": ID, "fingerprint": "x"},
    "rejectDraft": {"draftId": ID},
    "editDraft": {"draftId": ID, "body": "x"},
    "withdrawApproval": {"draftId": ID},
    "releaseHeldEmails": {"expectedCount": 1},
    "sendMessage": {"agentId": ID, "text": "x"},
    "replayMessage": {"messageId": ID},
    "discardMessage": {"messageId": ID},
    "createContact": {"email": "a@example.org", "name": "A"},
    "importContacts": {"csv": "email,name\na@example.org,A"},
    "updateContact": {"contactId": ID, "name": "A"},
    "recordReply": {"contactId": ID, "text": "x"},
    "suppressContact": {"contactId": ID, "reason": "x"},
    "addSuppression": {"address": "a@example.org", "reason": "x"},
    "importSuppressions": {"csv": "email\na@example.org", "reason": "x"},
    "removeSuppression": {"suppressionId": ID, "reason": "x"},
    "attachReply": {"inboundEmailId": ID},
    "dismissReply": {"inboundEmailId": ID, "reason": "x"},
    "reviewReply": {"replyId": ID},
    "rescheduleFollowUp": {"followUpId": ID, "dueAt": "2026-04-01T00:00:00Z"},
    "executeFollowUp": {"followUpId": ID},
    "pauseFollowUp": {"followUpId": ID},
    "resumeFollowUp": {"followUpId": ID},
    "cancelFollowUp": {"followUpId": ID},
    "resolveEscalation": {"escalationId": ID, "action": "CLOSE"},
    "createOpportunity": {"contactId": ID, "title": "x"},
    "updateOpportunity": {"opportunityId": ID, "title": "x"},
    "delegateOpportunity": {"opportunityId": ID},
    "acceptRecommendation": {"recommendationId": ID},
    "dismissRecommendation": {"recommendationId": ID},
    "addWebPage": {"contactId": ID, "url": "https://example.org/"},
    "removeWebPage": {"webPageId": ID},
    "withdrawFact": {"factId": ID},
    "reopenRecommendation": {"recommendationId": ID},
}
ADMINISTRATION: dict[str, dict[str, Any]] = {
    "updateAgent": {"agentId": ID, "name": "x"},
    "pauseAgent": {"agentId": ID},
    "resumeAgent": {"agentId": ID},
    "eraseContact": {"contactId": ID, "confirmEmail": "a@example.org", "reason": "x"},
    "updateWorkspace": {"timezone": "Europe/Paris"},
    "stopSending": {"reason": "x"},
    "resumeSending": {"reason": "x"},
}


OWN: dict[str, dict[str, Any]] = {
    "subscribeToPush": {"endpoint": "x", "p256dh": "x", "auth": "x", "kinds": []},
    "updatePushSubscription": {"pushSubscriptionId": ID},
    "unsubscribeFromPush": {"pushSubscriptionId": ID},
    "testPush": {"pushSubscriptionId": ID},
}
"""What anybody may do about their own browsers."""


def forbidden(caller: Caller, mutation: str, input_: dict[str, Any]) -> bool:
    answer = caller.attempt(mutation, input_)
    codes = [error["extensions"]["code"] for error in answer.get("errors", ())]
    assert codes in ([], ["FORBIDDEN"]), answer
    return bool(codes)


@pytest.mark.parametrize("mutation", [*WORK, *ADMINISTRATION])
def test_a_viewer_reads_and_does_nothing(viewer: Caller, house: House, mutation: str) -> None:
    before = house.events()
    assert forbidden(viewer, mutation, (WORK | ADMINISTRATION)[mutation])
    assert house.events() == before


@pytest.mark.parametrize("mutation", OWN)
def test_a_viewer_sees_to_their_own_browsers(viewer: Caller, mutation: str) -> None:
    assert not forbidden(viewer, mutation, OWN[mutation])


def test_a_viewer_does_not_ring_the_clock(viewer: Caller) -> None:
    error = viewer.error("mutation { executeDueFollowUps { fired } }")
    assert error["extensions"]["code"] == "FORBIDDEN"
    assert error["message"] == "You are here as a viewer; this is for the role member and above."


def test_a_member_is_told_who_administers(member: Caller, house: House) -> None:
    agent = ids.encode("Agent", house.agent(AgentKind.OUTREACH).id)
    [error] = member.attempt("pauseAgent", {"agentId": agent})["errors"]
    assert error["message"] == "You are here as a member; this is for the role owner."


def test_a_viewer_does_not_look_at_what_could_be_released(viewer: Caller, member: Caller) -> None:
    preview = "mutation { previewHeldEmails { count } }"
    assert viewer.error(preview)["extensions"]["code"] == "FORBIDDEN"
    assert member.ask(preview)["previewHeldEmails"] == {"count": 0}


@pytest.mark.parametrize("mutation", WORK)
def test_a_member_works(member: Caller, mutation: str) -> None:
    assert not forbidden(member, mutation, WORK[mutation])


@pytest.mark.parametrize("mutation", ADMINISTRATION)
def test_a_member_does_not_administer(member: Caller, house: House, mutation: str) -> None:
    agent = {"agentId": ids.encode("Agent", house.agent(AgentKind.OUTREACH).id)}
    given = ADMINISTRATION[mutation]
    before = house.events()
    assert forbidden(member, mutation, given | (agent if "agentId" in given else {}))
    assert house.events() == before


@pytest.mark.parametrize("mutation", ADMINISTRATION)
def test_an_owner_administers(owner: Caller, mutation: str) -> None:
    assert not forbidden(owner, mutation, ADMINISTRATION[mutation])


def test_every_mutation_is_among_those_tried_here(owner: Caller) -> None:
    shown = owner.ask("{ __schema { mutationType { fields { name } } } }")
    names = {field["name"] for field in shown["__schema"]["mutationType"]["fields"]}
    assert names == {*WORK, *ADMINISTRATION, *OWN, "executeDueFollowUps", "previewHeldEmails"}
