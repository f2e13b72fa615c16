"""Dossier: everything that is kept about a person, whole, for the person (GDPR, article 15).

Plain JSON under the names of our columns in camelCase: what one release wrote another
reads.  Ids are the rows' own, so that the parts of an export point at each other.
"""

import uuid
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any

import sqlalchemy as sa
from pydantic.alias_generators import to_camel

from runtime import durations
from runtime.crm import contacts, workspaces
from runtime.crm.traces import TRACES, person
from runtime.db import Transaction


def about(tx: Transaction, contact_id: uuid.UUID) -> dict[str, Any]:
    """Return all rows about a contact, by the names of ``TRACES``; NotFound as elsewhere."""
    contact = contacts.wanted(tx, contact_id)
    who = person(tx, contact)
    found = {trace.name: [_json(row) for row in trace.rows(tx, who)] for trace in TRACES}
    [itself] = found.pop("contacts")
    return {
        "exportedAt": _value(tx.now),
        "workspace": workspaces.here(tx).name,
        "contact": itself,
        **found,
    }


def _json(row: Any) -> dict[str, Any]:
    columns = (column.key for column in sa.inspect(type(row)).column_attrs)
    return {to_camel(key): _value(getattr(row, key)) for key in columns if key != "workspace_id"}


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return durations.text(value)
    if isinstance(value, Enum):
        return value.name
    return str(value) if isinstance(value, uuid.UUID) else value
