"""Ids and cursors go out and come back the same; anything else is nobody."""

import datetime as dt
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphql_api import cursors, ids
from graphql_api.errors import BadInput, user_error
from runtime.errors import NotFound


def test_an_id_comes_back_as_it_went_out() -> None:
    key = uuid4()
    assert ids.uuid(ids.encode("Task", key), "Task") == key
    assert ids.number(ids.encode("Event", 42), "Event") == 42


def test_an_id_of_another_type_is_nobody() -> None:
    assert ids.uuid(ids.encode("Task", uuid4()), "Draft") is None
    assert ids.number(ids.encode("Message", 7), "Event") is None


@given(st.text(max_size=200))
def test_any_text_is_an_id_or_nobody_but_never_a_crash(text: str) -> None:
    assert ids.uuid(text, "Task") is None
    assert (
        ids.number(text, "Event") is None or ids.encode("Event", ids.number(text, "Event")) == text
    )


def test_a_row_has_one_spelling_of_its_id() -> None:
    key = uuid4()
    assert ids.uuid(ids.encode("Task", str(key).upper()), "Task") is None
    assert ids.uuid(ids.encode("Task", key) + "=", "Task") is None


def test_a_malformed_id_is_refused_like_an_absent_row_and_names_its_field() -> None:
    with pytest.raises(NotFound) as refused:
        ids.require("nonsense", "FollowUp", "follow_up_id")
    error = user_error(refused.value)
    assert error.code == "NOT_FOUND"
    assert error.message == "There is no follow-up with this id here."
    assert error.path == ["input", "followUpId"]


def test_a_cursor_comes_back_as_it_went_out() -> None:
    values: list[dt.datetime | UUID | int | str] = [
        dt.datetime(2026, 3, 2, 9, 0, 0, 123, tzinfo=dt.UTC),
        uuid4(),
        7,
        "a",
    ]
    assert cursors.decode("tasks", cursors.encode("tasks", values), "after") == values


def test_a_cursor_of_another_list_is_refused() -> None:
    with pytest.raises(BadInput, match="after: This is not a cursor of this list"):
        cursors.decode("drafts", cursors.encode("tasks", [1]), "after")


@given(st.text(max_size=60))
def test_any_text_is_refused_as_a_cursor_by_name(text: str) -> None:
    with pytest.raises(BadInput, match="before: "):
        cursors.decode("tasks", text, "before")
