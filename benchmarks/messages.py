"""Messages: how many one agents process handles, each with an event, durably."""

import threading
import time
import uuid

import sqlalchemy as sa

from runtime import mailbox
from runtime.actors.agent import Agent, handles
from runtime.actors.system import System
from runtime.actors.turn import Turn
from runtime.crm import workspaces
from runtime.db import Database
from runtime.messages import PersonWrote
from runtime.models import AgentKind, Message, MessageStatus

WORKSPACES = 8


class Counter(Agent):
    """Records one event for each message."""

    kind = AgentKind.OUTREACH

    @handles(PersonWrote)
    def count(self, turn: Turn, _said: PersonWrote) -> None:
        """Record that there was one more."""
        turn.record("bench.counted", "One more.")


def handled_per_second(url: str, count: int) -> float:
    """Return how many messages a second one process handles, all mailboxes being full."""
    db = Database(url, connections=WORKSPACES + 2)
    ids = [workspaces.create(db, f"bench {uuid.uuid4()}") for _ in range(WORKSPACES)]
    for workspace_id in ids:
        _fill(db, workspace_id, count // WORKSPACES)
    system = System(db, [Counter()], listener=None, active=WORKSPACES)
    began = time.perf_counter()
    system.start()
    while any(_waiting(db, workspace_id) for workspace_id in ids):
        threading.Event().wait(0.02)
    seconds = time.perf_counter() - began
    system.stop()
    db.close()
    return count // WORKSPACES * WORKSPACES / seconds


def _fill(db: Database, workspace_id: uuid.UUID, count: int) -> None:
    with db.transaction(workspace_id) as tx:
        for _ in range(count):
            said = PersonWrote(text="Count this.")
            mailbox.post(tx, said, to=AgentKind.OUTREACH, sender=mailbox.PERSON)


def _waiting(db: Database, workspace_id: uuid.UUID) -> bool:
    with db.transaction(workspace_id) as tx:
        return bool(
            tx.scalar(
                sa.select(
                    sa.exists().where(
                        Message.workspace_id == workspace_id, Message.status == MessageStatus.READY
                    )
                )
            )
        )
