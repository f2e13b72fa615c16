"""Bugs: what the product survives is a bug all the same."""

from tests.simulator.invariants.scene import Scene
from tests.simulator.weather import Bug

_FAILED = """
    SELECT type, error FROM messages WHERE error IS NOT NULL AND error NOT LIKE %(ours)s ORDER BY id
"""


def no_handler_raises(scene: Scene) -> str | None:
    """No message breaks its handler."""
    for row in scene.eye.rows(_FAILED, ours=f"{Bug.__name__}:%"):
        return f"{row.type}: {row.error}"
    return None
