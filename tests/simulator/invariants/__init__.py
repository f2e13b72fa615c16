"""Invariants: the promises, each a function whose docstring is its sentence.

A promise returns what broke it, or None.  There are four occasions: a mail has just
passed the gate (``AT_THE_GATE``), the provider has just taken one (``WHEN_TAKEN``), a step
is over (``ALWAYS``), and nothing more is to be done (``AT_REST``).
"""

import re
from collections.abc import Callable
from typing import TypeVar

from tests.simulator.diary import Broken
from tests.simulator.invariants import (
    bugs,
    fence,
    hours,
    leave,
    numbers,
    once,
    pace,
    rest,
    stops,
    switches,
    truth,
    waiting,
)
from tests.simulator.invariants.scene import Scene
from tests.simulator.invariants.sight import Sight
from tests.simulator.ledger import Taken

AT_THE_GATE: tuple[Callable[[Sight], str | None], ...] = (
    fence.held,
    leave.given,
    leave.to_the_letter,
    stops.left_in_peace,
    stops.not_after_a_reply,
    stops.not_after_an_end,
    hours.in_the_window,
    hours.not_early,
    pace.within_the_cap,
    pace.not_too_often,
    switches.not_stopped,
    switches.allowed,
    switches.not_paused,
)
WHEN_TAKEN: tuple[Callable[[Scene, Taken], str | None], ...] = (
    once.each_text_once,
    once.one_first_mail,
    once.one_mail_a_step,
)
ALWAYS: tuple[Callable[[Scene], str | None], ...] = (
    numbers.without_gaps,
    numbers.reports_once,
    bugs.no_handler_raises,
)
AT_REST: tuple[Callable[[Scene], str | None], ...] = (
    *ALWAYS,
    rest.nothing_is_due,
    truth.what_left_is_shown,
    truth.what_is_shown_left,
    waiting.every_task_ended_or_says_why,
    waiting.every_step_ended_or_says_why,
    waiting.nobody_is_forgotten,
    waiting.asked_once,
)

Promise = TypeVar("Promise", bound=Callable[..., str | None])


def keep(promises: tuple[Promise, ...], *about: object, reader: str = "") -> None:
    """Look at each promise; raise Broken at the first that is broken."""
    for promise in promises:
        if (broken := promise(*about)) is not None:
            sentence = (promise.__doc__ or promise.__name__).splitlines()[0]
            raise Broken(sentence, broken, reader or _reader_named(broken, about[0]))


def _reader_named(detail: str, where: object) -> str:
    """Return the reader whose task (T7) a detail names, so that only their story is told."""
    found = re.search(r"\bT(\d+)\b", detail)
    if found is None or not isinstance(where, Scene):
        return ""
    errands = where.ledger.errands.values()
    return next(each.reader.name for each in errands if each.number == int(found[1]))
