"""Workspaces are born whole, once for each name."""

import uuid

import pytest

from runtime.crm import workspaces
from runtime.db import Database
from runtime.errors import NotFound, Refused
from runtime.models import Agent, AgentKind, AgentStatus, Workspace
from tests.house import House


def test_a_workspace_is_born_with_its_team_and_its_first_event(house: House) -> None:
    assert {a.kind: (a.name, a.status) for a in house.all(Agent)} == {
        AgentKind.OUTREACH: ("Outreach", AgentStatus.IDLE),
        AgentKind.FOLLOW_UP: ("Follow-up", AgentStatus.IDLE),
        AgentKind.PLANNING: ("Planning", AgentStatus.IDLE),
        AgentKind.RESEARCH: ("Research", AgentStatus.IDLE),
    }
    assert house.events() == ["workspace.created"]


def test_a_workspace_is_found_by_its_name(db: Database) -> None:
    name = f"Nordwind {uuid.uuid4()}"
    made = workspaces.create(db, f"  {name} ", timezone="europe/berlin")

    assert workspaces.find(db, name) == made
    assert made in workspaces.every(db)
    with db.transaction(made) as tx:
        workspace = tx.get_one(Workspace, made)
        assert (workspace.name, workspace.timezone) == (name, "Europe/Berlin")


def test_a_name_is_taken_once(db: Database) -> None:
    name = f"Nordwind {uuid.uuid4()}"
    workspaces.create(db, name)

    with pytest.raises(Refused) as refused:
        workspaces.create(db, name)
    assert refused.value.field == "name"


@pytest.mark.parametrize(
    ("name", "zone", "field"),
    [("", "UTC", "name"), ("x" * 101, "UTC", "name"), ("Fine", "Mars/Olympus", "timezone")],
)
def test_a_workspace_that_cannot_be_is_refused_by_its_field(
    db: Database, name: str, zone: str, field: str
) -> None:
    before = workspaces.every(db)

    with pytest.raises(Refused) as refused:
        workspaces.create(db, name, timezone=zone)

    assert refused.value.field == field
    assert workspaces.every(db) == before


def test_a_workspace_that_is_not_there_comes_with_the_way_to_make_it(db: Database) -> None:
    with pytest.raises(NotFound, match="rapport workspace create"):
        workspaces.find(db, "nowhere")
