"""The schema file is the schema, and keeps what clients were promised."""

from pathlib import Path
from typing import Any

import pytest
from graphql import (
    EnumTypeDefinitionNode,
    InputObjectTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    parse,
    print_ast,
)

from graphql_api import schema
from runtime.crm import team
from runtime.models import AgentKind
from tests.graphql_api.door import Caller

PROMISED = Path(__file__).with_name("promised.graphql").read_text(encoding="utf-8")


def definitions(text: str) -> dict[str, Any]:
    return {d.name.value: d for d in parse(text).definitions}  # type: ignore[attr-defined]


EXPORTED = definitions(schema.FILE.read_text(encoding="utf-8"))


def test_the_schema_file_is_fresh() -> None:
    assert schema.FILE.read_text(encoding="utf-8") == schema.text()


@pytest.mark.parametrize(
    ("name", "kind"),
    [("OutreachSettings", AgentKind.OUTREACH), ("FollowUpSettings", AgentKind.FOLLOW_UP)],
)
def test_whatever_an_agent_can_be_set_to_can_be_set_here(name: str, kind: AgentKind) -> None:
    settable = {field.name.value for field in EXPORTED[name].fields}
    assert settable == set(team.SETTINGS[kind]().to_json())


@pytest.mark.parametrize(("name", "wanted"), definitions(PROMISED).items())
def test_a_promise_is_kept(name: str, wanted: Any) -> None:
    here = EXPORTED[name]
    assert type(here) is type(wanted)
    if isinstance(wanted, EnumTypeDefinitionNode):
        values = {value.name.value for value in here.values}
        assert values >= {value.name.value for value in wanted.values or ()}
    fields = {field.name.value: field for field in (getattr(here, "fields", None) or ())}
    for field in getattr(wanted, "fields", None) or ():
        mine = fields[field.name.value]
        assert print_ast(mine.type) == print_ast(field.type), field.name.value
        arguments = {
            a.name.value: print_ast(a.type) for a in (getattr(mine, "arguments", None) or ())
        }
        for argument in getattr(field, "arguments", None) or ():
            assert arguments[argument.name.value] == print_ast(argument.type)


def test_everything_says_what_it_is() -> None:
    described = (
        EnumTypeDefinitionNode,
        InputObjectTypeDefinitionNode,
        InterfaceTypeDefinitionNode,
        ObjectTypeDefinitionNode,
    )
    nameless = [
        name
        for name, definition in EXPORTED.items()
        if isinstance(definition, described) and definition.description is None
    ]
    assert nameless == []


def test_the_door_tells_its_schema_to_who_may_come_in(viewer: Caller) -> None:
    shown = viewer.ask("{ __schema { queryType { name } types { name fields { name } } } }")
    assert shown["__schema"]["queryType"]["name"] == "Query"
