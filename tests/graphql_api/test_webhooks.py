"""The provider's way in: signed, told once or often, and never more than it may know."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from graphql_api import limits
from runtime.mail import tokens
from runtime.models import Arrival, DeliveryStatus, Report, SentEmail
from runtime.operator.servers import Postgres
from runtime.settings import Settings
from tests.fakes import FakeResend
from tests.fakes.webhooks import OTHER_SECRET, SECRET, body, bounce, received, signed
from tests.graphql_api.door import Door
from tests.house import House

ADDRESS = "/api/webhooks/resend"


def a_mail(house: House) -> SentEmail:
    return house.sent(house.a_sent_task())[0]


def tell(door: Door, house: House, raw: bytes, **how: Any) -> httpx.Response:
    """Deliver a body as Resend would, signed now."""
    headers = signed(raw, **({"at": house.clock.now} | how))
    return door.http.post(ADDRESS, content=raw, headers=headers)


def refused(answer: httpx.Response, code: str) -> str:
    [error] = answer.json()["errors"]
    assert answer.status_code == 400
    assert error["extensions"]["code"] == code
    return str(error["message"])


@pytest.mark.parametrize("secret", [SECRET, OTHER_SECRET])
def test_what_is_signed_with_a_secret_in_force_is_taken(
    door: Door, house: House, secret: str
) -> None:
    mail = a_mail(house)
    raw = body(mail, "email.delivered", at=house.clock.now)

    answer = tell(door, house, raw, secret=secret)

    assert (answer.status_code, answer.json()) == (200, {"received": True})
    assert house.fresh(mail).status is DeliveryStatus.DELIVERED
    assert [report.body for report in house.all(Report)] == [raw.decode()]


def test_a_duplicate_is_answered_as_the_first_was(door: Door, house: House) -> None:
    mail = a_mail(house)
    raw = body(mail, "email.bounced", at=house.clock.now, **bounce("Permanent"))

    answers = [tell(door, house, raw, id_="msg_same").status_code for _ in range(3)]

    assert answers == [200] * 3
    assert house.events().count("email.bounced") == 1


def a_mail_that_came_in(**fields: Any) -> dict[str, Any]:
    with FakeResend() as fake:
        return fake.received[fake.receive(**fields)]


def announced(house: House) -> list[Any]:
    with house.db.house() as connection:
        return list(connection.execute(sa.select(Arrival.provider_email_id, Arrival.meant_for)))


def test_a_mail_that_came_in_is_noted_once_to_be_fetched(door: Door, house: House) -> None:
    mine = a_mail(house)
    with house.tx() as tx:
        address = f"reply+{tokens.token(tx, mine.draft_id, tokens.REPLY)}@in.example.com"
    mail = a_mail_that_came_in(to=[address], received_for=[address])
    raw = received(mail, at=house.clock.now)

    answers = [
        tell(door, house, raw, **how).status_code for how in ({}, {"id_": "m"}, {"id_": "m"})
    ]

    assert answers == [200] * 3
    assert announced(house).count((mail["id"], house.workspace_id)) == 1
    assert house.all(Report) == []


@pytest.mark.parametrize(
    "data",
    [
        {"email_id": "../../domains"},
        {"email_id": "x" * 300},
        {"email_id": None},
        {"email_id": ["x"]},
        {"to": {"a": 1}, "cc": 7, "received_for": [None, 1], "created_at": "never", "from": []},
        {"to": ["reply+" + "a" * 42 + "@x"], "created_at": "9999-12-31T23:59:59-23:59"},
        {"to": ["reply+" * 5_000]},
    ],
)
def test_an_announcement_that_makes_no_sense_is_answered_all_the_same(
    door: Door, house: House, data: dict[str, Any]
) -> None:
    raw = received(a_mail_that_came_in(), at=house.clock.now, **data)

    assert tell(door, house, raw).status_code == 200
    assert (str(data.get("email_id", "")), None) not in announced(house)


def test_a_type_that_nobody_knows_is_kept(door: Door, house: House) -> None:
    mail = a_mail(house)

    answer = tell(door, house, body(mail, "email.pondered", at=house.clock.now))

    assert answer.status_code == 200
    assert [report.type for report in house.all(Report)] == ["email.pondered"]
    assert house.fresh(mail).status is DeliveryStatus.SENT


@pytest.mark.parametrize(
    "raw",
    [
        b'{"type": "domain.updated", "data": {"id": "1", "status": "verified"}}',
        b'{"type": "email.sent"}',
        b'{"type": "email.sent", "data": {"email_id": "nobodys", "tags": {"workspace": "x"}}}',
        b'{"type": "a", "data": {"email_id": "x", "tags": {"workspace": "%s", "draft": "1"}}}'
        % b"0198c0de-0000-7000-8000-000000000001",
    ],
)
def test_what_is_no_workspaces_business_is_answered_and_not_kept(
    door: Door, house: House, raw: bytes
) -> None:
    assert tell(door, house, raw).status_code == 200
    assert house.all(Report) == []


def test_a_report_reaches_its_own_workspace_and_no_other(
    door: Door, house: House, other_house: House
) -> None:
    mine, theirs = a_mail(house), a_mail(other_house)
    lie = {"workspace": str(other_house.workspace_id), "draft": str(mine.draft_id)}

    for raw in (
        body(mine, "email.delivered", at=house.clock.now, tags=None),
        body(mine, "email.complained", at=house.clock.now, tags=lie),
    ):
        assert tell(door, house, raw).status_code == 200

    assert house.fresh(mine).status is DeliveryStatus.COMPLAINED
    assert other_house.fresh(theirs).status is DeliveryStatus.SENT
    assert other_house.all(Report) == []


def test_the_raw_bytes_count_not_what_they_mean(door: Door, house: House) -> None:
    raw = body(a_mail(house), "email.delivered", at=house.clock.now)
    same = orjson.dumps(orjson.loads(raw), option=orjson.OPT_INDENT_2)

    answer = door.http.post(ADDRESS, content=same, headers=signed(raw, at=house.clock.now))

    assert "RESEND_WEBHOOK_SECRET" in refused(answer, "BAD_SIGNATURE")
    assert house.all(Report) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("svix-signature", value) for value in ("", "v1", "v1,", "garbage", "v9,QUJD", "\xff")),
        *(("svix-timestamp", value) for value in ("", "soon", "-1", "1e3", "9" * 40)),
        *(("svix-id", value) for value in ("", "m" * 300, "msg_other")),
    ],
)
def test_a_malformed_header_is_a_clear_error(
    door: Door, house: House, name: str, value: str
) -> None:
    raw = body(a_mail(house), "email.delivered", at=house.clock.now)
    headers = {**signed(raw, at=house.clock.now), name: value}
    as_bytes = [(key.encode(), text.encode("latin-1")) for key, text in headers.items()]

    answer = door.http.post(ADDRESS, content=raw, headers=as_bytes)

    assert "v1" in (message := refused(answer, "BAD_SIGNATURE")) or name in message
    assert house.all(Report) == []


def test_without_any_signature_nothing_is_believed(door: Door) -> None:
    refused(door.http.post(ADDRESS, content=b"{}"), "BAD_SIGNATURE")


def test_another_version_of_a_right_signature_is_none(door: Door, house: House) -> None:
    raw = body(a_mail(house), "email.delivered", at=house.clock.now)
    headers = signed(raw, at=house.clock.now)
    headers["svix-signature"] = headers["svix-signature"].replace("v1,", "v9,")

    refused(door.http.post(ADDRESS, content=raw, headers=headers), "BAD_SIGNATURE")


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_recorded_call_is_worth_nothing_later(door: Door, house: House, minutes: int) -> None:
    raw = body(a_mail(house), "email.delivered", at=house.clock.now)

    answer = tell(door, house, raw, at=house.clock.now + timedelta(minutes=minutes))

    assert "five minutes" in refused(answer, "BAD_SIGNATURE")


@pytest.mark.parametrize("raw", [b"", b"{", b"[1]", b"{}", b'{"type": 1}', b'{"type": ""}'])
def test_a_malformed_body_is_a_clear_error_though_it_is_signed(
    door: Door, house: House, raw: bytes
) -> None:
    assert "The body" in refused(tell(door, house, raw), "BAD_BODY")


def test_bytes_that_are_no_text_are_refused(door: Door, house: House) -> None:
    headers = signed(b"{}", at=house.clock.now)
    refused(door.http.post(ADDRESS, content=b"\xff\xfe", headers=headers), "BAD_SIGNATURE")


def test_a_zero_character_in_a_body_does_no_harm(door: Door, house: House) -> None:
    mail = a_mail(house)
    told = bounce("Permanent")
    told["bounce"]["message"] = "gone\0 for good"

    raw = body(mail, "email.bounced", at=house.clock.now, subject="\0", **told)

    assert tell(door, house, raw).status_code == 200
    assert house.fresh(mail).status is DeliveryStatus.BOUNCED


def test_a_large_body_is_taken_and_a_huge_one_is_not(door: Door, house: House) -> None:
    mail = a_mail(house)
    large = body(mail, "email.delivered", at=house.clock.now, subject="x" * 100_000)
    huge = body(mail, "email.complained", at=house.clock.now, subject="x" * limits.WEBHOOK_BYTES)

    assert tell(door, house, large).status_code == 200
    assert tell(door, house, huge).status_code == 413
    assert house.fresh(mail).status is DeliveryStatus.DELIVERED


def test_it_is_told_by_post_only(door: Door) -> None:
    assert door.http.get(ADDRESS).status_code == 405


@pytest.mark.parametrize(("secret", "status"), [(None, 404), ("whsec_!!", 400), (" ", 400)])
def test_without_a_secret_there_is_nothing_and_with_a_broken_one_nobody_is_believed(
    postgres: Postgres, tmp_path: Path, house: House, secret: str | None, status: int
) -> None:
    door = Door(
        Settings(
            database_url=postgres.app_url,
            rapport_data_dir=tmp_path,
            resend_webhook_secret=SecretStr(secret) if secret else None,
        )
    )
    door.open()
    try:
        assert tell(door, house, b'{"type":"email.sent"}').status_code == status
    finally:
        door.close()
