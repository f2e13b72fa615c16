"""An address has one spelling, and what is not one address is refused by name."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.crm.addresses import Address, normalise, parse
from runtime.errors import Refused


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("anna@example.com", "anna@example.com"),
        ("  Anna.Berg@Example.COM\n", "anna.berg@example.com"),
        ("\u00a0anna@example.com", "anna@example.com"),
        ("joerg@Müller-Söhne.de", "joerg@xn--mller-shne-kcb9d.de"),
        ("a@XN--MNCHEN-3YA.de", "a@xn--mnchen-3ya.de"),
        ("a@bücher。example", "a@xn--bcher-kva.example"),
        ("anna+liste@example.co.uk", "anna+liste@example.co.uk"),
        ("o'neil@example.ie", "o'neil@example.ie"),
        ("=cmd@example.com", "=cmd@example.com"),
    ],
)
def test_a_mailbox_has_one_spelling(written: str, kept: str) -> None:
    assert normalise(written) == kept


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "missing"),
        ("   ", "missing"),
        ("anna", "@-sign"),
        ("anna@", "after the @-sign"),
        ("@example.com", "before the @-sign"),
        ("anna@@example.com", "invalid characters"),
        ("anna@example", "period"),
        ("anna@example..com", "two periods"),
        ("anna.@example.com", "period"),
        ("anna@localhost.localdomain.local", "reserved"),
        ("anna@[192.0.2.1]", "bracketed"),
        ('"anna berg"@example.com', "Quoting"),
        ("jörg@example.com", "before the @-sign"),
        ("anna@example.com, bo@example.com", "more than one"),
        ("anna@example.com;bo@example.com", "more than one"),
        ("anna@example.com bo@example.com", "more than one"),
        ("Anna <anna@example.com>", "display name"),
        ("mailto:anna@example.com", "invalid characters"),
        ("anna\x00@example.com", "U+0000"),
        ("an\u200bna@example.com", "U+200B"),
        ("anna@exa\nmple.com", "U+000A"),
        ("anna\ud800@example.com", "U+D800"),
        ("a" * 65 + "@example.com", "too long"),
        ("a@" + "b" * 250 + ".de", "longer than 254"),
        ("a" * 5_000_000, "longer than 254"),
    ],
)
def test_what_is_not_one_address_is_refused_with_the_reason(written: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason.replace("+", r"\+")) as caught:
        normalise(written)

    assert caught.value.field == "email"
    assert caught.value.reason_code == "INVALID_EMAIL"
    assert len(caught.value.message) <= 200


def test_a_refusal_names_the_field_it_was_asked_for() -> None:
    with pytest.raises(Refused) as caught:
        normalise("anna", field="contact.email")

    assert caught.value.field == "contact.email"


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("anna@example.com", Address("", "anna@example.com")),
        ("Anna Berg <Anna@Example.com>", Address("Anna Berg", "anna@example.com")),
        ('"Berg, Dr. Jörg" <j@example.com> ', Address("Berg, Dr. Jörg", "j@example.com")),
        ("<anna@example.com>", Address("", "anna@example.com")),
        ('"anna@example.com" <anna@example.com>', Address("", "anna@example.com")),
    ],
)
def test_a_name_before_the_address_is_told_apart(written: str, address: Address) -> None:
    assert parse(written) == address


@pytest.mark.parametrize(
    "written",
    [
        "anna@example.com, Bo <bo@example.com>",
        "Anna <anna@example.com>, Bo <bo@example.com>",
        "Anna <>",
        "Anna <anna@example.com",
    ],
)
def test_a_list_is_no_name_before_an_address(written: str) -> None:
    with pytest.raises(Refused):
        parse(written)


@settings(deadline=None)
@given(st.emails())
def test_normalising_twice_changes_nothing_more(written: str) -> None:
    try:
        once = normalise(written)
    except Refused:
        return

    assert normalise(once) == once
    assert normalise(written.upper()) == once
    assert once.isascii()


@settings(deadline=None)
@given(st.text())
def test_any_text_is_an_address_or_refused(written: str) -> None:
    try:
        email = parse(written).email
    except Refused:
        return

    assert email.count("@") == 1
