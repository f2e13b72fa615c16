"""The footer: under every mail, once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.mail import footer

BY_LINK = footer.lines(
    link="https://house.test/unsubscribe/abc", sender="Ada", address="House Ltd\n1 Engine Way"
)
BY_ANSWER = footer.lines(link=None, sender="Ada", address=None)


def test_a_footer_says_how_to_get_no_more_mail_and_who_writes_from_where() -> None:
    assert footer.under("Hello.", BY_LINK).split("\n") == [
        "Hello.",
        "",
        "-- ",
        "To get no more mail from us, open this page: https://house.test/unsubscribe/abc",
        "Ada",
        "House Ltd",
        "1 Engine Way",
    ]


def test_without_a_link_a_footer_asks_for_an_answer() -> None:
    assert BY_ANSWER == ["To get no more mail from us, answer with “unsubscribe”.", "Ada"]


@pytest.mark.parametrize("lines", [BY_LINK, BY_ANSWER], ids=["link", "answer"])
@pytest.mark.parametrize(
    "paste",
    [
        lambda text: text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("-- ", "--"),
        lambda text: text.replace("-- \n", ""),
        lambda text: f"{text}\n\n{text.partition('Hello.')[2].strip()}",
    ],
    ids=["whole", "crlf", "trimmed", "no line", "twice"],
)
def test_a_footer_that_was_pasted_with_the_words_is_taken_off(
    lines: list[str], paste: object
) -> None:
    assert callable(paste)
    assert footer.without(paste(footer.under("Hello.", lines))) == "Hello."


def test_what_stands_below_a_pasted_footer_stays() -> None:
    text = footer.under("Hello.", BY_LINK) + "\n\nP.S. It is free."

    assert footer.without(text) == "Hello.\n\n\n\nP.S. It is free."


@pytest.mark.parametrize(
    "text",
    [
        "Best regards\n--\nAda",
        "-- \nAda, House Ltd",
        "We ask readers: to get no more mail from us, answer us.",
        "Our unsubscribe page is new.",
    ],
)
def test_words_that_only_resemble_a_footer_stay(text: str) -> None:
    assert footer.without(text) == text


@given(st.text())
def test_a_mail_never_has_two(text: str) -> None:
    once = footer.under(footer.without(text), BY_LINK)
    again = footer.under(footer.without(once), BY_LINK)

    assert again == once
    assert again.count("To get no more mail from us, open this page:") == 1
