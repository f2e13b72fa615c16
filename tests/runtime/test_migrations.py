"""A database of an older release comes up to date with what it holds.

Forced row-level security shows the tables' owner no row: a migration that fills something
in must see to that, or it fills in nothing, without a word.
"""

import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from alembic import command
from psycopg import sql
from psycopg.types.json import Json

from runtime.crm import dossier, team
from runtime.db import Database
from runtime.desk import contacts, erasing, follow_ups
from runtime.migrate import _config, _engine, migrate
from runtime.models import TENANT, AgentKind, Base, Contact
from runtime.operator.servers import Postgres
from tests.house import House

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


def test_what_a_workspace_of_the_first_release_was_doing_goes_on(
    old_database: str, house: House, postgres: Postgres, tmp_path: Path
) -> None:
    house.follow_up_settings(waits=["PT1H", "PT1H"], businessDaysOnly=False)
    paused, on_its_way, pending_ = house.a_sent_task(), house.a_sent_task(), house.a_drafted_task()
    [step] = house.follow_ups(paused)
    house.run(follow_ups.pause, follow_up_id=step.id)
    left_alone = house.a_contact()
    house.run(contacts.suppress, contact_id=left_alone.id, reason="Not now.")
    house.run(contacts.record_reply, contact_id=house.a_contact().id, text="Yes.")
    _copy(postgres.owner_url, old_database, house.workspace_id)

    migrate(old_database)

    db = Database(f"{postgres.app_url.rpartition('/')[0]}/{old_database.rpartition('/')[2]}")
    later = House(db, house.clock, tmp_path)
    later.workspace_id = house.workspace_id
    [step] = later.follow_ups(paused)
    later.run(follow_ups.resume, follow_up_id=step.id)
    later.approve(pending_)
    later.wait(hours=3)
    for mapper in Base.registry.mappers:
        later.all(mapper.class_)
    assert [len(later.sent(task)) for task in (paused, on_its_way, pending_)] == [3, 3, 3]
    assert later.dead_letters() == []
    for task in (paused, pending_):
        contact = later.fresh(Contact(id=task.contact_id))
        erased = later.run(
            erasing.erase, contact_id=contact.id, confirm_email=contact.email, reason="Asked."
        )
        with later.tx() as tx:
            assert dossier.about(tx, erased.id)["contact"]["name"] == "[erased]"
    db.close()


def _copy(source: str, target: str, workspace: uuid.UUID) -> None:
    """Copy what a workspace holds, as far as the first release knew of it."""
    with _within(source, workspace) as now, _within(target, workspace) as then:
        for table in Base.metadata.sorted_tables:
            rows = now.execute(sql.SQL("SELECT to_json(t) FROM {} AS t").format(_name(table)))
            columns = then.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attnum > 0",
                (table.name,),
            ).fetchall()
            for (row,) in rows.fetchall() if columns and table.info.get(TENANT) else ():
                if {"PLANNING", "RESEARCH"} & {row.get("kind"), row.get("agent")}:
                    continue
                then.execute(
                    sql.SQL(
                        "INSERT INTO {0} ({1}) OVERRIDING SYSTEM VALUE"
                        " SELECT {1} FROM json_populate_record(NULL::{0}, %s)"
                    ).format(_name(table), sql.SQL(", ").join(sql.Identifier(*c) for c in columns)),
                    (Json(row),),
                )
        then.execute(
            "SELECT setval(pg_get_serial_sequence('messages', 'id'), max(id)) FROM messages"
        )


def _name(table: sa.Table) -> sql.Identifier:
    return sql.Identifier(table.name)
