"""Transactions, roles and migrations, on a real server."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from psycopg import sql

from runtime.crm import tasks as locks
from runtime.db import Database, Transaction, UnsafeRoleError
from runtime.desk import contacts, tasks
from runtime.migrate import migrate, pending
from runtime.models import AgentKind, Base, Contact, Task
from runtime.operator.servers import Postgres
from tests.house import House


def test_the_models_are_what_the_migrations_made(postgres: Postgres) -> None:
    engine = sa.create_engine(postgres.owner_url.replace("postgresql", "postgresql+psycopg", 1))
    with engine.connect() as connection:
        differences = compare_metadata(
            MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata
        )
    engine.dispose()

    assert differences == []


def test_no_index_is_there_twice() -> None:
    """One name given twice is an error only where tables are made from the models."""
    for table in Base.metadata.sorted_tables:
        names = [index.name for index in table.indexes]
        assert len(names) == len(set(names)), table.name


def test_every_state_fits_into_its_column(postgres: Postgres) -> None:
    """Alembic does not compare check constraints, and a state it refuses is a 500."""
    with psycopg.connect(postgres.owner_url) as connection:
        checks = connection.execute(
            "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'c'"
        ).fetchall()
    missing = [
        (table.name, column.name, value)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, sa.Enum)
        for value in column.type.enums
        if not any(
            owner == table.name and f"({column.name})" in check and f"'{value}'" in check
            for owner, check in checks
        )
    ]

    assert missing == []


def test_migrating_again_changes_nothing_and_keeps_the_password(postgres: Postgres) -> None:
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: migrate(postgres.owner_url), range(3)))

    assert not pending(postgres.app_url)


def test_the_applications_login_is_safe(db: Database) -> None:
    db.refuse_unsafe_role()


def test_a_superuser_is_refused(postgres: Postgres) -> None:
    _refused(_admin(postgres))


def test_the_owner_of_the_tables_is_refused(postgres: Postgres) -> None:
    _refused(postgres.owner_url)


@pytest.mark.parametrize("right", ["BYPASSRLS", "IN ROLE rapport_owner", "IN ROLE over_the_wall"])
def test_a_login_that_could_pass_by_the_walls_is_refused(postgres: Postgres, right: str) -> None:
    """Also by way of a role it may put on, whatever it inherits."""
    admin = _admin(postgres)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute("CREATE ROLE over_the_wall BYPASSRLS")
        connection.execute(
            sql.SQL("CREATE ROLE sly LOGIN NOINHERIT PASSWORD 'sly' {}").format(sql.SQL(right))
        )
        try:
            _refused(postgres.app_url.replace(f"rapport_app:{postgres.app_password}", "sly:sly"))
        finally:
            connection.execute("DROP ROLE sly")
            connection.execute("DROP ROLE over_the_wall")


def _admin(postgres: Postgres) -> str:
    return postgres.admin_url.removesuffix("postgres") + "rapport"


def _refused(url: str) -> None:
    database = Database(url, connections=1)
    try:
        with pytest.raises(UnsafeRoleError, match="rapport_app"):
            database.refuse_unsafe_role()
    finally:
        database.close()


def test_what_fails_leaves_nothing_behind(house: House) -> None:
    before = house.events()

    def half_done(tx: Transaction) -> None:
        contacts.create(tx, who="Ada", email="half@example.org", name="Half")
        raise KeyError("half")

    with pytest.raises(KeyError):
        house.db.run(house.workspace_id, half_done)

    assert house.all(Contact) == []
    assert house.events() == before


def test_a_workspace_without_a_counter_records_nothing_rather_than_losing_events(
    db: Database,
) -> None:
    def record(tx: Transaction) -> None:
        tx.record("a.b", "x", actor="nobody")

    with pytest.raises(RuntimeError, match="event counter"):
        db.run(uuid.uuid4(), record)


def test_a_deadlock_is_tried_again_and_both_come_through(house: House) -> None:
    ids = [house.a_task().id, house.a_task().id]
    meet = threading.Barrier(2)
    met: set[int] = set()

    def lock_both(first: int) -> None:
        def work(tx: Transaction) -> None:
            locks.lock(tx, [ids[first]])
            if first not in met:
                met.add(first)
                meet.wait(5)
            for task in locks.lock(tx, [ids[1 - first]]).values():
                task.attempts += 1

        house.db.run(house.workspace_id, work)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lock_both, (0, 1)))

    assert [task.attempts for task in house.all(Task)] == [1, 1]


def test_an_error_that_is_nobody_elses_lock_is_not_tried_again(house: House) -> None:
    tries = []

    def broken(tx: Transaction) -> None:
        tries.append(tx)
        tx.execute(sa.text("SELECT 1 / 0"))

    with pytest.raises(sa.exc.DataError):
        house.db.run(house.workspace_id, broken)

    assert len(tries) == 1


def test_a_new_task_and_a_reply_of_the_same_person_do_not_meet_in_a_deadlock(house: House) -> None:
    """The task's reference to the contact is checked at its commit, the event counter held."""
    contact = house.a_contact()
    agent_id = house.agent(AgentKind.OUTREACH).id
    locked, assigned = threading.Event(), threading.Event()

    def reply() -> None:
        with house.tx() as tx:
            contacts.record_reply(tx, who="Ada", contact_id=contact.id, text="Hello.")
            locked.set()
            assigned.wait(0.3)

    def assign() -> None:
        with house.tx() as tx:
            tasks.assign(tx, who="Ada", agent_id=agent_id, contact_id=contact.id, instruction="Go.")
            locked.wait(5)
        assigned.set()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(reply), pool.submit(assign)]:
            done.result(20)

    assert assigned.is_set()
    assert len(house.all(Task)) == 1
