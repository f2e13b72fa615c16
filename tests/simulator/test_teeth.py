"""The simulator has teeth: with a part of the product taken out, some world goes to pieces."""

from pathlib import Path

import pytest

from runtime.db import Database
from tests.simulator import invariants, sabotage, world
from tests.simulator.sabotage import Saboteur

AT_THE_GATE = {(promise.__doc__ or "").splitlines()[0] for promise in invariants.AT_THE_GATE}
NO_FENCE = "Only who holds a call's newest fence goes through the gate with it."
TWICE = "A text is accepted once; one that was given up afterwards may go out again."

CASES: dict[Saboteur, tuple[float, int, set[str]]] = {
    sabotage.open_gate: (0.0, 3, AT_THE_GATE - {NO_FENCE}),
    sabotage.no_fence: (
        1.0,
        19,
        {
            NO_FENCE,
            "A mail that left is shown as out, or as in doubt; never as if it had not left.",
        },
    ),
    sabotage.another_key_each_time: (1.0, 17, {TWICE}),
    sabotage.keys_for_ever: (1.0, 3, {TWICE}),
    sabotage.every_report_is_new: (0.0, 4, {"A report counts once, however often it comes."}),
}
"""What is taken out; in which weather that shows, and in which world; which promise breaks."""

OTHERS = range(1, 40)
"""Worlds that are tried next, as a change in how people act makes each seed another world."""


@pytest.mark.parametrize("sabotaged", CASES)
def test_a_world_without_it_breaks_its_promise(
    ground: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sabotaged: Saboteur
) -> None:
    roughness, first, expected = CASES[sabotaged]
    sabotaged(monkeypatch)

    seeds = (first, *OTHERS)
    outcomes = (world.run(ground, seed, tmp_path, roughness=roughness) for seed in seeds)
    broken = next((outcome.broken for outcome in outcomes if outcome.broken), None)

    assert broken is not None
    assert broken.sentence in expected, broken
