"""Waiting: nothing is forgotten.  What has not ended says what it waits for."""

import uuid

from runtime.desk import why_not
from runtime.desk.why_not import WhyNot
from runtime.errors import RapportError
from tests.simulator.invariants.scene import Scene

_TASKS = """
    SELECT id FROM tasks WHERE status NOT IN ('COMPLETED', 'CANCELLED', 'ESCALATED') ORDER BY id
"""
_STEPS = """
    SELECT id, task_id, step, status FROM agent_followup_schedule
    WHERE status NOT IN ('SENT', 'CANCELLED', 'SKIPPED') ORDER BY id
"""
_FORGOTTEN = """
    SELECT t.id, f.step, f.id AS step_id FROM tasks t
    JOIN contacts c ON c.workspace_id = t.workspace_id AND c.id = t.contact_id
    JOIN agents g ON g.workspace_id = t.workspace_id AND g.kind = 'FOLLOW_UP'
    LEFT JOIN LATERAL (
        SELECT id, step, status FROM agent_followup_schedule f
        WHERE f.workspace_id = t.workspace_id AND f.task_id = t.id ORDER BY step DESC LIMIT 1
    ) f ON true
    WHERE t.status = 'COMPLETED' AND c.status IN ('ACTIVE', 'REPLIED') AND f.status = 'SENT'
      AND NOT EXISTS (SELECT FROM timers x WHERE x.task_id = t.id)
      AND NOT EXISTS (SELECT FROM messages m WHERE m.task_id = t.id AND m.status = 'DEAD')
      AND NOT EXISTS (SELECT FROM escalations e WHERE e.task_id = t.id)
"""
_ASKED = """
    SELECT task_id, count(*) AS times FROM escalations WHERE kind = 'NO_ANSWER' GROUP BY task_id
"""


def every_task_ended_or_says_why(scene: Scene) -> str | None:
    """Every task has ended, or says what it waits for."""
    with scene.house.tx() as tx:
        for row in scene.eye.rows(_TASKS):
            reasons = why_not.about_task(tx, row.id, settings=scene.house.settings)
            if not reasons:
                return f"{scene.ledger.errands[row.id].name} waits for nothing."
    return None


def every_step_ended_or_says_why(scene: Scene) -> str | None:
    """Every follow-up has ended, or says what it waits for."""
    for row in scene.eye.rows(_STEPS):
        if not _reasons(scene, row.id):
            name = scene.ledger.errands[row.task_id].name
            return f"Step {row.step} of {name} is {row.status} and waits for nothing."
    return None


def nobody_is_forgotten(scene: Scene) -> str | None:
    """Who got a mail and did not answer is followed up, or a person is asked."""
    for row in scene.eye.rows(_FORGOTTEN):
        errand = scene.ledger.errands[row.id]
        ended = (*scene.ledger.replies, *scene.ledger.ever_stopped)
        # Who cancels a step whose mail is just out wants none after it either.
        if errand.reader.id not in ended and row.step_id not in scene.ledger.cancelled:
            return f"{errand.name} ends with step {row.step}, and nothing comes after it."
    return None


def asked_once(scene: Scene) -> str | None:
    """A person is asked once each time that all steps are used up."""
    for row in scene.eye.rows(_ASKED):
        if row.times > 1 + scene.ledger.extensions[row.task_id]:
            return f"{scene.ledger.errands[row.task_id].name} was asked about {row.times} times."
    return None


def _reasons(scene: Scene, step_id: uuid.UUID) -> list[WhyNot]:
    with scene.house.tx() as tx:
        try:
            return why_not.about_follow_up(tx, step_id, settings=scene.house.settings)
        except RapportError:
            return []
