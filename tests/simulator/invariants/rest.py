"""Rest: when nothing moves any more, nothing is left lying."""

from tests.simulator.invariants.scene import Scene


def nothing_is_due(scene: Scene) -> str | None:
    """At rest no message, no call and no timer is due."""
    due = scene.eye.due(scene.house.clock.now)
    if not due:
        return None
    return f"{len(due.timers)} timers, {len(due.calls)} calls, messages for {due.agents}."
