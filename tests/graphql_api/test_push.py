"""Anybody here may be nudged in browsers of their own, and sees to nobody else's."""

from typing import Any
from uuid import UUID

import pytest

from graphql_api import ids
from runtime.crm import tokens
from runtime.models import PushSubscription, Role
from tests.fakes.push import FakeBrowser, decoded
from tests.graphql_api.door import Caller, Door
from tests.graphql_api.test_auth import signed_in
from tests.house import House

ENDPOINT = "https://fcm.googleapis.com/fcm/send/abc:DEF-1_2"
A_BROWSER: dict[str, Any] = {
    "endpoint": ENDPOINT,
    **FakeBrowser(ENDPOINT).keys,
    "kinds": ["APPROVALS", "REPLIES"],
}
SHOWN = """pushSubscription { id endpoint label kinds timezone quietHours { start end }
    createdAt lastToldAt lastError }"""
MINE = "{ pushSubscriptions { id } }"
AT = "query ($endpoint: String!) { pushSubscription(endpoint: $endpoint) { id kinds } }"


def subscribed(caller: Caller, **given: Any) -> Any:
    return caller.do("subscribeToPush", A_BROWSER | given, SHOWN)["pushSubscription"]


def test_the_key_is_one_point_for_everybody(viewer: Caller, stranger: Caller) -> None:
    key = viewer.ask("{ pushKey }")["pushKey"]

    assert len(decoded(key)) == 65
    assert stranger.ask("{ pushKey }")["pushKey"] == key


def test_a_browser_is_told_of_nothing_until_somebody_asks_for_it(viewer: Caller) -> None:
    assert viewer.ask(MINE)["pushSubscriptions"] == []
    assert viewer.ask(AT, endpoint=ENDPOINT)["pushSubscription"] is None


def test_a_viewer_subscribes_changes_tries_and_unsubscribes(viewer: Caller, house: House) -> None:
    made = subscribed(
        viewer,
        quietHours={"start": "22:00", "end": "07:00"},
        timezone="europe/berlin",
        label=" Office ",
    )
    assert (made["kinds"], made["timezone"], made["label"]) == (
        ["REPLIES", "APPROVALS"],
        "Europe/Berlin",
        "Office",
    )
    assert made["quietHours"] == {"start": "22:00", "end": "07:00"}
    assert (made["lastToldAt"], made["lastError"]) == (None, None)
    assert viewer.ask(AT, endpoint=ENDPOINT)["pushSubscription"]["id"] == made["id"]
    mine = {"pushSubscriptionId": made["id"]}

    more = viewer.do("updatePushSubscription", mine | {"kinds": ["FAILURES"]}, SHOWN)
    assert more["pushSubscription"] == made | {"kinds": ["FAILURES"]}
    given = mine | {"quietHours": None, "timezone": None, "label": None}
    less = viewer.do("updatePushSubscription", given, SHOWN)["pushSubscription"]
    assert (less["quietHours"], less["timezone"], less["label"]) == (None, "UTC", None)
    assert viewer.do("testPush", mine, SHOWN)["pushSubscription"]["id"] == made["id"]
    assert house.all(PushSubscription)[0].test_at is not None

    gone = viewer.do("unsubscribeFromPush", mine, "pushSubscriptionId")
    assert gone == {"pushSubscriptionId": made["id"], "userErrors": []}
    assert viewer.ask(MINE)["pushSubscriptions"] == []
    assert viewer.refused("testPush", mine)["code"] == "NOT_FOUND"


def test_a_second_time_renews_what_is_there(viewer: Caller) -> None:
    first = subscribed(viewer)
    again = subscribed(viewer, kinds=["FAILURES"])

    assert again["id"] == first["id"]
    assert again["kinds"] == ["FAILURES"]
    assert len(viewer.ask(MINE)["pushSubscriptions"]) == 1


def test_a_session_of_a_browser_subscribes_too(door: Door, house: House) -> None:
    cookie = signed_in(door, house) | {"origin": door.url}
    query = "mutation ($input: SubscribeToPushInput!) { subscribeToPush(input: $input) { %s } }"
    body = {"query": query % SHOWN, "variables": {"input": A_BROWSER}}
    made = door.http.post("/graphql", json=body, headers=cookie).json()["data"]
    again = signed_in(door, house) | {"origin": door.url}
    mine = door.http.post("/graphql", json={"query": MINE}, headers=again).json()["data"]

    [row] = mine["pushSubscriptions"]
    assert row["id"] == made["subscribeToPush"]["pushSubscription"]["id"]


def test_a_browser_that_is_reached_elsewhere_keeps_its_wishes(viewer: Caller, house: House) -> None:
    made, elsewhere = subscribed(viewer, label="Office"), f"{ENDPOINT}-moved"
    taken = subscribed(viewer, endpoint=elsewhere)
    browser = {"endpoint": elsewhere, **FakeBrowser(elsewhere).keys}

    moved = viewer.do(
        "updatePushSubscription", {"pushSubscriptionId": made["id"], "browser": browser}, SHOWN
    )["pushSubscription"]

    assert moved == made | {"endpoint": elsewhere}
    assert viewer.ask(MINE)["pushSubscriptions"] == [{"id": made["id"]}]
    assert taken["id"] != made["id"]
    [row] = house.all(PushSubscription)
    assert (row.p256dh, row.auth) == (browser["p256dh"], browser["auth"])


def test_a_browser_is_moved_to_no_strange_place_and_by_nobody_else(
    viewer: Caller, owner: Caller
) -> None:
    mine = {"pushSubscriptionId": subscribed(viewer)["id"]}
    keys = FakeBrowser(ENDPOINT).keys
    for browser, field in (
        ({"endpoint": "https://evil.example/x", **keys}, "endpoint"),
        ({"endpoint": ENDPOINT, **keys, "auth": "AAAA"}, "auth"),
    ):
        error = viewer.refused("updatePushSubscription", mine | {"browser": browser})
        assert error["path"] == ["input", "browser", field]
    good = {"endpoint": f"{ENDPOINT}-moved", **keys}
    assert owner.refused("updatePushSubscription", mine | {"browser": good})["code"] == "NOT_FOUND"
    assert viewer.ask(AT, endpoint=ENDPOINT)["pushSubscription"] is not None


def test_nobody_else_in_the_house_sees_or_changes_it(viewer: Caller, owner: Caller) -> None:
    made = subscribed(viewer)
    mine = {"pushSubscriptionId": made["id"]}

    assert owner.ask(MINE)["pushSubscriptions"] == []
    assert owner.ask(AT, endpoint=ENDPOINT)["pushSubscription"] is None
    node = "query ($id: ID!) { node(id: $id) { id } }"
    assert viewer.ask(node, id=made["id"])["node"] is None
    for mutation in ("updatePushSubscription", "unsubscribeFromPush", "testPush"):
        error = owner.refused(mutation, mine)
        assert (error["code"], error["path"]) == ("NOT_FOUND", ["input", "pushSubscriptionId"])
    assert viewer.ask(MINE)["pushSubscriptions"] == [{"id": made["id"]}]


def test_a_stranger_sees_nothing_and_may_use_the_same_browser(
    viewer: Caller, stranger: Caller
) -> None:
    made = subscribed(viewer)
    assert stranger.ask(MINE)["pushSubscriptions"] == []
    theirs = subscribed(stranger)

    assert theirs["id"] != made["id"]
    assert viewer.ask(MINE)["pushSubscriptions"] == [{"id": made["id"]}]


def test_a_browser_is_whose_it_was_last(viewer: Caller, owner: Caller) -> None:
    before = subscribed(viewer, label="Shared")
    after = subscribed(owner)

    assert viewer.ask(MINE)["pushSubscriptions"] == []
    assert owner.ask(MINE)["pushSubscriptions"] == [{"id": after["id"]}]
    assert after["id"] != before["id"]
    assert after["label"] is None


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "nonsense",
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com@evil.example/x",
        "https://evil.example\\@fcm.googleapis.com/x",
        "https://evil.example/#https://fcm.googleapis.com/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evilnotify.windows.com/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://localhost/x",
        "https://169.254.169.254/latest/meta-data",
        "https://fcm.googleapis.com/x\r\nHost: evil.example",
        "https://fcm.googleapis.com/" + "x" * 3000,
    ],
)
def test_an_endpoint_that_is_no_push_service_is_refused_by_its_field(
    viewer: Caller, house: House, endpoint: str
) -> None:
    error = viewer.refused("subscribeToPush", A_BROWSER | {"endpoint": endpoint})

    assert (error["code"], error["path"]) == ("STRANGE_ENDPOINT", ["input", "endpoint"])
    assert "PUSH_HOSTS" in error["message"]
    assert house.all(PushSubscription) == []


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"p256dh": "x"}, "MALFORMED", ["p256dh"]),
        ({"p256dh": "BA" + "A" * 85}, "MALFORMED", ["p256dh"]),
        ({"auth": "AAAA"}, "MALFORMED", ["auth"]),
        ({"auth": "?"}, "MALFORMED", ["auth"]),
        ({"timezone": "Mars/Olympus"}, "INVALID_TIMEZONE", ["timezone"]),
        ({"label": "x" * 101}, "TOO_LONG", ["label"]),
        ({"label": "a\x00b"}, "MALFORMED", ["label"]),
        (
            {"quietHours": {"start": "9:00", "end": "10:00"}},
            *("MALFORMED", ["quietHours", "start"]),
        ),
        ({"quietHours": {"start": "22:00", "end": "24:00"}}, "MALFORMED", ["quietHours", "end"]),
        ({"quietHours": {"start": "22:00", "end": "22:00"}}, "EMPTY", ["quietHours", "end"]),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_field(
    viewer: Caller, house: House, given: dict[str, Any], code: str, path: list[str]
) -> None:
    error = viewer.refused("subscribeToPush", A_BROWSER | given)

    assert (error["code"], error["path"]) == (code, ["input", *path])
    assert house.all(PushSubscription) == []


def test_a_person_has_twenty_browsers_at_most(viewer: Caller) -> None:
    for number in range(20):
        subscribed(viewer, endpoint=f"{ENDPOINT}{number}")
    error = viewer.refused("subscribeToPush", A_BROWSER)

    assert (error["code"], error["path"]) == ("TOO_MANY", ["input", "endpoint"])
    assert subscribed(viewer, endpoint=f"{ENDPOINT}7")["id"]


def test_a_token_that_is_revoked_takes_its_browsers_with_it(
    door: Door, house: House, viewer: Caller
) -> None:
    subscribed(viewer)
    seen = tokens.viewer(house.db, viewer.token)
    assert seen is not None
    with house.tx() as tx:
        tokens.revoke(tx, seen.token_id)

    assert house.all(PushSubscription) == []
    assert door.caller(house, Role.VIEWER).ask(MINE)["pushSubscriptions"] == []


def test_its_id_is_a_row_of_its_own(viewer: Caller, house: House) -> None:
    made = subscribed(viewer)
    key = ids.uuid(made["id"], "PushSubscription")

    assert isinstance(key, UUID)
    assert [row.id for row in house.all(PushSubscription)] == [key]


def test_signing_out_forgets_the_browsers_of_that_session(door: Door, house: House) -> None:
    cookie = signed_in(door, house) | {"origin": door.url}
    query = "mutation ($input: SubscribeToPushInput!) { subscribeToPush(input: $input) { %s } }"
    body = {"query": query % SHOWN, "variables": {"input": A_BROWSER}}
    door.http.post("/graphql", json=body, headers=cookie)
    assert len(house.all(PushSubscription)) == 1

    assert door.http.post("/sign-out", headers=cookie).status_code == 204
    assert house.all(PushSubscription) == []


@pytest.mark.parametrize(("who", "kept"), [("Bo", 0), ("Ada", 1)])
def test_who_signs_in_in_anothers_place_is_not_shown_what_that_one_asked_for(
    door: Door, house: House, who: str, kept: int
) -> None:
    cookie = signed_in(door, house)
    query = "mutation ($input: SubscribeToPushInput!) { subscribeToPush(input: $input) { %s } }"
    body = {"query": query % SHOWN, "variables": {"input": A_BROWSER}}
    door.http.post("/graphql", json=body, headers=cookie | {"origin": door.url})
    with house.tx() as tx:
        code = tokens.create_code(tx, name=who, role=Role.VIEWER)
    assert door.http.get("/", params={"code": code}, headers=cookie).status_code == 303

    assert len(house.all(PushSubscription)) == kept
