"""Base: what every table has in common.

A tenant table's key starts with the workspace, and so does every reference to
it: a row of one workspace cannot point at a row of another, whatever code does.
"""

import secrets
import time
import uuid
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import DateTime, Enum, ForeignKeyConstraint, MetaData, SmallInteger, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

TENANT = "tenant"
"""Key in ``Table.info`` of every table that row-level security guards."""


class Priority(IntEnum):
    """How soon a task is wanted; the smaller number goes first."""

    URGENT = 0
    HIGH = 1
    NORMAL = 2
    LOW = 3


class _PriorityColumn(TypeDecorator[Priority]):
    impl = SmallInteger
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else int(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Priority | None:  # noqa: ARG002 - as above
        return None if value is None else Priority(value)


class Base(DeclarativeBase):
    """All tables of the house."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        str: Text(),
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB(),
        list[dict[str, Any]]: JSONB(),
        Priority: _PriorityColumn(),
    }


class Tenant:
    """A row that belongs to one workspace and is seen by nobody else."""

    workspace_id: Mapped[uuid.UUID] = mapped_column(primary_key=True, sort_order=-1)


def new_id() -> uuid.UUID:
    """Return a UUID of version 7: unique, and in order of making to a quarter of a microsecond.

    The twelve bits behind the version hold the fraction of the millisecond (RFC 9562, 6.2).
    """
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    fraction = rest * 4096 // 1_000_000
    value = milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0x2 << 62 | secrets.randbits(62)
    return uuid.UUID(int=value)


def state(kind: type[StrEnum]) -> Enum:
    """Return the column type of a state: text, checked against the one list of its names."""
    return Enum(
        kind,
        native_enum=False,
        length=24,
        create_constraint=True,
        name=kind.__name__.lower(),
        values_callable=lambda names: [name.value for name in names],
    )


def belongs_to(column: str, table: str) -> ForeignKeyConstraint:
    """Return a reference within the workspace, checked at the commit.

    Deferred, so that rows of one transaction may be written in any order.
    """
    return ForeignKeyConstraint(
        ["workspace_id", column],
        [f"{table}.workspace_id", f"{table}.id"],
        ondelete="CASCADE",
        deferrable=True,
        initially="DEFERRED",
    )


def of_workspace() -> ForeignKeyConstraint:
    """Return the reference of a tenant row to its workspace."""
    return ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], ondelete="CASCADE")
