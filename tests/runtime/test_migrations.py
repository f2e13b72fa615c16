"""A database of an older release comes up to date with what it holds.

Forced row-level security shows the tables' owner no row: a migration that fills something
in must see to that, or it fills in nothing, without a word.
"""

import uuid
from collections.abc import Iterator

import psycopg
import pytest
from alembic import command

from runtime.crm import team
from runtime.migrate import _config, _engine, migrate
from runtime.models import AgentKind
from runtime.operator.servers import Postgres

FIRST_RELEASE = "0002"


@pytest.fixture
def old_database(postgres: Postgres) -> Iterator[str]:
    """The owner's address of a database with the tables of the first release."""
    name = f"old_{uuid.uuid4().hex}"
    with psycopg.connect(postgres.admin_url, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} OWNER rapport_owner")
    url = f"{postgres.owner_url.rpartition('/')[0]}/{name}"
    engine = _engine(url)
    with engine.connect() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, FIRST_RELEASE)
        connection.commit()
    engine.dispose()
    yield url
    with psycopg.connect(postgres.admin_url, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_workspace_of_the_first_release_gets_what_newer_ones_are_born_with(
    old_database: str,
) -> None:
    mine = [_workspace(old_database, f"Workspace {n}") for n in range(2)]

    migrate(old_database)

    for workspace in mine:
        with _within(old_database, workspace) as connection:
            kinds = connection.execute("SELECT kind FROM agents").fetchall()
            keys = connection.execute("SELECT length(seal_key) FROM workspaces").fetchall()
        assert {AgentKind(kind) for (kind,) in kinds} == set(team.SETTINGS)
        assert keys == [(32,)]


def test_the_walls_still_stand_afterwards(old_database: str) -> None:
    mine = _workspace(old_database, "Mine")
    _workspace(old_database, "Theirs")

    migrate(old_database)

    with _within(old_database, mine) as connection:
        names = connection.execute("SELECT name FROM workspaces").fetchall()
        open_tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND NOT relforcerowsecurity"
        ).fetchall()
    assert names == [("Mine",)]
    assert open_tables == []


def _workspace(url: str, name: str) -> uuid.UUID:
    """Make a workspace as the first release did."""
    id_ = uuid.uuid4()
    with _within(url, id_) as connection:
        connection.execute("INSERT INTO workspaces (id, name) VALUES (%s, %s)", (id_, name))
        connection.execute("INSERT INTO event_counters (workspace_id) VALUES (%s)", (id_,))
        for kind in (AgentKind.OUTREACH, AgentKind.FOLLOW_UP):
            connection.execute(
                "INSERT INTO agents (workspace_id, id, kind, name) VALUES (%s, %s, %s, %s)",
                (id_, uuid.uuid4(), kind.value, kind.value.title()),
            )
    return id_


def _within(url: str, workspace: uuid.UUID) -> psycopg.Connection:
    connection = psycopg.connect(url)
    connection.execute("SELECT set_config('app.workspace', %s, false)", (str(workspace),))
    return connection
