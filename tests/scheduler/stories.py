"""Calls and timers as they stand in a house, ready to be made or fired."""

import uuid
from collections.abc import Sequence
from datetime import timedelta

from runtime import timers
from runtime.mail import writing
from runtime.messages import FollowUpDue
from runtime.models import AgentKind, Call, CallStatus, Message, Task, Timer
from tests.house import House


def plan_calls(house: House, count: int = 1, *, max_attempts: int = 3) -> list[uuid.UUID]:
    """Plan calls to the writer, each of a task of its own, in one commit; return their ids."""
    task_ids = [house.a_task().id for _ in range(count)]
    with house.tx() as tx:
        calls = [
            writing.plan(
                tx,
                agent=AgentKind.OUTREACH,
                task=tx.get_one(Task, (tx.workspace_id, task_id)),
                max_attempts=max_attempts,
            )
            for task_id in task_ids
        ]
        tx.flush()
    return [call.id for call in calls]


def plan_mail(house: House) -> Task:
    """Bring a task to where its approved mail waits for the worker."""
    task = house.a_drafted_task()
    house.approve(task)
    house.take_turns()
    return task


def call(house: House, call_id: uuid.UUID) -> Call:
    [found] = house.all(Call, Call.id == call_id)
    return found


def done(house: House, ids: Sequence[uuid.UUID]) -> bool:
    found = house.all(Call, Call.id.in_(ids))
    return all(call.status is CallStatus.DONE for call in found)


def set_timers(house: House, *in_seconds: float) -> None:
    """Have the follow-up agent reminded of a task, so many seconds from now, once for each."""
    task = house.a_task()
    with house.tx() as tx:
        for number, seconds in enumerate(in_seconds):
            timers.remind(
                tx,
                AgentKind.FOLLOW_UP,
                f"test-{number}",
                tx.now + timedelta(seconds=seconds),
                FollowUpDue(task_id=task.id),
                task=task,
            )


def waiting(house: House) -> int:
    return len(house.all(Timer))


def reminders(house: House) -> int:
    return len(house.all(Message, Message.type == FollowUpDue.type))
