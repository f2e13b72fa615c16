"""Races: several people at one thing, at the same moment, each in a transaction of their own."""

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import sqlalchemy as sa

from runtime.db import Transaction
from runtime.errors import RapportError
from tests.house import House

PATIENCE = 20.0
HOLDING = 0.5
"""Seconds for which one holds its locks for the other to come as far, or be stopped by them."""
ROUNDS = 6
"""How often each race is run: which of two comes first is nobody's choice."""

ADA, BO = uuid.uuid4(), uuid.uuid4()
"""Two people, as their tokens name them."""


def at_once(house: House, *works: Callable[[Transaction], Any]) -> list[Any]:
    """Do all works at once; return for each what it gave, or why it was refused.

    All transactions are open before the first of them does anything.
    """
    barrier = threading.Barrier(len(works), timeout=PATIENCE)

    def one(work: Callable[[Transaction], Any]) -> Any:
        met: list[int] = []

        def together(tx: Transaction) -> Any:
            if not met:  # a second try, after somebody's lock, meets nobody
                met.append(barrier.wait())
            return work(tx)

        try:
            return house.db.run(house.workspace_id, together)
        except RapportError as refusal:
            return refusal

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result() for future in [pool.submit(one, work) for work in works]]


def crossing(
    house: House, *works: Callable[[Transaction], Any], pauses: tuple[int, int] = (1, 1)
) -> None:
    """Do two works at once, each with one try, and with some of its locks when the other goes on.

    Each waits after as many locks as ``pauses`` says until the other has as many, or is seen to
    wait for what this one holds.  Raises what a transaction died of, as of a deadlock.
    """
    met = threading.Barrier(len(works))
    mine = threading.local()

    def after(_c: Any, _cur: Any, statement: str, _p: Any, _ctx: Any, _many: bool) -> None:
        if " FOR NO KEY UPDATE" not in statement and " FOR UPDATE" not in statement:
            return
        left = getattr(mine, "left", 0)
        mine.left = left - 1
        if left == 1:
            with suppress(threading.BrokenBarrierError):
                met.wait(timeout=HOLDING)

    def one(work: Callable[[Transaction], Any], pause: int) -> None:
        mine.left = pause
        with suppress(RapportError), house.tx() as tx:
            work(tx)

    sa.event.listen(house.db.engine, "after_cursor_execute", after)
    try:
        with ThreadPoolExecutor(len(works)) as pool:
            for done in [pool.submit(one, *each) for each in zip(works, pauses, strict=True)]:
                done.result()
    finally:
        sa.event.remove(house.db.engine, "after_cursor_execute", after)


def losers(outcomes: list[Any]) -> list[Any]:
    """Return the refusals among outcomes."""
    return [outcome for outcome in outcomes if isinstance(outcome, RapportError)]
