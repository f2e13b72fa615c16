"""No workspace sees another: asked in SQL, of every table there is."""

from collections.abc import Iterator
from typing import Any, LiteralString, cast

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import errors, sql

from runtime import clock
from runtime.clock import FakeClock
from runtime.crm import tokens
from runtime.db import Database, Transaction
from runtime.desk import contacts, messages, repeats, research, tasks
from runtime.mail import delivery, pace, replies, reports
from runtime.mail.replies import Heard
from runtime.models import (
    TENANT,
    AccessToken,
    AgentKind,
    Base,
    Contact,
    InboundEmail,
    InboundStatus,
    PushSubscription,
    Role,
    SentEmail,
    new_id,
)
from runtime.operator.servers import Postgres
from tests.fakes.webhooks import body
from tests.house import House

TABLES = {
    table.name: str(table.info[TENANT])
    for table in Base.metadata.sorted_tables
    if TENANT in table.info
}
NO_TENANTS = {"nodes", "arrivals", "spent_quotas", "alembic_version"}
REFERENCES = [
    (table.name, key)
    for table in Base.metadata.sorted_tables
    for key in sorted(table.foreign_key_constraints, key=lambda key: str(key.name))
    if len(key.columns) > 1
]
ROUTES = {
    "workspaces": {"id", "name"},
    "access_tokens": {
        *("workspace_id", "id", "kind", "role", "name", "digest"),
        *("expires_at", "used_at", "revoked_at"),
    },
    "agents": {"workspace_id", "id", "kind", "status", "resume_at"},
    "messages": {"workspace_id", "id", "recipient_id", "status", "priority", "available_at"},
    "outbox": {
        *("workspace_id", "id", "status", "priority", "available_at"),
        *("lease_until", "created_at"),
    },
    "timers": {"workspace_id", "id", "due_at"},
    "event_counters": {"workspace_id", "last"},
    "push_subscriptions": {
        *("workspace_id", "id", "next_at", "cursor"),
        *("telling_to", "test_at"),
    },
    "agent_outreach_sent": {"workspace_id", "provider_message_id", "draft_id", "message_id"},
}
"""All that may be read across workspaces: where work waits, whose key fits, whose mail it is."""


def peopled(db: Database, fake: FakeClock, folder: Any) -> House:
    """Return a house with at least one row in every table."""
    house = House(db, fake, folder)
    house.follow_up_settings(waits=["PT2S"])
    task = house.a_sent_task()
    house.wait(seconds=10)
    house.a_sent_task()
    report = reports.read(body(house.sent(task)[0], "email.opened", at=fake.now))
    with house.tx() as tx:
        assert delivery.take(tx, "msg_1", report)
        tokens.create(tx, name="Ada", role=Role.OWNER)
        a_browser(tx)
        pace.lock(tx, {"sender": "Ada <ada@example.org>"})
        repeats.once(tx, "peopled", "key", {}, dict)
        a_mail_that_came_in(tx, house.sent(task)[0])
    house.run(research.add_page, url="https://acme.example/", contact_id=task.contact_id)
    house.run(
        tasks.assign,
        agent_id=house.agent(AgentKind.RESEARCH).id,
        contact_id=task.contact_id,
        instruction="Find out.",
    )
    house.settle()
    house.planning_settings(noTouchDays=1)
    house.an_opportunity()
    house.wait(days=1, seconds=10)
    house.run(contacts.record_reply, contact_id=task.contact_id, text="Hello.")
    house.run(contacts.suppress, contact_id=task.contact_id, reason="Asked for it.")
    house.run(messages.send, agent_id=house.agent(AgentKind.OUTREACH).id, text="Hello.")
    house.settle()
    return house


def a_browser(tx: Transaction) -> None:
    """Keep a browser that is to be nudged."""
    tx.flush()
    token = tx.scalars(sa.select(AccessToken).limit(1)).one()
    tx.insert(
        PushSubscription,
        person_id=token.id,
        token_id=token.id,
        endpoint="https://fcm.googleapis.com/1",
        p256dh="",
        auth="",
        server_key="",
        kinds=[],
        timezone="UTC",
        cursor=0,
        next_at=tx.now,
        created_at=tx.now,
        updated_at=tx.now,
    )


def a_mail_that_came_in(tx: Transaction, mail: SentEmail) -> None:
    """Keep a mail and what it was taken for, so that every reference is somebody's."""
    row = tx.insert(
        InboundEmail,
        id=new_id(),
        provider_email_id="1",
        status=InboundStatus.ATTACHED,
        kind="automatic",
        sender="ada@example.org",
        subject="Hello",
        text="Hello.",
        reason="it is Ada's.",
        contact_id=mail.contact_id,
        sent_email_id=mail.id,
        received_at=tx.now,
        created_at=tx.now,
    )
    contact = tx.get_one(Contact, (tx.workspace_id, mail.contact_id))
    replies.keep(tx, contact, Heard(kind="automatic", text="Hello.", sent=mail, inbound=row))


@pytest.fixture(scope="module")
def neighbours(db: Database, tmp_path_factory: pytest.TempPathFactory) -> tuple[House, House]:
    fake = FakeClock()
    clock.use(fake)
    both = [peopled(db, fake, tmp_path_factory.mktemp("house")) for _ in range(2)]
    clock.use(None)
    return both[0], both[1]


@pytest.fixture(scope="module")
def app(postgres: Postgres) -> Iterator["psycopg.Connection[Any]"]:
    with psycopg.connect(postgres.app_url) as connection:
        yield connection


@pytest.fixture(scope="module")
def owner(postgres: Postgres) -> Iterator["psycopg.Connection[Any]"]:
    with psycopg.connect(postgres.owner_url) as connection:
        yield connection


@pytest.fixture(autouse=True)
def _rolled_back(
    app: "psycopg.Connection[Any]", owner: "psycopg.Connection[Any]"
) -> Iterator[None]:
    yield
    app.rollback()
    owner.rollback()


def enter(connection: "psycopg.Connection[Any]", house: House) -> None:
    connection.execute("SELECT set_config('app.workspace', %s, true)", (str(house.workspace_id),))


def query(text: LiteralString, **names: str) -> sql.Composed:
    return sql.SQL(text).format(**{key: sql.Identifier(name) for key, name in names.items()})


def count(connection: "psycopg.Connection[Any]", table: str, house: House | None = None) -> int:
    """Count the rows that show; with a house, those that belong to it."""
    found = connection.execute(
        query(
            "SELECT count(*) FROM {t} WHERE %s::uuid IS NULL OR {k} = %s", t=table, k=TABLES[table]
        ),
        [house.workspace_id if house else None] * 2,
    ).fetchone()
    return int(found[0]) if found else 0


@pytest.mark.parametrize("table", TABLES)
def test_a_workspace_sees_its_own_rows_and_no_others(
    table: str, app: "psycopg.Connection[Any]", neighbours: tuple[House, House]
) -> None:
    mine, theirs = neighbours
    enter(app, mine)

    assert count(app, table, mine) > 0, "the peopled house has no row here: give it one"
    assert count(app, table, theirs) == 0
    assert count(app, table) == count(app, table, mine)


@pytest.mark.parametrize("table", TABLES)
def test_without_a_workspace_nothing_shows(
    table: str, app: "psycopg.Connection[Any]", neighbours: tuple[House, House]
) -> None:
    never_set = count(app, table)
    enter(app, neighbours[0])
    app.commit()  # leaves '' behind, not NULL

    assert never_set == 0
    assert count(app, table) == 0


@pytest.mark.parametrize("table", TABLES)
def test_the_owner_of_the_tables_sees_no_more_than_anybody(
    table: str, owner: "psycopg.Connection[Any]", neighbours: tuple[House, House]
) -> None:
    assert count(owner, table) == 0
    enter(owner, neighbours[0])
    assert count(owner, table, neighbours[0]) > 0
    assert count(owner, table, neighbours[1]) == 0


@pytest.mark.parametrize("table", TABLES)
def test_no_row_can_be_put_into_another_workspace(
    table: str, app: "psycopg.Connection[Any]", neighbours: tuple[House, House]
) -> None:
    mine, theirs = neighbours
    key = TABLES[table]
    columns = [c.name for c in Base.metadata.tables[table].columns if c.identity is None]
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    copy = sql.SQL(
        "INSERT INTO {t} ({names}) SELECT {names} FROM jsonb_populate_record(NULL::{t},"
        " (SELECT to_jsonb(mine) FROM {t} AS mine LIMIT 1) || jsonb_build_object({key}, %s::text))"
    ).format(t=sql.Identifier(table), names=names, key=sql.Literal(key))
    enter(app, mine)

    with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
        app.execute(copy, (str(theirs.workspace_id),))


@pytest.mark.parametrize("table", TABLES)
def test_no_row_of_another_workspace_can_be_changed_or_removed(
    table: str, app: "psycopg.Connection[Any]", neighbours: tuple[House, House]
) -> None:
    mine, theirs = neighbours
    touch = query("UPDATE {t} SET {k} = {k} WHERE {k} = %s", t=table, k=TABLES[table])
    remove = query("DELETE FROM {t} WHERE {k} = %s", t=table, k=TABLES[table])
    for statement in (touch, remove):
        enter(app, mine)
        try:
            changed = app.execute(statement, (theirs.workspace_id,)).rowcount
        except errors.InsufficientPrivilege:
            changed = 0
        app.rollback()
        assert changed == 0


@pytest.mark.parametrize("table", TABLES)
def test_no_row_can_be_moved_to_another_workspace(
    table: str, app: "psycopg.Connection[Any]", neighbours: tuple[House, House]
) -> None:
    mine, theirs = neighbours
    enter(app, mine)

    with pytest.raises(errors.InsufficientPrivilege):
        app.execute(
            query("UPDATE {t} SET {k} = %s", t=table, k=TABLES[table]), (theirs.workspace_id,)
        )


@pytest.mark.parametrize("table", TABLES)
def test_the_application_cannot_empty_a_table(table: str, app: "psycopg.Connection[Any]") -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        app.execute(query("TRUNCATE {t}", t=table))


@pytest.mark.parametrize(
    ("table", "key"), REFERENCES, ids=[f"{table}.{key.column_keys[1]}" for table, key in REFERENCES]
)
def test_no_row_can_point_at_a_row_of_another_workspace(
    table: str,
    key: sa.ForeignKeyConstraint,
    owner: "psycopg.Connection[Any]",
    neighbours: tuple[House, House],
) -> None:
    mine, theirs = neighbours
    column, target = key.column_keys[1], key.elements[1].target_fullname.split(".")[0]
    enter(owner, theirs)
    found = owner.execute(query("SELECT id FROM {t} LIMIT 1", t=target)).fetchone()
    enter(owner, mine)
    owner.execute(
        query(
            "UPDATE {t} SET {c} = %s WHERE ctid = (SELECT ctid FROM {t} LIMIT 1)", t=table, c=column
        ),
        found,
    )

    with pytest.raises(errors.ForeignKeyViolation):
        owner.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_every_reference_between_tenant_tables_starts_with_the_workspace() -> None:
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            assert next(iter(key.columns)).name == "workspace_id", f"{table.name}: {key.name}"


def test_every_key_but_the_global_ones_starts_with_the_workspace() -> None:
    """Else a duplicate would tell of another workspace's row."""
    known = {"uq_workspaces_name", "uq_access_tokens_digest", "pk_workspaces"}
    for name in TABLES:
        table = Base.metadata.tables[name]
        keys: list[Any] = [table.primary_key, *(index for index in table.indexes if index.unique)]
        keys += [c for c in table.constraints if isinstance(c, sa.UniqueConstraint)]
        for key in keys:
            if key.name not in known:
                assert next(iter(key.columns)).name == "workspace_id", f"{name}: {key.name}"


def test_every_table_is_guarded_even_from_its_owner(owner: "psycopg.Connection[Any]") -> None:
    rows = owner.execute("""
        SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity,
               array(SELECT polname::text FROM pg_policy WHERE polrelid = c.oid ORDER BY 1)
        FROM pg_class AS c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')""").fetchall()
    guarded = {name for name, forced, policies in rows if forced and "workspace" in policies}

    assert {name for name, _, _ in rows} - guarded == NO_TENANTS
    assert guarded == set(TABLES)


def test_nothing_else_shows_rows(owner: "psycopg.Connection[Any]") -> None:
    """A view or a materialised view would pass by the walls."""
    assert not owner.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('v', 'm', 'f')"
    ).fetchall()


def test_the_dispatcher_reads_where_work_waits_and_no_payload(
    owner: "psycopg.Connection[Any]",
) -> None:
    readable: dict[str, set[str]] = {}
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            names = (table.name, column.name)
            may = owner.execute(
                "SELECT has_column_privilege('rapport_dispatch', %s, %s, 'SELECT'),"
                " has_column_privilege('rapport_dispatch', %s, %s, 'INSERT, UPDATE, REFERENCES')",
                (*names, *names),
            ).fetchone()
            assert may is not None
            assert not may[1], names
            if may[0]:
                readable.setdefault(table.name, set()).add(column.name)

    assert readable == ROUTES


def test_the_dispatcher_sees_all_workspaces_and_refuses_a_payload(
    db: Database, neighbours: tuple[House, House]
) -> None:
    both = {house.workspace_id for house in neighbours}
    with db.dispatch() as connection:
        seen = set(connection.scalars(sa.text("SELECT workspace_id FROM messages")))
    with pytest.raises(sa.exc.ProgrammingError, match="permission denied"), db.dispatch() as c:
        c.execute(sa.text("SELECT body FROM messages"))
    with pytest.raises(sa.exc.ProgrammingError, match="permission denied"), db.dispatch() as c:
        c.execute(sa.text("SELECT 1 FROM contacts"))

    assert both <= seen


def test_the_dispatchers_sight_ends_with_its_transaction(
    postgres: Postgres, neighbours: tuple[House, House]
) -> None:
    database = Database(postgres.app_url, connections=1)
    with database.dispatch() as connection:
        backend = connection.scalar(sa.text("SELECT pg_backend_pid()"))
    with database.house() as connection:
        again = connection.scalar(sa.text("SELECT pg_backend_pid()"))
        seen = connection.scalar(sa.text("SELECT count(*) FROM messages"))
    database.close()

    assert backend == again
    assert seen == 0


def test_the_outside_logs_into_its_own_workspace_only(
    app: "psycopg.Connection[Any]", neighbours: tuple[House, House]
) -> None:
    mine, theirs = neighbours
    before = [len(house.events()) for house in neighbours]
    enter(app, mine)
    number = app.execute(
        "SELECT log_agent_activity('import.finished', 'Ten rows came in.', '{\"rows\": 10}')"
    ).fetchone()
    app.commit()

    assert number == (before[0] + 1,)
    assert mine.events()[-1] == "import.finished"
    assert len(theirs.events()) == before[1]


@pytest.mark.parametrize(
    ("type_", "summary"), [("nonsense", "x"), (None, "x"), ("a.b", " "), ("a.b", None)]
)
def test_the_outside_must_say_what_happened(
    type_: str, summary: str, app: "psycopg.Connection[Any]", neighbours: tuple[House, House]
) -> None:
    enter(app, neighbours[0])

    with pytest.raises(errors.InvalidParameterValue):
        app.execute("SELECT log_agent_activity(%s, %s, '{}')", (type_, summary))


def test_the_outside_must_say_in_which_workspace(app: "psycopg.Connection[Any]") -> None:
    with pytest.raises(errors.InvalidParameterValue, match=r"app\.workspace"):
        app.execute("SELECT log_agent_activity('a.b', 'x', '{}')")


def test_a_workspace_that_is_not_there_has_no_log(app: "psycopg.Connection[Any]") -> None:
    app.execute("SELECT set_config('app.workspace', gen_random_uuid()::text, true)")

    with pytest.raises(errors.ForeignKeyViolation):
        app.execute("SELECT log_agent_activity('a.b', 'x', '{}')")


def test_no_table_of_the_caller_can_take_the_place_of_the_log(
    app: "psycopg.Connection[Any]", neighbours: tuple[House, House]
) -> None:
    """Temporary tables are looked up first, unless the function pins its search path."""
    mine = neighbours[0]
    before = len(mine.events())
    enter(app, mine)
    app.execute("CREATE TEMPORARY TABLE event_counters (workspace_id uuid, last bigint)")
    app.execute("INSERT INTO event_counters VALUES (%s, 7000)", (mine.workspace_id,))
    number = app.execute("SELECT log_agent_activity('a.b', 'x', NULL)").fetchone()

    assert number == (before + 1,)


def test_functions_that_act_for_the_owner_pin_their_search_path_and_are_nobodys(
    owner: "psycopg.Connection[Any]",
) -> None:
    rows = owner.execute("""
        SELECT proname, proconfig, has_function_privilege('rapport_dispatch', oid, 'EXECUTE')
        FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef""").fetchall()

    assert {row[0] for row in rows} == {"log_agent_activity", "scrub_events"}
    for _, config, anybody in rows:
        assert cast("list[str]", config) == ["search_path=pg_catalog, pg_temp"]
        assert not anybody
