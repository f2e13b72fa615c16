"""Whole worlds, each from a seed: whatever dies, comes late or twice, every promise is kept."""

import random
from pathlib import Path

import pytest

from runtime.db import Database
from tests.simulator import world

FIXED = range(1, 21)
FRESH = [random.SystemRandom().randrange(1_000_000) for _ in range(3)]


@pytest.mark.parametrize("seed", FIXED)
def test_every_promise_is_kept(ground: Database, tmp_path: Path, seed: int) -> None:
    outcome = world.run(ground, seed, tmp_path)

    assert outcome.broken is None, str(outcome)


def test_every_promise_is_kept_in_worlds_never_seen_before(
    ground: Database, tmp_path: Path
) -> None:
    for seed in FRESH:
        outcome = world.run(ground, seed, tmp_path)

        assert outcome.broken is None, str(outcome)
