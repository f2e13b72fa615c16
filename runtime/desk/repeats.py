"""Repeats: the same command under the same idempotency key gives the first one's answer.

The key is stored in the command's own transaction.  Of two that arrive together
one waits for the other's commit, and then finds its answer.
"""

import hashlib
from collections.abc import Callable
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from runtime.db import Transaction
from runtime.desk.words import required
from runtime.errors import Conflict
from runtime.models import IdempotencyKey


def once(
    tx: Transaction,
    operation: str,
    key: str | None,
    body: dict[str, Any],
    work: Callable[[], dict[str, Any]],
) -> dict[str, Any]:
    """Do ``work`` unless it was done under this key; return its (JSON) result either way.

    Conflict on ``idempotencyKey`` if the key came with another body before.
    """
    if key is None:
        return work()
    key = required(key, "idempotencyKey", longest=200)
    digest = hashlib.sha256(
        orjson.dumps(body, default=str, option=orjson.OPT_SORT_KEYS)
    ).hexdigest()
    tx.execute(
        sa.select(
            sa.func.pg_advisory_xact_lock(
                sa.func.hashtextextended(f"{tx.workspace_id}/{operation}/{key}", 0)
            )
        )
    )
    known = tx.get(IdempotencyKey, (tx.workspace_id, operation, key))
    if known is not None:
        if known.digest != digest:
            raise Conflict(
                "This idempotency key was used with another input: take a new one.",
                field="idempotencyKey",
            )
        return known.result
    result = work()
    tx.execute(
        insert(IdempotencyKey).values(
            workspace_id=tx.workspace_id,
            operation=operation,
            key=key,
            digest=digest,
            result=result,
            created_at=tx.now,
        )
    )
    return result
