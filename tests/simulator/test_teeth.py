"""The simulator has teeth: with a part of the product taken out, some world goes to pieces."""

from pathlib import Path

import pytest

from runtime.db import Database
from tests.simulator import sabotage, world
from tests.simulator.sabotage import Saboteur

SEEDS = range(1, 25)
"""Tried until the first falls over, which is one of the first; in rough weather."""

OPEN_GATE = {
    "Nothing leaves without an approval in force at that moment.",
    "While the kill switch is on, nothing leaves.",
    "Without ALLOW_EMAIL_SENDING=true nothing leaves.",
    "A paused agent's mail waits.",
    "A follow-up leaves within its window, where its reader lives.",
}
NO_FENCE = {
    "Only who holds a call's newest fence goes through the gate with it.",
    "A mail that left is shown as out, or as in doubt; never as if it had not left.",
}


@pytest.mark.parametrize(
    ("sabotaged", "expected"),
    [
        (sabotage.open_gate, OPEN_GATE),
        (sabotage.no_fence, NO_FENCE),
        (sabotage.another_key_each_time, {"A text is accepted once."}),
        (sabotage.every_report_is_new, {"A report counts once, however often it comes."}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_world_without_it_breaks_its_promise(
    ground: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    sabotaged: Saboteur,
    expected: set[str],
) -> None:
    sabotaged(monkeypatch)

    outcomes = (world.run(ground, seed, tmp_path, roughness=2.0) for seed in SEEDS)
    broken = next((outcome.broken for outcome in outcomes if outcome.broken), None)

    assert broken is not None
    assert broken.sentence in expected, broken
