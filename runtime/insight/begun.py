"""Begun: the conversations that began in a span, each looked at for equally long.

What is asked of a mail depends on the span's ends: an answer may come to one outside it.  A
conversation has one beginning, which lies in the span or does not, and those that had the
same time to be answered can be compared, whenever they began and however long the span is.
"""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from runtime.insight.span import Span
from runtime.models import DeliveryStatus, SentEmail

ANSWERED_WITHIN = timedelta(days=14)
"""How long after its beginning a conversation is looked at."""


def conversations(span: Span, answers: sa.CTE, *, own: bool = False) -> sa.CTE:
    """Return the first mail of each conversation that began in a span and was reached.

    Columns ``mail_id``, and whether it was ``answered`` and ``answered_positively`` in time.
    A conversation is what the span's agents wrote to a contact for a task, within the span
    and outside; ``own``: what either agent did is one for itself.
    """
    first, other = aliased(SentEmail), aliased(SentEmail)
    whole = sa.exists().where(
        other.task_id == first.task_id, *span.whenever(other), *_of_one_agent(first, other, own)
    )
    earlier = sa.tuple_(other.sent_at, other.id) < sa.tuple_(first.sent_at, first.id)
    arrived = other.status != DeliveryStatus.BOUNCED
    answer = sa.and_(
        answers.c.task_id == first.task_id,
        *span.of_this_sort(answers.c),
        *_of_one_agent(first, answers.c, own),
    )
    in_time = first.sent_at + ANSWERED_WITHIN
    return (
        sa.select(
            first.id.label("mail_id"),
            (answers.c.received_at < in_time).label("answered"),
            (answers.c.positive_at < in_time).label("answered_positively"),
        )
        .outerjoin(answers, answer)
        .where(
            *span.conditions(first),
            ~whole.where(earlier),
            # Who answered was reached, whatever was reported.
            sa.or_(answers.c.task_id.is_not(None), whole.where(arrived)),
        )
        .cte("begun_by_each" if own else "begun")
    )


def _of_one_agent(first: Any, other: Any, own: bool) -> list[sa.ColumnElement[bool]]:
    if not own:
        return []
    return [first.follow_up_id.is_(None) == other.follow_up_id.is_(None)]
