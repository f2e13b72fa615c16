"""A hostile document is refused in the time that a friendly one takes."""

import asyncio
import sys
from types import FrameType

import pytest
import strawberry

from graphql_api import limits
from graphql_api.documents import Documents
from graphql_api.errors import Presentable


@strawberry.type
class Query:
    @strawberry.field
    def hello(self, name: str = "") -> str:
        return "world" + name


SCHEMA = strawberry.Schema(Query, extensions=[Presentable, Documents])


def ask(text: str, operation: str | None = None) -> tuple[object, list[str]]:
    result = asyncio.run(SCHEMA.execute(text, operation_name=operation))
    return result.data, [error.message for error in result.errors or ()]


def test_a_query_runs() -> None:
    assert ask("{ hello }") == ({"hello": "world"}, [])


def test_a_text_that_does_not_parse_is_told_where() -> None:
    assert "Syntax Error" in ask("{ hello")[1][0]


@pytest.mark.parametrize(
    "text",
    [
        "{" + "hello " * 5_000 + "}",
        "{ hello }" + " " * limits.QUERY_CHARS,
        "#\n" * 1_000 + "{ hello }",
        "{" * 3_000,
        "{ hello(name: " + "[" * 1_500 + "]" * 1_500 + ") }",
    ],
)
def test_a_text_out_of_proportion_is_refused(text: str) -> None:
    assert ask(text)[0] is None


def test_of_several_operations_none_runs_until_one_is_named() -> None:
    text = 'query A { hello } query B { hello(name: "!") }'
    assert ask(text) == (
        None,
        ["The document has 2 operations: say which with operationName."],
    )
    assert ask(text, "B") == ({"hello": "world!"}, [])


def test_only_a_few_errors_are_told() -> None:
    assert len(ask("{ " + " ".join(f"f{n}" for n in range(40)) + " }")[1]) <= limits.ERRORS + 1


BOMBS = {
    "one field again and again": "{" + "hello " * (limits.FIELDS - 1) + "}",
    "different arguments": "{" + " ".join(f'hello(name: "{n}")' for n in range(180)) + "}",
    "fragments in pairs": "{ "
    + " ".join(f"...F{n}" for n in range(limits.FRAGMENTS))
    + " }"
    + " ".join(f"fragment F{n} on Query {{ {'hello ' * 20} }}" for n in range(limits.FRAGMENTS)),
    "fragments that double": "{ ...F0 }"
    + " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(48))
    + "fragment F48 on Query { hello }",
    "inline fragments": "{" + "...on Query{hello} " * 300 + "}",
    "unknown fields": "{" + " ".join(f"f{n}" for n in range(900)) + "}",
    "variables": "query("
    + " ".join(f"$v{n}: String" for n in range(300))
    + ") { "
    + " ".join("hello" for n in range(20))
    + "}",
}


MOST_CALLS = 2_000_000
"""A few tenths of a second; without the limits each of these takes minutes or more."""


def calls_made_by(text: str) -> int:
    """Return how many Python calls a document costs: its work, whatever the machine is doing."""
    made = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal made
        made += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        ask(text)
    finally:
        sys.setprofile(before)
    return made


@pytest.mark.parametrize("name", BOMBS)
def test_no_document_costs_work_out_of_proportion_to_its_length(name: str) -> None:
    assert calls_made_by(BOMBS[name]) < MOST_CALLS
