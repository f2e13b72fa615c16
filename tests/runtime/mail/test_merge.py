"""Merge fields become words, or are refused: a gap in a letter is noticed by its reader alone."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.errors import Refused
from runtime.mail import merge
from runtime.models import Contact


def known(**fields: Any) -> dict[str, str | None]:
    given_ = {"name": "Grace Hopper", "company": "Engines Ltd", "title": "Admiral"} | fields
    return merge.values(Contact(**given_), sender="Ada")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Dear {{name}},", "Dear Grace Hopper,"),
        ("Hi {{ First_Name }}!", "Hi Grace!"),
        ("Hi {{first name}} / {{FIRST-NAME}}", "Hi Grace / Grace"),
        ("{{title}} at {{\tCOMPANY\n}}", "Admiral at Engines Ltd"),
        ("{{sender}} {name} {{", "Ada {name} {{"),
    ],
)
def test_a_field_becomes_what_is_known_of_the_contact(text: str, words: str) -> None:
    assert merge.resolved(text, known(), field="body") == words


@pytest.mark.parametrize("field", ["company", "title"])
@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_field_without_a_value_is_refused_and_never_left_empty(
    field: str, value: str | None
) -> None:
    with pytest.raises(Refused) as refused:
        merge.resolved(f"At {{{{ {field} }}}}.", known(**{field: value}), field="body")

    assert (refused.value.reason_code, refused.value.field) == ("MERGE_FIELD", "body")
    assert f"{{{{{field}}}}} has no value" in refused.value.message
    assert "Add it to the contact" in refused.value.message


@pytest.mark.parametrize(
    "unknown", ["{{nickname}}", "{{}}", "{{name|upper}}", "{{ contact.name }}"]
)
def test_a_field_that_there_is_not_is_refused_with_those_there_are(unknown: str) -> None:
    with pytest.raises(Refused) as refused:
        merge.resolved(unknown, known(), field="subject")

    assert unknown in refused.value.message
    assert "{{first_name}}" in refused.value.message


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Grace Hopper", "Grace"),
        ("Grace", "Grace"),
        ("Jean-Luc Picard", "Jean-Luc"),
        ("王小明", "王小明"),
        ("Dr. Grace Hopper", None),
        ("Prof Hopper", None),
        ("Herr Hopper", None),
        ("Hopper, Grace", None),
        ("grace@example.org", None),
        ("G. Hopper", None),
    ],
)
def test_a_first_name_is_taken_where_there_is_one_and_never_guessed(
    name: str, first: str | None
) -> None:
    assert known(name=name)["first_name"] == first


@pytest.mark.parametrize(
    "hostile",
    ["{{sender}}", "see https://evil.test", "www.evil.test", "A\u202eB", "<b>x</b>", "a\x00b"],
    ids=ascii,
)
def test_what_a_stranger_wrote_becomes_no_link_no_field_and_no_trick(hostile: str) -> None:
    assert known(company=hostile)["company"] is None
    assert known(name=hostile)["name"] is None


def test_a_name_is_one_clean_line_in_a_greeting() -> None:
    assert known(name=" Grace\n\tHopper\u200b ")["name"] == "Grace Hopper"


@given(st.text())
def test_what_comes_out_has_no_field_in_it(text: str) -> None:
    with suppress(Refused):
        words = merge.resolved(f"{text} {{{{name}}}}", known(), field="body")
        assert merge.resolved(words, {}, field="body") == words
