"""Quiet: what would be logged of all that goes wrong here is nobody's news, and costs time."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import structlog


@contextmanager
def silence() -> Iterator[None]:
    """Have nothing logged, whichever way logs are configured, and then as before again."""
    before, disabled = structlog.get_config(), logging.root.manager.disable
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(disabled)
        structlog.configure(**before)
