"""Metrics: the machinery's numbers for Prometheus; sums over all workspaces, nothing of any one.

What this process counted, and, read from the rows at each scrape, what waits.
"""

from collections.abc import Iterator
from time import perf_counter
from typing import Any

import sqlalchemy as sa
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram
from prometheus_client import generate_latest as as_text
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from strawberry.extensions import SchemaExtension

from graphql_api.context import Services
from runtime import nodes
from runtime.models import Call, CallStatus, Message, MessageStatus, Timer

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """Counts operations, and shows all numbers."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._registry = CollectorRegistry()
        self.operations = Counter(
            "rapport_graphql_operations",
            "GraphQL operations by kind and outcome.",
            ("kind", "outcome"),
            registry=self._registry,
        )
        self.seconds = Histogram(
            "rapport_graphql_seconds",
            "How long queries and mutations take.",
            ("kind",),
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._registry.register(_Rows(services))

    async def show(self, _request: Request) -> Response:
        """Answer a scrape."""
        text = await self._services.off_loop(as_text, self._registry)
        return Response(text, media_type=CONTENT_TYPE_LATEST)


class Measured(SchemaExtension):
    """Counts each operation and times it."""

    def on_operation(self) -> Iterator[None]:
        """Count one operation as it ends."""
        begun = perf_counter()
        yield
        context: Any = self.execution_context.context
        metrics: Metrics | None = getattr(context, "metrics", None)
        if metrics is None:
            return
        kind = self._kind()
        failed = bool(getattr(self.execution_context.result, "errors", None))
        metrics.operations.labels(kind, "error" if failed else "ok").inc()
        if kind != "subscription":
            metrics.seconds.labels(kind).observe(perf_counter() - begun)

    def _kind(self) -> str:
        try:
            return str(self.execution_context.operation_type.value)
        except RuntimeError:  # it never became an operation
            return "none"


class _Rows(Collector):
    """Reads what waits, in all workspaces, by the dispatcher's columns."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def collect(self) -> Iterator[Metric]:
        """Yield the gauges; a database that is away leaves only the one that says so."""
        yield _gauge("rapport_subscriptions", "Open subscriptions.", self._services.feed.watchers)
        try:
            waiting = self._waiting()
        except SQLAlchemyError:
            yield _gauge("rapport_database_up", "Whether the database answers.", 0)
            return
        yield _gauge("rapport_database_up", "Whether the database answers.", 1)
        yield from waiting

    def describe(self) -> list[Metric]:
        """Name nothing beforehand: to know the names would take a read."""
        return []

    def _waiting(self) -> list[Metric]:
        now = self._services.db.now()
        with self._services.db.dispatch() as connection:
            counted = {name: connection.execute(query).scalar_one() for name, _, query in _QUERIES}
            oldest = connection.scalar(_OLDEST.where(Message.available_at <= now))
        lag = (now - oldest).total_seconds() if oldest else 0.0
        alive = nodes.alive(self._services.db)
        family = GaugeMetricFamily("rapport_nodes_alive", "Living processes.", labels=["kind"])
        for kind, found in alive.items():
            family.add_metric([kind.value.lower()], len(found))
        lag_text = "How long the oldest message that is due has waited."
        return [
            *(_gauge(name, text, counted[name]) for name, text, _ in _QUERIES),
            _gauge("rapport_oldest_message_seconds", lag_text, lag),
            family,
        ]


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=value)


def _count(*conditions: sa.ColumnElement[bool]) -> sa.Select[int]:
    return sa.select(sa.func.count()).where(*conditions)


_OLDEST = sa.select(sa.func.min(Message.available_at)).where(Message.status == MessageStatus.READY)
_QUERIES: tuple[tuple[str, str, sa.Select[int]], ...] = (
    (
        "rapport_messages_ready",
        "Messages to be handled.",
        _count(Message.status == MessageStatus.READY),
    ),
    ("rapport_messages_dead", "Dead letters.", _count(Message.status == MessageStatus.DEAD)),
    ("rapport_calls_planned", "Outside calls to make.", _count(Call.status == CallStatus.PLANNED)),
    (
        "rapport_calls_started",
        "Outside calls in flight.",
        _count(Call.status == CallStatus.STARTED),
    ),
    ("rapport_timers", "Timers set.", sa.select(sa.func.count()).select_from(Timer)),
)
