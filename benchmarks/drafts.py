"""Drafts: tasks a second through one worker, with a writer that takes a second for each."""

import time
from pathlib import Path

import sqlalchemy as sa

from runtime.crm import team
from runtime.desk import contacts, tasks
from runtime.models import AgentKind, Task, TaskStatus
from tests.fakes import FakeGemini
from tests.journeys.fleet import Fleet

WRITER_SECONDS = 1.0


def drafted_per_second(folder: Path, count: int) -> float:
    """Return tasks a second from the first assignment to the last draft, all processes running."""
    with FakeGemini(delay=WRITER_SECONDS) as gemini:
        fleet = Fleet(
            folder,
            GEMINI_API_KEY="AIza-not-a-real-key",
            GEMINI_API_ENDPOINT=gemini.url,
            LEASE_SECONDS="15",
            LOG_LEVEL="WARNING",
        )
        try:
            for wing in ("agents", "worker", "clock"):
                fleet.start(wing)
            _assign(fleet, 1)
            _until(fleet, 1)
            began = time.perf_counter()
            _assign(fleet, count)
            _until(fleet, count + 1)
            return count / (time.perf_counter() - began)
        finally:
            fleet.close()


def have_waiting(fleet: Fleet, count: int) -> None:
    """Have so many drafts wait for approval; the agents and a worker run."""
    _assign(fleet, count)
    _until(fleet, count)


def _assign(fleet: Fleet, count: int) -> None:
    with fleet.db.transaction(fleet.workspace_id) as tx:
        agent = team.member(tx, AgentKind.OUTREACH)
        for number in range(count):
            contact = contacts.create(
                tx, who="bench", email=f"p{number}-of-{count}@example.org", name=f"P {number}"
            )
            tasks.assign(
                tx,
                who="bench",
                agent_id=agent.id,
                contact_id=contact.id,
                instruction="Invite this contact to the pilot.",
            )


def _until(fleet: Fleet, drafted: int) -> None:
    waiting = sa.select(sa.func.count()).where(
        Task.workspace_id == fleet.workspace_id, Task.status == TaskStatus.AWAITING_APPROVAL
    )
    while True:
        with fleet.db.transaction(fleet.workspace_id) as tx:
            if (tx.scalar(waiting) or 0) >= drafted:
                return
        time.sleep(0.05)
