"""Tokens in links and addresses: made by us, for one purpose, of one workspace."""

import uuid

import pytest

from runtime import seals

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
ID = uuid.UUID("01a20fbc-22ca-7fc7-8b75-2ff6da8fb429")


def test_a_token_names_its_row_and_fits_its_purpose() -> None:
    token = seals.seal(KEY, "unsubscribe", ID)

    assert seals.named(token) == ID
    assert seals.fits(KEY, "unsubscribe", token)


def test_mail_that_shouts_does_not_break_a_token() -> None:
    assert seals.fits(KEY, "reply", seals.seal(KEY, "reply", ID).upper())


def test_a_token_fits_in_the_local_part_of_an_address() -> None:
    token = seals.seal(KEY, "reply", ID)

    assert token.isalnum()
    assert len(f"reply+{token}") <= 64


@pytest.mark.parametrize(("key", "purpose"), [(OTHER_KEY, "reply"), (KEY, "unsubscribe")])
def test_a_token_opens_one_door(key: bytes, purpose: str) -> None:
    assert not seals.fits(key, purpose, seals.seal(KEY, "reply", ID))


def test_a_token_with_one_letter_changed_fits_nothing() -> None:
    token = seals.seal(KEY, "reply", ID)
    for place in range(len(token)):
        other = "b" if token[place] == "a" else "a"
        assert not seals.fits(KEY, "reply", token[:place] + other + token[place + 1 :])


@pytest.mark.parametrize("token", ["", "a", "ü" * 42, "1" * 42, "a" * 41, "a" * 43, "a" * 10_000])
def test_what_is_no_token_names_nothing(token: str) -> None:
    assert seals.named(token) is None
    assert not seals.fits(KEY, "reply", token)


def test_a_letter_that_is_ours_only_when_small_or_large_fits_nothing() -> None:
    token = seals.seal(KEY, "reply", ID)
    for ours, like_it in (("s", "\u017f"), ("k", "\u212a")):
        if ours in token:
            assert not seals.fits(KEY, "reply", token.replace(ours, like_it, 1))
    assert seals.named("\u017f" * 42) is None


def test_what_is_forgotten_is_known_again_only_with_the_key() -> None:
    assert seals.digest(KEY, "ada@example.org") == seals.digest(KEY, "ada@example.org")
    assert seals.digest(KEY, "ada@example.org") != seals.digest(OTHER_KEY, "ada@example.org")
