"""A workspace, and the tokens that open it."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from runtime.models.base import TENANT, Base, Tenant, new_id, of_workspace, state
from runtime.models.states import Role, TokenKind

# Two random UUIDs hold 244 random bits, and need no extension.
_A_KEY = text("decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')")


class Workspace(Base):
    """One customer: sees its own rows and no other's.

    ``seal_key`` signs the tokens in its mails' links and addresses; nobody is shown it.
    ``breaker_tripped_at``: since when the breaker holds all mail; ``breaker_since``: from when
    on what comes back counts, the last time that somebody put the breaker back.
    """

    __tablename__ = "workspaces"
    __table_args__ = {"info": {TENANT: "id"}}  # noqa: RUF012 - SQLAlchemy reads it from the class

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(unique=True)
    timezone: Mapped[str] = mapped_column(server_default="UTC")
    sending_stopped: Mapped[bool] = mapped_column(server_default="false")
    sending_stopped_reason: Mapped[str | None]
    settings: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    seal_key: Mapped[bytes] = mapped_column(LargeBinary, server_default=_A_KEY)
    breaker_tripped_at: Mapped[datetime | None]
    breaker_since: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class AccessToken(Tenant, Base):
    """A key to the door, of which only the hash is kept."""

    __tablename__ = "access_tokens"
    __table_args__ = (
        of_workspace(),
        UniqueConstraint("digest"),
        {"info": {TENANT: "workspace_id"}},
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[TokenKind] = mapped_column(state(TokenKind))
    role: Mapped[Role] = mapped_column(state(Role))
    name: Mapped[str]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
