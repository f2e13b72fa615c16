"""Perform: how every mutation goes.

The caller's role is looked at first; then the command runs in one transaction, on a
thread, and its refusal becomes a ``UserError`` beside an empty payload.  Under an
idempotency key the command runs once, and whoever asks again is shown the same row.
"""

import dataclasses
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.exc import DataError
from structlog.contextvars import get_contextvars

from graphql_api import ids
from graphql_api.context import Info
from graphql_api.errors import UserError, user_error
from graphql_api.types.node import present
from runtime.db import Transaction
from runtime.desk import repeats
from runtime.errors import Forbidden, NotFound, RapportError
from runtime.logs import get_logger
from runtime.models import Base, Role

Row = TypeVar("Row", bound=Base)
T = TypeVar("T")
log = get_logger(__name__)

_UNSTORABLE = "A text holds a NUL character, or a number is out of bounds."


async def attempt(
    info: Info, role: Role, work: Callable[[Transaction], T]
) -> tuple[T | None, list[UserError]]:
    """Run a command in the caller's workspace; return its result, or why it was refused."""
    caller = info.context.caller
    caller.must_be(role)
    try:
        done = await info.context.services.run(caller.workspace_id, work)
    except Forbidden:
        raise
    except RapportError as refusal:
        log.info("command.refused", command=info.field_name, code=refusal.reason_code)
        return None, [user_error(refusal)]
    except DataError:  # whatever a command does not look at itself, PostgreSQL does
        return None, [UserError(code="MALFORMED", message=_UNSTORABLE, path=["input"])]
    # Under the id of what was begun, so that one grep leads from here to the mail.
    request_id = get_contextvars().get("correlation_id")
    thread = getattr(done, "correlation_id", None) or request_id
    log.info(
        "command.done",
        command=info.field_name,
        request_id=request_id,
        correlation_id=str(thread),
    )
    return done, []


async def perform(
    info: Info, role: Role, work: Callable[[Transaction], Base]
) -> tuple[Any, list[UserError]]:
    """Run a command that returns a row; return the row as its type, or why it was refused."""
    row, refused = await attempt(info, role, work)
    return present(row), refused


def once(
    info: Info, model: type[Row], given: Any, command: Callable[[Transaction], Row]
) -> Callable[[Transaction], Row]:
    """Return the work of a command that may come with an idempotency key."""
    body = dataclasses.asdict(given)
    key = body.pop("idempotency_key")
    if key is None:
        return command

    def work(tx: Transaction) -> Row:
        def first() -> dict[str, Any]:
            row: Any = command(tx)
            return {"id": row.id if isinstance(row.id, int) else str(row.id)}

        known = repeats.once(tx, info.field_name, key, body, first)
        row = tx.find(model, known["id"])
        if row is None:
            raise NotFound("What this key stands for is gone.", field="idempotencyKey")
        return row

    return work


def number(message_id: str, field: str) -> int:
    """Return the number in a message's id; NotFound names the field, as for an absent one."""
    found = ids.number(message_id, "Message")
    if found is None:
        raise ids.missing("Message", field)
    return found


def optional_key(global_id: str | None, type_name: str, field: str) -> UUID | None:
    """Return the key of an id that may be left out."""
    return None if global_id is None else ids.require(global_id, type_name, field)
