"""Tokens: the keys to the door.  Shown once, kept as a hash, compared by the database's index.

A login code opens the door for one browser: single use, five minutes, traded for
a session.  Nothing here can be turned back into a key.
"""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from runtime.db import Database, Transaction
from runtime.models import AccessToken, PushSubscription, Role, TokenKind

PREFIX = "rpt_"
CODE_LIVES = timedelta(minutes=5)
SESSION_LIVES = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is at the door, as the token says."""

    token_id: uuid.UUID
    workspace_id: uuid.UUID
    name: str
    role: Role
    kind: TokenKind

    @property
    def person_id(self) -> uuid.UUID:
        """Return who stands behind the token: names may be shared, persons may not.

        An API token is a person.  Each login begins another session, so all sessions of
        one name in a workspace are one.
        """
        if self.kind is TokenKind.API:
            return self.token_id
        return uuid.uuid5(self.workspace_id, self.name)


def create(
    tx: Transaction,
    *,
    name: str,
    role: Role,
    kind: TokenKind = TokenKind.API,
    lives: timedelta | None = None,
) -> str:
    """Make a token and return it in clear, for the only time."""
    clear = PREFIX + secrets.token_urlsafe(32)
    tx.insert(
        AccessToken,
        kind=kind,
        role=role,
        name=name,
        digest=_digest(clear),
        created_at=tx.now,
        expires_at=tx.now + lives if lives else None,
    )
    if kind is TokenKind.API:
        summary = f"A token was made for {name}, role {role.value.lower()}."
        tx.record("token.created", summary, actor="operator")
    return clear


def create_code(tx: Transaction, *, name: str, role: Role) -> str:
    """Make a login code: good once, for five minutes."""
    return create(tx, name=name, role=role, kind=TokenKind.LOGIN_CODE, lives=CODE_LIVES)


def viewer(db: Database, clear: str) -> Viewer | None:
    """Return whose valid API token or session this is, or None."""
    return _look_up(db, clear, (TokenKind.API, TokenKind.SESSION))


def redeem(db: Database, code: str) -> str | None:
    """Trade a login code for a session token; None if it is unknown, used or too old.

    Of two that come with the same code one gets the session.
    """
    guest = _look_up(db, code, (TokenKind.LOGIN_CODE,))
    if guest is None:
        return None
    with db.transaction(guest.workspace_id) as tx:
        used = tx.execute(
            sa.update(AccessToken)
            .where(
                AccessToken.workspace_id == tx.workspace_id,
                AccessToken.id == guest.token_id,
                AccessToken.used_at.is_(None),
            )
            .values(used_at=tx.now)
        )
        if not used.rowcount:  # type: ignore[attr-defined]
            return None
        return create(
            tx, name=guest.name, role=guest.role, kind=TokenKind.SESSION, lives=SESSION_LIVES
        )


def revoke(tx: Transaction, token_id: uuid.UUID) -> None:
    """Close the door to a token from now on; a second time changes nothing.

    Browsers that were to be nudged on its behalf are forgotten.
    """
    tx.execute(
        sa.delete(PushSubscription).where(
            PushSubscription.workspace_id == tx.workspace_id,
            PushSubscription.token_id == token_id,
        )
    )
    tx.execute(
        sa.update(AccessToken)
        .where(
            AccessToken.workspace_id == tx.workspace_id,
            AccessToken.id == token_id,
            AccessToken.revoked_at.is_(None),
        )
        .values(revoked_at=tx.now)
    )


def _look_up(db: Database, clear: str, kinds: tuple[TokenKind, ...]) -> Viewer | None:
    if not clear.startswith(PREFIX) or len(clear) > 200:
        return None
    now = db.now()
    with db.dispatch() as connection:
        row = connection.execute(
            sa.select(
                AccessToken.id,
                AccessToken.workspace_id,
                AccessToken.name,
                AccessToken.role,
                AccessToken.kind,
            ).where(
                AccessToken.digest == _digest(clear),
                AccessToken.kind.in_(kinds),
                AccessToken.revoked_at.is_(None),
                AccessToken.used_at.is_(None),
                sa.or_(AccessToken.expires_at.is_(None), AccessToken.expires_at > now),
            )
        ).one_or_none()
    return Viewer(row.id, row.workspace_id, row.name, row.role, row.kind) if row else None


def _digest(clear: str) -> bytes:
    # The token has 256 bits of its own; a slow hash would protect nothing more.
    return hashlib.sha256(clear.encode()).digest()
