"""Readers: what becomes of a mail with whom it goes to.

A persona is a function: it gets the mail and writes into the future what will come of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from tests.simulator.chance import Chance
from tests.simulator.future import Future
from tests.simulator.ledger import Taken
from tests.simulator.people.inbox import Inbox
from tests.simulator.post import Post

_SOON, _HOUR, _DAY = timedelta(seconds=2), timedelta(hours=1), timedelta(days=1)


@dataclass
class Readers:
    """Everybody who gets mail."""

    post: Post
    inbox: Inbox
    future: Future
    chance: Chance

    def get(self, taken: Taken) -> None:
        """Let a mail arrive, or not."""
        if self.chance.happens(0.3):
            self.post.report(taken, "email.sent", _SOON)
        PERSONAS[taken.errand.reader.persona](self, taken)

    def delivered(self, taken: Taken, delay: timedelta = _SOON) -> None:
        """Have the provider say that it arrived; now and then it says nothing."""
        if self.chance.happens(0.8):
            self.post.report(taken, "email.delivered", delay)


def _silent(them: Readers, taken: Taken) -> None:
    them.delivered(taken)


def _answers(them: Readers, taken: Taken) -> None:
    them.delivered(taken)
    if them.chance.happens(0.5):
        delay = them.chance.after(timedelta(minutes=1), 3 * _DAY)
        them.future.add(delay, lambda: them.inbox.answer(taken))


def _is_out_of_office(them: Readers, taken: Taken) -> None:
    them.delivered(taken)
    them.future.add(timedelta(minutes=1), lambda: them.inbox.automatic_answer(taken))


def _has_no_mailbox(them: Readers, taken: Taken) -> None:
    delay = them.chance.after(_SOON, 6 * _HOUR)
    them.post.report(taken, "email.bounced", delay, bounce={"type": "Permanent"})


def _has_a_full_mailbox(them: Readers, taken: Taken) -> None:
    them.post.report(taken, "email.delivery_delayed", _HOUR)
    them.post.report(taken, "email.bounced", 2 * _HOUR, bounce={"type": "Transient"})
    if them.chance.happens(0.5):
        them.delivered(taken, _DAY)


def _complains(them: Readers, taken: Taken) -> None:
    them.delivered(taken)
    if them.chance.happens(0.6):
        delay = them.chance.after(_HOUR, 3 * _DAY)
        them.post.report(taken, "email.complained", delay)


def _unsubscribes(them: Readers, taken: Taken) -> None:
    them.delivered(taken)
    if them.chance.happens(0.5):
        delay = them.chance.after(timedelta(minutes=1), 2 * _DAY)
        them.future.add(delay, lambda: them.inbox.wish_to_be_left_alone(taken))


def _scans(them: Readers, taken: Taken) -> None:
    """Open every mail and click every link in it, within seconds; nobody has read it."""
    them.delivered(taken)
    them.post.report(taken, "email.opened", _SOON)
    them.post.report(taken, "email.clicked", _SOON)
    them.future.add(_SOON, lambda: them.inbox.links_opened(taken))


def _is_given_up(them: Readers, taken: Taken) -> None:
    if them.chance.happens(0.5):
        taken.given_up = True
        failed = {"reason": "reached_daily_quota"}
        them.post.report(taken, "email.failed", _SOON, failed=failed)
    else:
        them.delivered(taken)


PERSONAS: dict[str, Callable[[Readers, Taken], None]] = {
    "silent": _silent,
    "answers": _answers,
    "is out of office": _is_out_of_office,
    "has no mailbox": _has_no_mailbox,
    "has a full mailbox": _has_a_full_mailbox,
    "complains": _complains,
    "unsubscribes": _unsubscribes,
    "scans": _scans,
    "is given up": _is_given_up,
}
