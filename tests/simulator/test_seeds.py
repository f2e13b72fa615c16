"""Whole worlds, each from a seed: whatever dies, comes late or twice, every promise is kept.

These are always the same ones, so that a change is judged by itself; ``make simulate`` goes
where nobody was before.
"""

from pathlib import Path

import pytest

from runtime.db import Database
from tests.simulator import world

SEEDS = range(1, 13)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_promise_is_kept(ground: Database, tmp_path: Path, seed: int) -> None:
    outcome = world.run(ground, seed, tmp_path)

    assert outcome.broken is None, str(outcome)
