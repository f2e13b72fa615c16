"""Scene: what the promises are looked at in: the rows, and what is known for certain."""

from dataclasses import dataclass

from tests.house import House
from tests.simulator.eye import Eye
from tests.simulator.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Scene:
    """One run's world, at this moment."""

    house: House
    eye: Eye
    ledger: Ledger
