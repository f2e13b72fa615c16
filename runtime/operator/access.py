"""Access: workspaces, tokens, and the code that opens the dashboard."""

import uuid
from pathlib import Path

from runtime.crm import tokens, workspaces
from runtime.db import Database
from runtime.errors import Refused
from runtime.models import Role
from runtime.operator.servers import notes

_FIRST_WORKSPACE = "Main"
OPERATOR = "Operator"
_LONGEST_NAME = 100


def first_workspace(db: Database) -> uuid.UUID:
    """Return the oldest workspace, made now if there is none."""
    there = workspaces.every(db)
    return there[0] if there else workspaces.create(db, _FIRST_WORKSPACE)


def only_workspace(db: Database, name: str | None) -> uuid.UUID:
    """Return the named workspace, or the only one there is."""
    if name is not None:
        return workspaces.find(db, name)
    there = workspaces.every(db)
    if len(there) != 1:
        raise Refused(f"There are {len(there)} workspaces: name one with --workspace.")
    return there[0]


def keep_owner_token(db: Database, workspace_id: uuid.UUID, path: Path) -> None:
    """See that ``path`` holds a valid owner's token, mode 600; one that is there stays."""
    kept = path.read_text().strip() if path.exists() else ""
    viewer = tokens.viewer(db, kept)
    if viewer is None or viewer.role is not Role.OWNER or viewer.workspace_id != workspace_id:
        notes.write_text(path, new_token(db, workspace_id, Role.OWNER) + "\n")


def new_token(db: Database, workspace_id: uuid.UUID, role: Role, *, name: str = OPERATOR) -> str:
    """Return a new bearer token, for the only time; ``name``: how its holder signs."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= _LONGEST_NAME:
        raise Refused(f"A name has 1 to {_LONGEST_NAME} characters.", field="name")
    with db.transaction(workspace_id) as tx:
        return tokens.create(tx, name=name, role=role)


def way_in(db: Database, workspace_id: uuid.UUID, address: str) -> str:
    """Return the dashboard's address with a fresh code, good once and for five minutes."""
    with db.transaction(workspace_id) as tx:
        code = tokens.create_code(tx, name=OPERATOR, role=Role.OWNER)
    return f"{address}/?code={code}"
