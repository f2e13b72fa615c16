"""Database: the one way to the rows.

``transaction(workspace_id)`` is opened at the four edges (mutation, turn, job,
webhook) and commits when its block ends well; the inside never commits.  Row-level
security shows it that workspace only, whatever is asked.  ``dispatch()`` sees
where work waits in all workspaces, and nothing of what it is.
"""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

import orjson
import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, SessionTransaction

from runtime import clock
from runtime.models import Agent, Base, Contact, Task
from runtime.notifier import Hint, Sender, Topic

Row = TypeVar("Row", bound=Base)
T = TypeVar("T")

_OPTIONS = "-c statement_timeout=60s -c idle_in_transaction_session_timeout=60s -c lock_timeout=10s"
# Deadlock, serialization failure, lock not available: somebody else was quicker.
_WORTH_ANOTHER_TRY = {"40P01", "40001", "55P03"}
_TRIES = 4

_ENTER = sa.text("SELECT clock_timestamp(), set_config('app.workspace', :workspace, true)")

# The last statement of a recording transaction: the counter's row lock, held until
# the commit, makes numbers appear in order, so that no late commit can slip under
# a reader's cursor.
_NUMBER_EVENTS = sa.text("""
    WITH counter AS (
        UPDATE event_counters SET last = last + :n
        WHERE workspace_id = :workspace RETURNING last - :n AS base
    )
    INSERT INTO events (workspace_id, seq, type, at, actor, summary, data,
                        task_id, agent_id, contact_id)
    SELECT :workspace, base + e.ord, e.type, :now, e.actor, e.summary, e.data,
           e.task_id, e.agent_id, e.contact_id
    FROM counter, jsonb_to_recordset(CAST(:events AS jsonb)) AS e(
        ord int, type text, actor text, summary text, data jsonb,
        task_id uuid, agent_id uuid, contact_id uuid)
    """)


class UnsafeRoleError(RuntimeError):
    """The application's login could pass by row-level security; it must not be used."""


class Transaction(Session):
    """A session within one workspace.  ``now`` is the database's time at its begin."""

    def __init__(self, bind: sa.Engine | sa.Connection, workspace_id: uuid.UUID) -> None:
        super().__init__(bind, expire_on_commit=False)
        self.workspace_id = workspace_id
        self.now: datetime
        self.hints: set[Hint] = set()
        self.team: dict[str, uuid.UUID] = {}
        self._events: list[dict[str, Any]] = []

    def insert(self, model: type[Row], **fields: Any) -> Row:
        """Add a row of this workspace; it reaches the table with the next flush."""
        row = model(workspace_id=self.workspace_id, **fields)
        self.add(row)
        return row

    def find(self, model: type[Row], id_: object, *, lock: bool = False) -> Row | None:
        """Return the row with this id, as it is now if locked, or None."""
        # Others may go on pointing at a locked row: references are checked as a transaction
        # ends, the event counter held, and a full lock would meet them there in a deadlock.
        return self.get(
            model,
            (self.workspace_id, id_),
            with_for_update={"key_share": True} if lock else None,
            populate_existing=lock,
        )

    def moment(self) -> datetime:
        """Return the time by now, for what must not look older than what its locks waited for."""
        if fake := clock.fake():
            return fake.now
        by_now: datetime = self.execute(sa.text("SELECT clock_timestamp()")).scalar_one()
        return by_now

    def record(
        self,
        type_: str,
        summary: str,
        *,
        actor: str,
        task: Task | uuid.UUID | None = None,
        agent: Agent | uuid.UUID | None = None,
        contact: Contact | uuid.UUID | None = None,
        **data: Any,
    ) -> None:
        """Record that something happened; numbered and stored as the transaction commits."""
        if isinstance(task, Task):
            agent, contact = agent or task.agent_id, contact or task.contact_id
        self._events.append(
            {
                "ord": len(self._events) + 1,
                "type": type_,
                "actor": actor,
                "summary": summary,
                "data": data,
                "task_id": _id(task),
                "agent_id": _id(agent),
                "contact_id": _id(contact),
            }
        )

    def hint(self, topic: Topic, id_: uuid.UUID | None = None) -> None:
        """Have ``topic`` told after the commit that there is something for it."""
        self.hints.add(Hint(topic, self.workspace_id, id_))

    def finish(self) -> None:
        """Write what is buffered and commit.  Only the edge calls this."""
        self.flush()
        if self._events:
            stored = self.execute(
                _NUMBER_EVENTS,
                {
                    "n": len(self._events),
                    "workspace": self.workspace_id,
                    "now": self.now,
                    "events": orjson.dumps(self._events, default=str).decode(),
                },
            )
            if stored.rowcount != len(self._events):  # type: ignore[attr-defined]
                raise RuntimeError(f"workspace {self.workspace_id} has no event counter")
            self.hint("event")
        self.commit()


@sa.event.listens_for(Transaction, "after_begin")
def _enter_workspace(
    tx: Transaction, _transaction: SessionTransaction, connection: sa.Connection
) -> None:
    row = connection.execute(_ENTER, {"workspace": str(tx.workspace_id)}).one()
    fake = clock.fake()
    tx.now = fake.now if fake else row[0]


class Database:
    """The application's connections.  One per process, shared by its threads."""

    def __init__(self, url: str, *, connections: int = 10, hints: Sender | None = None) -> None:
        """Connect when first asked, and keep up to ``connections``; more callers wait.

        ``url``: the application's login, ``postgresql://``; ``hints``: who tells of commits.
        """
        self.url = url
        self._hints = hints
        self.engine = sa.create_engine(
            url.replace("postgres://", "postgresql://", 1).replace(
                "postgresql://", "postgresql+psycopg://", 1
            ),
            pool_size=connections,
            max_overflow=0,
            pool_pre_ping=True,
            # What was said about whom must not get into an error's text, and so into a log.
            hide_parameters=True,
            json_serializer=_to_json,
            json_deserializer=orjson.loads,
            connect_args={"options": _OPTIONS, "connect_timeout": 5},
            isolation_level="READ COMMITTED",
        )
        sa.event.listen(self.engine, "first_connect", _refuse_unsafe_role)

    @contextmanager
    def transaction(
        self, workspace_id: uuid.UUID, *, on: sa.Connection | None = None
    ) -> Iterator[Transaction]:
        """Open a transaction in one workspace; commit at the end, roll back on any error.

        ``on``: the pinned connection to use, instead of any that is free.
        """
        with Transaction(on or self.engine, workspace_id) as tx:
            tx.connection()
            yield tx
            tx.finish()
        if self._hints and tx.hints:
            self._hints.send(tx.hints)

    @contextmanager
    def pinned(self) -> Iterator[sa.Connection]:
        """Hold one connection over several transactions, for a lock that must outlive a commit."""
        with self.engine.connect() as connection:
            yield connection

    def run(
        self,
        workspace_id: uuid.UUID,
        work: Callable[[Transaction], T],
        *,
        on: sa.Connection | None = None,
    ) -> T:
        """Do ``work`` in one transaction, again if somebody else's lock was in the way."""
        for remaining in reversed(range(_TRIES)):
            try:
                with self.transaction(workspace_id, on=on) as tx:
                    return work(tx)
            except DBAPIError as error:
                state = getattr(error.orig, "sqlstate", None)
                if not remaining or state not in _WORTH_ANOTHER_TRY:
                    raise
        raise AssertionError("unreachable")

    @contextmanager
    def dispatch(self) -> Iterator[sa.Connection]:
        """Open a reading transaction over the routing columns of all workspaces."""
        with self.engine.begin() as connection:
            connection.execute(sa.text("SELECT set_config('role', 'rapport_dispatch', true)"))
            yield connection

    @contextmanager
    def house(self) -> Iterator[sa.Connection]:
        """Open a transaction on what belongs to no workspace (``nodes``); no tenant row shows."""
        with self.engine.begin() as connection:
            yield connection

    def now(self) -> datetime:
        """Return the time that due times are compared with."""
        if fake := clock.fake():
            return fake.now
        with self.engine.connect() as connection:
            moment: datetime = connection.execute(sa.text("SELECT clock_timestamp()")).scalar_one()
            return moment

    def refuse_unsafe_role(self) -> None:
        """Raise UnsafeRoleError if the login, or a role it may put on, passes by the policies.

        To know it at the start; the first connection is refused in any case.
        """
        self.engine.connect().close()

    def close(self) -> None:
        """Close all connections; tell what waits to be told."""
        if self._hints:
            self._hints.close()
        self.engine.dispose()


_UNSAFE = """
    SELECT EXISTS (SELECT FROM pg_roles WHERE (rolsuper OR rolbypassrls)
                   AND pg_has_role(current_user, oid, 'MEMBER'))
        OR EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace
                   AND relkind IN ('r', 'p') AND pg_has_role(current_user, relowner, 'MEMBER'))
    """


def _refuse_unsafe_role(connection: psycopg.Connection, _record: object) -> None:
    unsafe = connection.execute(_UNSAFE).fetchone() == (True,)
    connection.rollback()
    if unsafe:
        raise UnsafeRoleError(
            "DATABASE_URL must name a login that is no superuser, does not bypass row-level "
            "security and owns none of Rapport's tables: use rapport_app."
        )


def _to_json(value: Any) -> str:
    return orjson.dumps(value, default=str).decode()


def _id(row: Any) -> uuid.UUID | None:
    return row if row is None or isinstance(row, uuid.UUID) else row.id
