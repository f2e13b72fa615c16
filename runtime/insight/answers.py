"""Answers: to which mail an answer is credited; one mail of each conversation at most.

A conversation is a task's mails to its contact.  Its first answer in a person's words counts,
for the mail that it answers; where nobody knows which, for the last one that had left by then
and did not come back.  Automatic replies, absences, bounces and wishes to get no more mail
are no answers.
"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from runtime.insight.span import Span
from runtime.mail.sent import OUT
from runtime.models import WORDS, DeliveryStatus, Reply, ReplyKind, SentEmail


def credited(span: Span) -> sa.CTE:
    """Return, for the contacts of a span, each answered conversation and the mail it answered.

    Columns ``task_id``, ``received_at`` of its first answer and ``positive_at`` of its first
    positive one, and of the credited mail ``mail_id``, ``transport`` and ``follow_up_id``.
    Whom an answer is credited to does not depend on the span's ends: one before it, or after,
    is seen too.
    """
    mail = aliased(SentEmail)
    contacts = sa.select(mail.contact_id).where(*span.conditions(mail))
    said = _said(span).where(Reply.contact_id.in_(contacts)).subquery("said")
    positive = sa.case((said.c.kind == ReplyKind.POSITIVE, said.c.received_at))
    return (
        sa.select(
            said.c.task_id,
            said.c.received_at,
            sa.func.min(positive).over(partition_by=said.c.task_id).label("positive_at"),
            said.c.mail_id,
            said.c.transport,
            said.c.follow_up_id,
        )
        .ext(distinct_on(said.c.task_id))
        .order_by(said.c.task_id, said.c.received_at, said.c.id)
        .cte("answers")
    )


def _said(span: Span) -> sa.Select[tuple[object, ...]]:
    """Return replies in a person's words, each with the mail that it answers."""
    mail = aliased(SentEmail)
    named = sa.and_(Reply.sent_email_id.is_not(None), mail.id == Reply.sent_email_id)
    inferred = sa.and_(
        Reply.sent_email_id.is_(None),
        mail.sent_at <= Reply.received_at,
        mail.status != DeliveryStatus.BOUNCED,
    )
    answered = (
        sa.select(mail.id, mail.task_id, mail.transport, mail.follow_up_id)
        .where(
            mail.workspace_id == span.workspace_id,
            mail.contact_id == Reply.contact_id,
            mail.status.in_(OUT),
            sa.or_(named, inferred),
        )
        .order_by(mail.sent_at.desc(), mail.id.desc())
        .limit(1)
        .correlate(Reply)
        .lateral("answered")
    )
    return (
        sa.select(
            Reply.id,
            Reply.kind,
            Reply.received_at,
            answered.c.id.label("mail_id"),
            answered.c.task_id,
            answered.c.transport,
            answered.c.follow_up_id,
        )
        .join(answered, sa.true())
        .where(Reply.workspace_id == span.workspace_id, Reply.kind.in_(WORDS))
    )
