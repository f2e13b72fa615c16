"""Truth: what the table of sent mail says agrees with the provider's list."""

from tests.simulator.invariants.scene import Scene

_MAILS = """
    SELECT s.draft_id, s.status, s.task_id,
           EXISTS (SELECT FROM outbox o WHERE o.draft_id = s.draft_id AND o.in_doubt
                   AND o.status IN ('PLANNED', 'STARTED')) AS in_doubt
    FROM agent_outreach_sent s
"""
_OUT = ("SENT", "DELIVERED", "DELAYED", "BOUNCED", "COMPLAINED")


def what_left_is_shown(scene: Scene) -> str | None:
    """A mail that left is shown as out, or as in doubt; never as if it had not left."""
    shown = {row.draft_id: row for row in scene.eye.rows(_MAILS)}
    for taken in scene.ledger.taken:
        row = shown.get(taken.draft_id)
        status = row.status if row else "not there"
        fine = status in (*_OUT, "UNKNOWN") or (row and row.in_doubt) or taken.given_up
        if not fine:
            return f"Mail {taken.number} of {taken.errand.name} is {status}."
    return None


def what_is_shown_left(scene: Scene) -> str | None:
    """A mail that is shown as out has left."""
    left = scene.ledger.by_draft()
    for row in scene.eye.rows(_MAILS):
        if row.status in _OUT and row.draft_id not in left:
            return f"A mail of {scene.ledger.errands[row.task_id].name} is {row.status}."
    return None
