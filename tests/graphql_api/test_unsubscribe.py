"""The link in each mail: looked at by scanners, pressed by people, posted to by mail programs."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from graphql_api import limits
from runtime.mail import tokens
from runtime.models import Contact, ContactStatus, Suppression, Workspace
from runtime.operator.servers import Postgres
from runtime.settings import Settings
from tests.graphql_api.door import Door
from tests.house import House

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def link(house: House, name: str = "Grace Hopper") -> str:
    task = house.a_sent_task(contact=house.a_contact(name=name))
    [mail] = house.sent(task)
    with house.tx() as tx:
        return f"/unsubscribe/{tokens.token(tx, mail.draft_id, tokens.UNSUBSCRIBE)}"


def unsubscribed(house: House) -> bool:
    [contact] = house.all(Contact)
    listed = [entry.email for entry in house.all(Suppression)] == [contact.email]
    assert listed == (contact.status is ContactStatus.UNSUBSCRIBED)
    return listed


def button(page: str) -> dict[str, str]:
    """Return what a browser sends when somebody presses the one button of a page."""
    [(name, value)] = re.findall(r'<button name="([^"]+)" value="([^"]+)">', page)
    return {name: value}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_look_at_the_page_unsubscribes_nobody(door: Door, house: House, method: str) -> None:
    address = link(house)
    for _ in range(3):
        assert door.http.request(method, address).status_code == 200

    assert not unsubscribed(house)


def test_the_page_names_the_sender_and_half_the_address(door: Door, house: House) -> None:
    page = door.http.get(link(house)).text

    [workspace], [contact] = house.all(Workspace), house.all(Contact)
    assert workspace.name in page
    assert f"{contact.email[0]}…@example.org" in page
    assert contact.email not in page


def test_its_button_unsubscribes(door: Door, house: House) -> None:
    address = link(house)
    answer = door.http.post(address, data=button(door.http.get(address).text))

    assert answer.status_code == 200
    assert "No more mail" in answer.text
    assert unsubscribed(house)


def test_one_click_needs_no_page_no_login_and_no_cookie(door: Door, house: House) -> None:
    answer = door.http.post(link(house), data=ONE_CLICK)

    assert (answer.status_code, answer.cookies.jar.__len__()) == (200, 0)
    assert unsubscribed(house)


def test_one_click_may_come_as_multipart(door: Door, house: House) -> None:
    answer = door.http.post(link(house), files={k: (None, v) for k, v in ONE_CLICK.items()})

    assert answer.status_code == 200
    assert unsubscribed(house)


def test_one_click_may_come_from_any_site(door: Door, house: House) -> None:
    elsewhere = {"origin": "https://mail.example.com", "sec-fetch-site": "cross-site"}
    door.http.post(link(house), data=ONE_CLICK, headers=elsewhere)

    assert unsubscribed(house)


@pytest.mark.parametrize(
    "sent",
    [
        {"content": b""},
        {"data": {"anything": "else"}},
        {"data": {"List-Unsubscribe": "Later"}},
        {"json": ONE_CLICK},
        {"content": b"\xff\xfe\x00"},
        {"content": b"=", "headers": {"content-type": "multipart/form-data"}},
        {"content": b"=", "headers": {"content-type": b"multipart/form-data; boundary=\xff"}},
    ],
    ids=["empty", "other", "other value", "json", "bytes", "no parts", "odd boundary"],
)
def test_a_form_that_was_sent_off_without_its_button_unsubscribes_nobody(
    door: Door, house: House, sent: dict[str, Any]
) -> None:
    answer = door.http.post(link(house), **sent)

    assert answer.status_code == 400
    assert button(answer.text)
    assert not unsubscribed(house)


def test_more_than_a_form_is_not_read(door: Door, house: House) -> None:
    body = b"List-Unsubscribe=One-Click&x=" + b"y" * limits.FORM_BYTES

    assert door.http.post(link(house), content=body).status_code == 400
    assert not unsubscribed(house)


def test_it_says_when_it_was_done_before(door: Door, house: House) -> None:
    address = link(house)
    door.http.post(address, data=ONE_CLICK)

    for answer in (door.http.get(address), door.http.post(address, data=ONE_CLICK)):
        assert answer.status_code == 200
        assert "already" in answer.text
        assert "<button" not in answer.text


@pytest.mark.parametrize("wrong", ["x", "a" * 42, "a/b", "%00", "é"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_that_is_none_says_what_to_do_instead(door: Door, method: str, wrong: str) -> None:
    answer = door.http.request(method, f"/unsubscribe/{wrong}", content=None)

    assert answer.status_code == 404
    assert "Answer the mail" in answer.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS"])
def test_there_is_no_other_way(door: Door, house: House, method: str) -> None:
    assert door.http.request(method, link(house)).status_code == 405


def test_no_page_tells_anybody_where_it_is_or_runs_anything(door: Door, house: House) -> None:
    answer = door.http.get(link(house))

    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert answer.headers["cache-control"] == "no-store"
    assert "<script" not in answer.text


def test_a_name_that_is_markup_is_shown_as_it_is(door: Door, house: House) -> None:
    address = link(house)
    with house.tx() as tx:
        tx.get_one(Workspace, house.workspace_id).name = f"<b>{house.workspace_id}</b>"

    page = door.http.get(address).text

    assert f"&lt;b&gt;{house.workspace_id}" in page
    assert "<b>" not in page


def test_with_the_database_away_it_asks_to_try_again(
    postgres: Postgres, tmp_path: Path, house: House
) -> None:
    address = link(house)
    nowhere = Settings(
        database_url="postgresql://rapport_app@127.0.0.1:1/rapport", rapport_data_dir=tmp_path
    )
    away = Door(nowhere)
    away.open()
    try:
        answers = [away.http.get(address), away.http.post(address, data=ONE_CLICK)]
    finally:
        away.close()

    assert {a.status_code for a in answers} == {503}
    assert all("try again" in a.text and a.headers["retry-after"] for a in answers)
    assert not unsubscribed(house)


def test_no_redirect_leads_away(door: Door, house: House) -> None:
    answer: httpx.Response = door.http.post(link(house), data=ONE_CLICK)
    assert not answer.is_redirect
    assert "location" not in answer.headers
