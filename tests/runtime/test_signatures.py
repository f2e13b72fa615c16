"""Webhook signatures, made by Svix's own library and checked by ours."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from svix.webhooks import Webhook

from runtime.signatures import BadSignature, signing_keys, verify
from tests.fakes.webhooks import OTHER_SECRET, SECRET, signed

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BODY = '{"type":"email.sent","data":{"subject":"Grüße"}}'.encode()


def keys(secrets: str = SECRET) -> list[bytes]:
    return [key for key in signing_keys(secrets) if key]


def check(headers: dict[str, str], body: bytes = BODY, secrets: str = SECRET) -> str:
    return verify(headers, body, keys=keys(secrets), now=NOW)


@given(st.text(st.characters(exclude_categories=["Cs"])), st.binary(min_size=16, max_size=64))
def test_whatever_svix_signs_is_believed(text: str, key: bytes) -> None:
    secret = "whsec_" + base64.b64encode(key).decode()
    headers = signed(text.encode(), at=NOW, id_="msg_1", secret=secret)

    assert verify(headers, text.encode(), keys=keys(secret), now=NOW) == "msg_1"
    Webhook(secret)  # its maker takes the same secret


@given(st.data())
def test_any_other_byte_in_a_body_is_noticed(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(BODY) - 1))
    other = data.draw(st.integers(1, 255))
    forged = BODY[:at] + bytes([BODY[at] ^ other]) + BODY[at + 1 :]

    with pytest.raises(BadSignature, match="No v1 signature fits"):
        check(signed(BODY, at=NOW), forged)


@pytest.mark.parametrize("name", ["svix-id", "svix-timestamp"])
def test_the_id_and_the_time_are_signed_too(name: str) -> None:
    headers = signed(BODY, at=NOW, id_="msg_1")
    headers[name] = str(int(NOW.timestamp()) + 1) if name == "svix-timestamp" else "msg_2"

    with pytest.raises(BadSignature, match="No v1 signature fits"):
        check(headers)


@pytest.mark.parametrize("name", ["svix-id", "svix-timestamp", "svix-signature"])
@pytest.mark.parametrize("value", [None, "", " "])
def test_every_header_must_be_there(name: str, value: str | None) -> None:
    headers = signed(BODY, at=NOW)
    del headers[name]
    if value is not None:
        headers[name] = value

    with pytest.raises(BadSignature, match=f"{name} is missing"):
        check(headers)


@pytest.mark.parametrize(
    "timestamp", ["now", "1.5", "-1", "1e9", "\uff19\uff19", "9" * 13, "1772442000.0", "0x10"]
)
def test_a_time_is_a_plain_number_of_seconds(timestamp: str) -> None:
    with pytest.raises(BadSignature, match="no number"):
        check(signed(BODY, at=NOW) | {"svix-timestamp": timestamp})


@pytest.mark.parametrize(("seconds", "believed"), [(300, True), (301, False), (86_400, False)])
@pytest.mark.parametrize("sign", [1, -1])
def test_five_minutes_either_way_are_forgiven(seconds: int, sign: int, *, believed: bool) -> None:
    headers = signed(BODY, at=NOW + sign * timedelta(seconds=seconds), id_="msg_1")
    if believed:
        assert check(headers) == "msg_1"
    else:
        with pytest.raises(BadSignature, match="five minutes"):
            check(headers)


@pytest.mark.parametrize("version", ["v9", "v1a", "V1", "", "v"])
def test_only_v1_counts(version: str) -> None:
    headers = signed(BODY, at=NOW)
    good = headers["svix-signature"].partition(",")[2]

    with pytest.raises(BadSignature, match="No v1"):
        check(headers | {"svix-signature": f"{version},{good}"})
    assert check(headers | {"svix-signature": f"{version},{good} v1,{good}"})


@pytest.mark.parametrize("signature", ["v1,", "v1,AAAA", "v1,not base64", "v1,ü", "v1,a,b", "v2,x"])
def test_what_is_no_signature_fits_nothing(signature: str) -> None:
    with pytest.raises(BadSignature):
        check(signed(BODY, at=NOW) | {"svix-signature": signature})


def test_an_entry_without_a_version_is_malformed() -> None:
    with pytest.raises(BadSignature, match="entries such as"):
        check(signed(BODY, at=NOW) | {"svix-signature": "abc"})


@pytest.mark.parametrize("id_", ["m" * 201, "msg_ü"])
def test_an_id_is_short_and_plain(id_: str) -> None:
    with pytest.raises(BadSignature, match="no id"):
        check(signed(BODY, at=NOW) | {"svix-id": id_})


@pytest.mark.parametrize("between", [",", " ", ", ", "\n"])
def test_while_a_secret_is_changed_both_are_in_force(between: str) -> None:
    both = f"{OTHER_SECRET}{between}{SECRET}"
    for secret in (SECRET, OTHER_SECRET):
        assert check(signed(BODY, at=NOW, id_="msg_1", secret=secret), secrets=both) == "msg_1"
    with pytest.raises(BadSignature):
        check(signed(BODY, at=NOW, secret=OTHER_SECRET))


def test_a_call_may_carry_the_signatures_of_both_secrets() -> None:
    old, new = (signed(BODY, at=NOW, id_="msg_1", secret=s) for s in (OTHER_SECRET, SECRET))
    both = f"{old['svix-signature']} {new['svix-signature']}"
    assert check(new | {"svix-signature": both}) == "msg_1"


@pytest.mark.parametrize("secret", ["whsec_", "whsec_AA==", "whsec_!!!!", "not base64!"])
def test_a_secret_that_anybody_could_guess_is_none(secret: str) -> None:
    assert None in signing_keys(secret) or signing_keys(secret) == []
    assert keys(f"{secret},{SECRET}") == keys()


def test_without_a_key_nothing_is_believed() -> None:
    with pytest.raises(BadSignature):
        verify(signed(BODY, at=NOW), BODY, keys=[], now=NOW)
