"""Metrics: what is counted of the mails of a span, and by which definition.

The one place for both: the text is shown beside the number, the condition counts it and
lists its rows.
"""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from runtime.insight import answers, begun
from runtime.insight.span import SANDBOX, Span
from runtime.models import DeliveryStatus, SentEmail

Condition = sa.ColumnElement[bool]


class InsightMetric(StrEnum):
    """What is counted; each number can be opened to see its mails."""

    SENT = "SENT"
    DELIVERED = "DELIVERED"
    BOUNCED = "BOUNCED"
    REACHED = "REACHED"
    REPLIED = "REPLIED"
    POSITIVE = "POSITIVE"
    BEGUN = "BEGUN"
    ANSWERED = "ANSWERED"
    ANSWERED_POSITIVELY = "ANSWERED_POSITIVELY"


DEFINITIONS = {
    InsightMetric.SENT: "Mails that the provider took, on the day that they left. What was "
    "blocked, given up, or is of unknown outcome is not among them.",
    InsightMetric.DELIVERED: "Of the mails sent, those that were reported as delivered or "
    "complained about and did not come back later, and all that were answered. The sandbox "
    "delivers whatever it takes.",
    InsightMetric.BOUNCED: "Of the mails sent, those that came back for good.",
    InsightMetric.REACHED: "Conversations (one task with one contact) in which at least one of "
    "the mails sent did not come back; each once, shown by the first such mail. One that was "
    "written to on two days counts on both, and once in their total.",
    InsightMetric.REPLIED: "Of the mails sent, those that brought an answer in a person's words; "
    "one of each conversation at most. The answer counts for the mail it answers, else for the "
    "last one before it. Automatic replies, absences and wishes to get no more mail do not count.",
    InsightMetric.POSITIVE: "Of the mails that brought an answer, those in whose conversation one "
    "was positive, as a model read it or a person said.",
    InsightMetric.BEGUN: "Conversations whose first mail was sent then and of which at least one "
    "mail, then or later, did not come back; each shown by its first mail. Asked about one agent, "
    "it is the first mail of that agent's.",
    InsightMetric.ANSWERED: "Of the conversations begun, those that brought an answer in a "
    f"person's words within {begun.ANSWERED_WITHIN.days} days of their first mail, to whichever "
    "of their mails.",
    InsightMetric.ANSWERED_POSITIVELY: "Of the conversations answered in time, those with a "
    "positive answer by then, as a model read it or a person said.",
}
"""What each number means, as it is shown beside it.  Opens and clicks are not used."""

_CAME_BACK = SentEmail.status == DeliveryStatus.BOUNCED
_ARRIVED = sa.or_(
    SentEmail.status.in_((DeliveryStatus.DELIVERED, DeliveryStatus.COMPLAINED)),
    sa.and_(SentEmail.transport == SANDBOX, ~_CAME_BACK),
)
REPORTED = sa.or_(_ARRIVED, _CAME_BACK)
"""What a mail must be for its fate to be known from whoever carried it; an answer is no report."""


BY_CONVERSATION = (
    InsightMetric.BEGUN,
    InsightMetric.ANSWERED,
    InsightMetric.ANSWERED_POSITIVELY,
)
"""What counts conversations once, where they began: what an agent began depends on the agent."""


def conditions(span: Span) -> dict[InsightMetric, Condition]:
    """Return what a mail of the span must be to count, by metric; of REACHED it may be several.

    They share one reading of the answers when used in one statement.
    """
    return conditions_and_by_each(span)[0]


def conditions_and_by_each(
    span: Span,
) -> tuple[dict[InsightMetric, Condition], dict[InsightMetric, Condition]]:
    """Return the same, and those of ``BY_CONVERSATION`` with each agent looked at for itself."""
    found = answers.credited(span)
    mails, answered = begun.in_order(span), begun.answered(span, found)
    together = _of_mails(found) | _of_conversations(mails, answered)
    return together, _of_conversations(mails, answered, begun.BY_EACH)


def _of_conversations(
    mails: sa.CTE, answered: sa.CTE, suffix: str = ""
) -> dict[InsightMetric, Condition]:
    def firsts(*which: sa.ColumnElement[bool]) -> Condition:
        return SentEmail.id.in_(sa.select(answered.c[f"mail_id{suffix}"]).where(*which))

    reached = mails.c[f"first{suffix}"], mails.c[f"reached{suffix}"]
    return {
        # Who answered was reached, whatever was reported.
        InsightMetric.BEGUN: sa.or_(
            SentEmail.id.in_(sa.select(mails.c.mail_id).where(*reached)), firsts()
        ),
        InsightMetric.ANSWERED: firsts(answered.c[f"in_time{suffix}"]),
        InsightMetric.ANSWERED_POSITIVELY: firsts(answered.c[f"positively_in_time{suffix}"]),
    }


def _of_mails(found: sa.CTE) -> dict[InsightMetric, Condition]:
    answered = SentEmail.id.in_(sa.select(found.c.mail_id))
    return {
        InsightMetric.SENT: sa.true(),
        # Who answered has got it, whatever was reported.
        InsightMetric.DELIVERED: sa.or_(_ARRIVED, answered),
        InsightMetric.BOUNCED: _CAME_BACK,
        # Not "was delivered": without the provider's reports only the answered would be.
        InsightMetric.REACHED: sa.or_(~_CAME_BACK, answered),
        InsightMetric.REPLIED: answered,
        InsightMetric.POSITIVE: SentEmail.id.in_(
            sa.select(found.c.mail_id).where(found.c.positive_at.is_not(None))
        ),
    }


def rows(metric: InsightMetric, span: Span) -> list[Condition]:
    """Return what a mail must be to be one of the rows behind a number."""
    counted = [*span.conditions(), conditions(span)[metric]]
    return [*counted, _first_of_each(counted)] if metric is InsightMetric.REACHED else counted


def _first_of_each(counted: list[Condition]) -> Condition:
    """Return that a mail is the first of its conversation among those that count."""
    within = sa.select(SentEmail.id, SentEmail.task_id, SentEmail.sent_at).where(*counted)
    mails = within.correlate(None).subquery()
    first = (
        sa.select(mails.c.id)
        .ext(distinct_on(mails.c.task_id))
        .order_by(mails.c.task_id, mails.c.sent_at, mails.c.id)
    )
    return SentEmail.id.in_(first)
