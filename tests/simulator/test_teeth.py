"""The simulator has teeth: with a part of the product taken out, some world goes to pieces."""

from pathlib import Path

import pytest

from runtime.db import Database
from tests.simulator import sabotage, world
from tests.simulator.sabotage import Saboteur

SEEDS = range(1, 25)
"""Tried until the first falls over, which is one of the first."""

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


CASES: dict[Saboteur, tuple[float, set[str]]] = {
    sabotage.open_gate: (0.0, OPEN_GATE),
    sabotage.no_fence: (1.0, NO_FENCE),
    sabotage.another_key_each_time: (1.0, {"A text is accepted once."}),
    sabotage.keys_for_ever: (1.0, {"A text is accepted once."}),
    sabotage.every_report_is_new: (0.0, {"A report counts once, however often it comes."}),
}
"""What is taken out, in which weather that shows, and which promise breaks."""


@pytest.mark.parametrize("sabotaged", CASES)
def test_a_world_without_it_breaks_its_promise(
    ground: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sabotaged: Saboteur
) -> None:
    roughness, expected = CASES[sabotaged]
    sabotaged(monkeypatch)

    outcomes = (world.run(ground, seed, tmp_path, roughness=roughness) for seed in SEEDS)
    broken = next((outcome.broken for outcome in outcomes if outcome.broken), None)

    assert broken is not None
    assert broken.sentence in expected, broken
