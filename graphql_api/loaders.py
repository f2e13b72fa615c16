"""Loaders: many resolvers ask for one row each, the database is asked once.

What resolvers want in one tick of the loop is collected and fetched together, so a
page costs as many statements with a hundred rows as with one.  A set of loaders
lives as long as one operation, and remembers what it fetched.
"""

import uuid
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute
from strawberry.dataloader import DataLoader

from runtime import models
from runtime.crm import suppression
from runtime.crm.research import pages
from runtime.db import Transaction
from runtime.insight import decisions, throughput
from runtime.insight.throughput import Hour
from runtime.mail import bindings, envelope, staleness
from runtime.models import OPEN_TASK, AgentKind, DeliveryStatus, MessageStatus, TaskStatus
from runtime.settings import Settings

T = TypeVar("T")
Read = Callable[[Callable[[Transaction], Any]], Awaitable[Any]]


@dataclass(frozen=True, eq=False)
class Relation:
    """The rows that hang on another row, in their order."""

    parent: InstrumentedAttribute[Any]
    order: InstrumentedAttribute[Any]
    only: sa.ColumnElement[bool] | None = None
    newest_first: bool = False


APPROVALS_OF_DRAFT = Relation(models.Approval.draft_id, models.Approval.id, newest_first=True)
DRAFTS_OF_TASK = Relation(
    models.Draft.task_id, models.Draft.version, models.Draft.follow_up_id.is_(None)
)
DRAFTS_OF_FOLLOW_UP = Relation(models.Draft.follow_up_id, models.Draft.version)
EMAILS_OF_TASK = Relation(
    models.SentEmail.task_id, models.SentEmail.id, models.SentEmail.follow_up_id.is_(None)
)
EMAILS_OF_FOLLOW_UP = Relation(models.SentEmail.follow_up_id, models.SentEmail.id)
ESCALATIONS_OF_TASK = Relation(models.Escalation.task_id, models.Escalation.id)
MOVES_OF_OPPORTUNITY = Relation(models.StageChange.opportunity_id, models.StageChange.id)
RECOMMENDATIONS_OF_OPPORTUNITY = Relation(
    models.Recommendation.opportunity_id, models.Recommendation.id
)
TASKS_OF_OPPORTUNITY = Relation(models.Task.opportunity_id, models.Task.id)
FACTS_OF_CONTACT = Relation(
    models.Fact.contact_id, models.Fact.id, models.Fact.withdrawn_at.is_(None)
)
FOLLOW_UPS_OF_TASK = Relation(models.FollowUp.task_id, models.FollowUp.step)

_LEFT = tuple(
    set(DeliveryStatus)
    - {
        DeliveryStatus.BLOCKED,
        DeliveryStatus.SENDING,
        DeliveryStatus.FAILED,
        DeliveryStatus.UNKNOWN,
    }
)
"""Deliveries of which it is known that the mail left us."""


class Loaders:
    """One operation's loaders; each is made when first asked for."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._made: dict[object, DataLoader[Any, Any]] = {}

    async def row(self, model: type[models.Base], key: object) -> Any:
        """Return the row with this key, or None; None for no key asks nobody."""
        if key is None:
            return None
        return await self._loader(model, lambda tx, keys: _rows(tx, model, keys)).load(key)

    async def all(self, relation: Relation, key: uuid.UUID) -> list[Any]:
        """Return all rows that hang on this one, in the relation's order."""
        loader = self._loader(relation, lambda tx, keys: _related(tx, relation, keys))
        rows: list[Any] = await loader.load(key)
        return rows

    async def newest(self, relation: Relation, key: uuid.UUID) -> Any:
        """Return the last of the rows that hang on this one, or None."""
        rows = await self.all(relation, key)
        return rows[-1] if rows else None

    async def letters(self, settings: Settings, key: uuid.UUID) -> dict[str, Any]:
        """Return a draft's mail as it leaves."""
        letter: dict[str, Any] = await self._loader(
            "letters", lambda tx, keys: _letters(tx, keys, settings)
        ).load(key)
        return letter

    @property
    def mailbox(self) -> DataLoader[Any, Any]:
        """Load what lies in the mailboxes of agents, by the agent's key."""
        return self._loader("mailbox", _mailboxes)

    @property
    def metrics(self) -> DataLoader[Any, Any]:
        """Load the numbers of agents, by the agent's key."""
        return self._loader("metrics", _metrics)

    async def throughput(self, key: uuid.UUID, hours: int) -> list[Hour]:
        """Return an agent's last hours, the oldest first."""
        found: list[Hour] = await self._loader(
            ("throughput", hours), lambda tx, keys: throughput.of_agents(tx, keys, hours)
        ).load(key)
        return found

    @property
    def fingerprint(self) -> DataLoader[Any, Any]:
        """Load the fingerprints that drafts are shown with, by the draft."""
        return self._loader("fingerprint", bindings.fingerprints)

    @property
    def written(self) -> DataLoader[Any, Any]:
        """Load from when the waits of drafts are counted, by the draft's key."""
        return self._loader("written", decisions.written)

    @property
    def bound_settings(self) -> DataLoader[Any, Any]:
        """Load the follow-up settings that drafts' approvals stand for, by the draft."""
        return self._loader("bound settings", bindings.bound_to)

    @property
    def staleness(self) -> DataLoader[Any, Any]:
        """Load what overtook drafts, by the draft."""
        return self._loader("staleness", _stale)

    @property
    def pages(self) -> DataLoader[Any, Any]:
        """Load the pages listed for contacts and their companies, by the contact."""
        return self._loader("pages", pages.of_all)

    @property
    def suppression(self) -> DataLoader[Any, Any]:
        """Load what contacts are on the suppression list by, by the contact."""
        return self._loader("suppression", suppression.of_all)

    def _loader(
        self, name: object, fetch: Callable[[Transaction, list[Any]], list[Any]]
    ) -> DataLoader[Any, Any]:
        if name not in self._made:

            async def load(keys: list[Any]) -> Any:
                return await self._read(lambda tx: fetch(tx, keys))

            self._made[name] = DataLoader(load)
        return self._made[name]


def key_of(model: type[models.Base]) -> InstrumentedAttribute[Any]:
    """Return the column that names a row within its workspace."""
    return models.Event.seq if model is models.Event else model.id  # type: ignore[attr-defined]


def _rows(tx: Transaction, model: type[models.Base], keys: list[Any]) -> list[Any]:
    column = key_of(model)
    found = {
        getattr(row, column.key): row
        for row in tx.scalars(sa.select(model).where(column.in_(keys)))
    }
    return [found.get(key) for key in keys]


def _related(tx: Transaction, relation: Relation, keys: list[Any]) -> list[Any]:
    only = [] if relation.only is None else [relation.only]
    order = relation.order.desc() if relation.newest_first else relation.order
    rows = tx.scalars(
        sa.select(relation.parent.class_)
        .where(relation.parent.in_(keys), *only)
        .order_by(relation.parent, order)
    )
    groups = defaultdict(list)
    for row in rows:
        groups[getattr(row, relation.parent.key)].append(row)
    return [groups[key] for key in keys]


def _letters(tx: Transaction, keys: list[Any], settings: Settings) -> list[Any]:
    found = envelope.previews(tx, keys, settings)
    return [found[key] for key in keys]


def _stale(tx: Transaction, drafts: list[models.Draft]) -> list[Any]:
    found = staleness.of_all(tx, drafts)
    return [found.get(draft.id, []) for draft in drafts]


def _mailboxes(tx: Transaction, keys: list[Any]) -> list[Any]:
    message = models.Message
    ready, dead = message.status == MessageStatus.READY, message.status == MessageStatus.DEAD
    rows = tx.execute(
        sa.select(
            message.recipient_id,
            sa.func.count().filter(ready),
            sa.func.count().filter(dead),
            sa.func.min(message.available_at).filter(ready),
        )
        .where(message.recipient_id.in_(keys), ready | dead)
        .group_by(message.recipient_id)
    )
    found = {row[0]: row[1:] for row in rows}
    names = ("ready", "dead", "oldest_ready_at")
    return [dict(zip(names, found.get(key, (0, 0, None)), strict=True)) for key in keys]


def _metrics(tx: Transaction, keys: list[Any]) -> list[Any]:
    agents = {a.id: a for a in tx.scalars(sa.select(models.Agent).where(models.Agent.id.in_(keys)))}
    counts = _by_status(
        tx.execute(
            sa.select(models.Task.agent_id, models.Task.status, sa.func.count())
            .where(models.Task.agent_id.in_(keys))
            .group_by(models.Task.agent_id, models.Task.status)
        )
    )
    first, later = _mails_left(tx)
    waiting = tx.scalar(
        sa.select(sa.func.count()).where(
            models.FollowUp.status == models.FollowUpStatus.AWAITING_APPROVAL
        )
    )
    # A follow-up's mail belongs to the task, but it is the follow-up agent's work.
    mails = {AgentKind.OUTREACH: first, AgentKind.FOLLOW_UP: later}
    waits = {AgentKind.FOLLOW_UP: waiting or 0}
    return [
        _numbers(agents[key], counts[key], mails.get(agents[key].kind, 0), waits) for key in keys
    ]


def _by_status(rows: Iterable[Any]) -> dict[Any, dict[TaskStatus, int]]:
    counts: dict[Any, dict[TaskStatus, int]] = defaultdict(lambda: defaultdict(int))
    for agent_id, status, count in rows:
        counts[agent_id][status] = count
    return counts


def _mails_left(tx: Transaction) -> tuple[int, int]:
    follow_up = models.SentEmail.follow_up_id
    row = tx.execute(
        sa.select(
            sa.func.count().filter(follow_up.is_(None)),
            sa.func.count().filter(follow_up.is_not(None)),
        ).where(models.SentEmail.status.in_(_LEFT))
    ).one()
    return row[0], row[1]


def _numbers(
    agent: models.Agent, tasks: dict[TaskStatus, int], mails: int, waits: dict[AgentKind, int]
) -> dict[str, Any]:
    return {
        "tasks_open": sum(tasks[status] for status in OPEN_TASK),
        "tasks_completed": tasks[TaskStatus.COMPLETED],
        "tasks_failed": tasks[TaskStatus.FAILED],
        "awaiting_approval": tasks[TaskStatus.AWAITING_APPROVAL] + waits.get(agent.kind, 0),
        "emails_sent": mails,
        "median_turn_ms": median(agent.recent_turn_ms) if agent.recent_turn_ms else None,
    }
