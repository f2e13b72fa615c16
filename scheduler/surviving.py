"""Surviving: the job wrapper.  One thing that goes wrong must not end the process.

What could not be done stays a row, and is found again: a call by its lease, a
timer by the sweep.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from redis import RedisError
from sqlalchemy.exc import SQLAlchemyError

from runtime.errors import in_a_line
from runtime.logs import get_logger

log = get_logger(__name__)


@dataclass(slots=True)
class Trouble:
    """What a block came to: ``bug`` is what broke it, unless the database or Redis did."""

    bug: Exception | None = None


@contextmanager
def surviving(what: str) -> Iterator[Trouble]:
    """Log that ``what`` went wrong if anything in the block raises, and go on."""
    trouble = Trouble()
    try:
        yield trouble
    except (SQLAlchemyError, RedisError) as error:
        log.warning(what, error=in_a_line(getattr(error, "orig", None) or error))
    # The job wrapper: a bug that one call or timer wakes must cost that one only.
    except Exception as error:
        log.exception(what)
        trouble.bug = error


class Outage:
    """Redis, as far as somebody reaches it: says once that it went, once that it is back."""

    def __init__(self, while_away: str) -> None:
        """``while_away`` says what goes on without it."""
        self.over = True
        self._while_away = while_away

    @contextmanager
    def survived(self) -> Iterator[None]:
        """Do the block, or as much of it as Redis lets us."""
        try:
            yield
        except RedisError as error:
            if self.over:
                reason = in_a_line(error)
                log.warning("Redis is away", error=reason, meanwhile=self._while_away)
            self.over = False
        else:
            self.end()

    def end(self) -> None:
        """Redis answers."""
        if not self.over:
            log.info("Redis is back")
        self.over = True
