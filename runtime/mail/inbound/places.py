"""Places: in which workspace a mail is looked at.

A token in an address of ours, if its seal fits; else the workspace whose mail it refers
to; else the only one there is.  Else it is nobody's, and not kept; docs/decisions/0009.
"""

import uuid
from collections.abc import Iterable

from runtime.crm import workspaces
from runtime.db import Database
from runtime.mail import tokens
from runtime.mail.inbound import matching
from runtime.mail.inbound.addressed import Token
from runtime.mail.inbound.letter import Letter


def of(db: Database, letter: Letter) -> uuid.UUID | None:
    """Return the workspace that a letter is for, None if nobody can tell."""
    if (sealed := of_tokens(db, letter.tokens)) is not None:
        return sealed
    with db.dispatch() as connection:
        for owner in matching.owners(connection, letter):
            return owner
    return only(db)


def of_tokens(db: Database, given: Iterable[Token]) -> uuid.UUID | None:
    """Return the workspace that made one of these tokens; a forged one names none."""
    for token in given:
        with db.dispatch() as connection:
            claimed = list(tokens.owners(connection, token.text))
        for workspace_id in claimed:
            with db.transaction(workspace_id) as tx:
                if tokens.mail_of(tx, token.text, token.purpose) is not None:
                    return workspace_id
    return None


def only(db: Database) -> uuid.UUID | None:
    """Return the one workspace of a house that has one."""
    every = workspaces.every(db)
    return every[0] if len(every) == 1 else None
