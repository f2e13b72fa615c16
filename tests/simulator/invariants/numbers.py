"""Numbers: what is counted is counted right."""

from tests.simulator.invariants.scene import Scene

_EVENTS = """
    SELECT count(*) AS many, coalesce(max(e.seq), 0) AS newest,
           (SELECT last FROM event_counters) AS counted
    FROM events e
"""
_REPORTS = "SELECT count(*) AS many FROM delivery_reports"


def without_gaps(scene: Scene) -> str | None:
    """Events are numbered without gaps."""
    events = scene.eye.row(_EVENTS)
    if events.many == events.newest == events.counted:
        return None
    return f"{events.many} events, the newest {events.newest}, counted {events.counted}."


def reports_once(scene: Scene) -> str | None:
    """A report counts once, however often it comes."""
    kept, came = scene.eye.row(_REPORTS).many, len(scene.ledger.reports)
    return None if kept == came else f"{came} came, {kept} are kept."
