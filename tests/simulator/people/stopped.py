"""Stopped: tasks and follow-ups are put off, moved, ended, or made to go on."""

from datetime import timedelta
from typing import Any, LiteralString

from runtime.desk import follow_ups, tasks
from tests.simulator.people.office import Office

_STEPS: LiteralString = """
    SELECT id, task_id, step, status FROM agent_followup_schedule WHERE status = ANY(%(states)s)
"""
_TASKS: LiteralString = "SELECT id, id AS task_id, status FROM tasks WHERE status = ANY(%(states)s)"
_STILL_OPEN = ["QUEUED", "WORKING", "AWAITING_APPROVAL", "SENDING", "BLOCKED", "COMPLETED"]


def retry(office: Office) -> None:
    """Have a stopped task go on."""
    _to_a_task(office, "retry", tasks.retry, ["FAILED", "BLOCKED"])


def cancel_task(office: Office) -> None:
    """End a task, wherever it is."""
    task = _to_a_task(office, "cancel", tasks.cancel, _STILL_OPEN)
    if task is not None:
        office.ledger.cancelled[task.id] = "cancelled"


def resume_follow_up(office: Office) -> None:
    """Have a step that stopped go on."""
    _to_a_step(office, "resume", follow_ups.resume, ["PAUSED", "BLOCKED", "FAILED"])


def pause_follow_up(office: Office) -> None:
    """Hold a step."""
    _to_a_step(office, "pause", follow_ups.pause, ["SCHEDULED"])


def cancel_follow_up(office: Office) -> None:
    """End a step, and those after it."""
    states = ["SCHEDULED", "AWAITING_APPROVAL", "SENDING", "BLOCKED", "PAUSED", "FAILED"]
    step = _to_a_step(office, "cancel", follow_ups.cancel, states)
    if step is not None:
        office.ledger.cancelled[step.id] = "cancelled"


def reschedule(office: Office) -> None:
    """Move a step to another time, perhaps a weekend, or the middle of the night."""
    due_at = office.house.clock.now + office.chance.after(timedelta(), timedelta(days=4))
    _to_a_step(office, "move", follow_ups.reschedule, ["SCHEDULED", "PAUSED"], due_at=due_at)


def _to_a_task(office: Office, verb: str, command: Any, states: list[str]) -> Any | None:
    task = office.one(office.eye.rows(_TASKS, states=states))
    if task is None:
        return None
    errand = office.errand(task.id)
    what = f"{verb} {errand.name}, which was {task.status}"
    return task if office.do(what, command, about=errand.reader.name, task_id=task.id) else None


def _to_a_step(
    office: Office, verb: str, command: Any, states: list[str], **fields: Any
) -> Any | None:
    step = office.one(office.eye.rows(_STEPS, states=states))
    if step is None:
        return None
    errand = office.errand(step.task_id)
    what = f"{verb} {errand.name} step {step.step}, which was {step.status}"
    done = office.do(what, command, about=errand.reader.name, follow_up_id=step.id, **fields)
    return step if done else None
