"""Logs: one structured line for each thing that happened, with the thread that ties it together.

``correlation_id`` is bound at the mutation and travels in message and outbox
rows to the mail, so one grep tells a task's whole story.  Secrets are cut out
of every line, whoever wrote it.
"""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Literal

import structlog
from structlog.contextvars import bound_contextvars

from runtime.errors import without_secrets

__all__ = ["bound_contextvars", "configure", "get_logger"]

_LONGEST = 20_000
_LOUD = (
    *("httpx", "httpcore", "urllib3", "uvicorn.access"),
    *("alembic.runtime.migration", "rq_scheduler"),
)


def _redact(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    event.pop("color_message", None)  # uvicorn says each line twice
    for key, value in event.items():
        if isinstance(value, str) and key not in ("timestamp", "level"):
            event[key] = without_secrets(value[:_LONGEST])
    return event


def configure(log_format: Literal["console", "json"], level: str = "INFO") -> None:
    """Send our lines and the libraries' through one chain to standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    render: list[Any] = (
        [structlog.processors.format_exc_info, _redact, structlog.processors.JSONRenderer()]
        if log_format == "json"
        else [
            structlog.processors.format_exc_info,
            _redact,
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            ),
        ]
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *render],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # It prints a page of traceback when Redis goes; the scheduler says so in one line.
    logging.getLogger("rq.worker").setLevel(logging.CRITICAL)
    for loud in _LOUD:
        logging.getLogger(loud).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return the logger of a module; pass ``__name__``."""
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(name)
    return logger
