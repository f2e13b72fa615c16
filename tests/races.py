"""Races: several people at one thing, at the same moment, each in a transaction of their own."""

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from runtime.db import Transaction
from runtime.errors import RapportError
from tests.house import House

PATIENCE = 20.0
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


def losers(outcomes: list[Any]) -> list[Any]:
    """Return the refusals among outcomes."""
    return [outcome for outcome in outcomes if isinstance(outcome, RapportError)]
