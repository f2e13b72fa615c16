"""Begun: the conversations that began in a span, each looked at for equally long.

What is asked of a mail depends on the span's ends: an answer may come to one outside it.  A
conversation has one beginning, which lies in the span or does not, and those that had the
same time to be answered can be compared, whenever they began and however long the span is.

A conversation is what the span's agents wrote to a contact for a task, within the span and
outside.  Names that end in ``_by_each`` are of what either agent did, as one for itself.
"""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from runtime.insight.span import Span
from runtime.models import DeliveryStatus, SentEmail

ANSWERED_WITHIN = timedelta(days=14)
"""How long after its beginning a conversation is looked at."""
BY_EACH = "_by_each"


def in_order(span: Span) -> sa.CTE:
    """Return the mails of all conversations that a span touches, whenever they left.

    Columns ``mail_id``; ``first``: nothing of its conversation left before it; ``reached``:
    something of its conversation did not come back; and both ``_by_each``.
    """
    mail, here = aliased(SentEmail), aliased(SentEmail)
    # Materialized, so that what is read grows with the span and not with all there ever was.
    touched = (
        sa.select(here.task_id)
        .where(*span.conditions(here))
        .distinct()
        .cte("touched")
        .prefix_with("MATERIALIZED")
    )
    return (
        sa.select(
            mail.id.label("mail_id"),
            *_places(mail, "", mail.task_id),
            *_places(mail, BY_EACH, mail.task_id, mail.follow_up_id.is_not(None)),
        )
        .where(*span.whenever(mail), mail.task_id.in_(sa.select(touched.c.task_id)))
        .cte("in_order")
    )


def _places(mail: Any, suffix: str, *conversation: Any) -> list[sa.Label[bool]]:
    # One window for both, so that its rows are gone through once.
    window: dict[str, Any] = {
        "partition_by": conversation,
        "order_by": [mail.sent_at, mail.id],
        "rows": (None, None),
    }
    arrived = sa.func.bool_or(mail.status != DeliveryStatus.BOUNCED)
    return [
        (sa.func.row_number().over(**window) == 1).label(f"first{suffix}"),
        arrived.over(**window).label(f"reached{suffix}"),
    ]


def answered(span: Span, answers: sa.CTE) -> sa.CTE:
    """Return the beginnings of the conversations that were answered, whenever they began.

    Columns ``mail_id`` of the conversation's first mail; ``in_time`` and ``positively_in_time``:
    whether an answer, or a positive one, came while it was looked at; all ``_by_each`` too.
    """
    # Each beginning is looked up by its answer.  Joined as lists, of whose lengths the database
    # knows nothing, all were compared with all: half a minute for a year.
    together, by_each = _first(span, answers), _first(span, answers, own=True)
    return (
        sa.select(*_in_time(together, "", answers), *_in_time(by_each, BY_EACH, answers))
        .select_from(answers)
        .join(together, sa.true())
        .join(by_each, sa.true())
        .where(*span.of_this_sort(answers.c))
        .cte("answered")
    )


def _first(span: Span, answers: sa.CTE, *, own: bool = False) -> sa.FromClause:
    mail = aliased(SentEmail)
    same_agent = mail.follow_up_id.is_(None) == answers.c.follow_up_id.is_(None)
    return (
        sa.select(mail.id, mail.sent_at)
        .where(
            mail.task_id == answers.c.task_id,
            *span.whenever(mail),
            same_agent if own else sa.true(),
        )
        .order_by(mail.sent_at, mail.id)
        .limit(1)
        .correlate(answers)
        .lateral()
    )


def _in_time(first: sa.FromClause, suffix: str, answers: sa.CTE) -> list[sa.Label[Any]]:
    until = first.c.sent_at + ANSWERED_WITHIN
    return [
        first.c.id.label(f"mail_id{suffix}"),
        (answers.c.received_at < until).label(f"in_time{suffix}"),
        (answers.c.positive_at < until).label(f"positively_in_time{suffix}"),
    ]
