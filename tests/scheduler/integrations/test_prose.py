"""What is a finished text, and what only looks like one."""

from dataclasses import replace

import pytest

from scheduler.integrations import Brief
from scheduler.integrations.prose import fault, visible

BRIEF = Brief(instruction="Offer a demo: https://house.test/demo", contact_name="Ada")


@pytest.mark.parametrize(
    "unfilled",
    [
        "Dear [Name],", "at [Your Company]", "[insert date]", "Hi {name}", "Hi {{ first_name }}",
        "Hi ${name}", "Hi <<Name>>", "Hi <first name>", "Hi *|FNAME|*", "Hi %FIRST_NAME%",
        "call XXXX", "Lorem ipsum dolor", "[Name/Title]", "[Ihr Name]", "[prénom]",
    ],
)  # fmt: skip
def test_an_unfilled_field_of_any_make_is_found(unfilled: str) -> None:
    for subject, body in ((unfilled, "Text."), ("Subject", f"Text.\n\n{unfilled}\n")):
        found = fault(subject, body, BRIEF)

        assert found
        assert found.code == "WRITER_PLACEHOLDER"


@pytest.mark.parametrize(
    "fine",
    [
        "20 % off, 100% sure, 5 %", "if a < b and c > d", "Jo Doe [she/her]", "as in [1] and [2]",
        "Node.js/React and/or Vue", "a.m./p.m.", "mail jo@house.test", "„Ja“, so geht es: “yes”",
        "Booking.com is a client", "https://house.test/demo", "(https://www.house.test/demo/).",
        "house.test/demo", "HTTPS://HOUSE.TEST/demo",
    ],
)  # fmt: skip
def test_words_that_only_look_odd_pass(fine: str) -> None:
    assert fault("Subject", f"Text, {fine}", BRIEF) is None


@pytest.mark.parametrize(
    "invented",
    [
        "https://house.test/other", "https://house.test.evil.test/demo", "http://evil.test",
        "www.evil.test", "bit.co/x1", "[demo](https://house.test/demo)", "<a href='x'>demo</a>",
        "<img src=x>", "https://house.te",
    ],
)  # fmt: skip
def test_a_link_that_none_of_us_gave_is_found(invented: str) -> None:
    brief = replace(BRIEF, notes=invented, company=invented)

    found = fault("Subject", f"See {invented} please", brief)

    assert found
    assert found.code == "WRITER_LINK"


def test_line_ends_and_accents_are_brought_to_one_form() -> None:
    assert visible("  a\r\nb\rc\u0000d e\u0301\ufeff ") == "a\nb\ncd \u00e9"
