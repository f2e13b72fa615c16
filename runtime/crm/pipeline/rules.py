"""Rules: what deserves attention in a pipeline, each a function of one deal's facts.

A threshold of N days is reached at exactly N times 24 hours.  A rule says nothing of a
deal for which something is under way, unless that very thing is the matter.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

from runtime.crm.pipeline import findings
from runtime.crm.pipeline.facts import Deal, Person
from runtime.crm.pipeline.findings import Finding
from runtime.crm.pipeline.thresholds import Thresholds
from runtime.models import ContactStatus, Priority, Stage

Rule = Callable[[Deal, Thresholds, datetime], Iterator[Finding]]

_WRITABLE = (ContactStatus.ACTIVE, ContactStatus.REPLIED)


def no_touch(deal: Deal, limits: Thresholds, now: datetime) -> Iterator[Finding]:
    """Find a deal that nobody wrote about, answered to or moved for long."""
    reader, since = _reader(deal), deal.last_touch_at
    answered_last = deal.last_reply is not None and deal.last_reply.at == since
    if deal.busy or reader is None or answered_last or deal.exhausted:
        return
    if now - since >= timedelta(days=limits.no_touch_days):
        yield Finding(
            "no_touch",
            deal,
            occasion=since.isoformat(),
            title=f"Get in touch with {reader.name} again",
            why=f"Nothing has happened about “{deal.title}” since {since:%Y-%m-%d}.",
            instruction=f"Come back to {reader.name} about “{deal.title}”.",
            evidence=(findings.deal_row(deal, "the last that happened", since),),
            contact=reader,
        )


def reply_unanswered(deal: Deal, limits: Thresholds, now: datetime) -> Iterator[Finding]:
    """Find somebody who wrote last and had no answer."""
    reply, reader = deal.last_reply, _reader(deal)
    if reply is None or reader is None or deal.busy:
        return
    answered = deal.last_mail is not None and deal.last_mail.at > reply.at
    if not answered and now - reply.at >= timedelta(days=limits.reply_unanswered_days):
        yield Finding(
            "reply_unanswered",
            deal,
            occasion=str(reply.id),
            title=f"Answer {reader.name}",
            why=f"{reader.name} wrote on {reply.at:%Y-%m-%d} and has had no answer.",
            instruction=f"Answer {reader.name} about “{deal.title}” and propose the next step.",
            evidence=(findings.row(reply, "their last reply"),),
            contact=reader,
            priority=Priority.HIGH,
        )


def follow_ups_exhausted(deal: Deal, limits: Thresholds, now: datetime) -> Iterator[Finding]:  # noqa: ARG001 - a rule's signature
    """Find somebody who answered none of all the follow-ups."""
    task, reader = deal.exhausted, _reader(deal)
    if task is None or reader is None or deal.busy:
        return
    silent = deal.last_reply is None or deal.last_reply.at < task.at
    if silent:
        yield Finding(
            "follow_ups_exhausted",
            deal,
            occasion=str(task.id),
            title=f"Try another way with {reader.name}",
            why=f"{reader.name} has answered none of the mails about “{deal.title}”.",
            instruction=(
                f"Write to {reader.name} about “{deal.title}” from another side, once more and "
                "for the last time."
            ),
            evidence=(findings.row(task, "all its follow-ups are out"),),
            contact=reader,
        )


def stale_draft(deal: Deal, limits: Thresholds, now: datetime) -> Iterator[Finding]:
    """Find a text that waits for a decision and grows old."""
    draft, reader = deal.pending_draft, _reader(deal)
    if draft is None or reader is None:
        return
    if now - draft.at >= timedelta(days=limits.stale_draft_days):
        yield Finding(
            "stale_draft",
            deal,
            occasion=str(draft.id),
            title=f"Decide on the draft for {reader.name}",
            why=f"A draft about “{deal.title}” has waited since {draft.at:%Y-%m-%d}.",
            instruction="Write it anew: it has waited so long that it may no longer fit.",
            evidence=(findings.row(draft, "the draft that waits"),),
            contact=reader,
        )


def bounced_colleague(deal: Deal, limits: Thresholds, now: datetime) -> Iterator[Finding]:  # noqa: ARG001 - a rule's signature
    """Find a dead address where somebody else of the company is known."""
    person, mail = deal.contact, deal.bounced_mail
    if person is None or person.status is not ContactStatus.BOUNCED or mail is None:
        return
    for colleague in deal.colleagues[:1]:
        yield Finding(
            "bounced_colleague",
            deal,
            occasion=f"{mail.id}:{colleague.id}",
            title=f"Write to {colleague.name} instead of {person.name}",
            why=f"{person.name} cannot be reached any more; {colleague.name} works there too.",
            instruction=(
                f"Ask {colleague.name} who looks after “{deal.title}” now that {person.name} "
                "cannot be reached."
            ),
            evidence=(
                findings.row(mail, "the mail that came back"),
                findings.contact_row(colleague, "a colleague"),
            ),
            contact=colleague,
        )


def meeting_without_note(deal: Deal, limits: Thresholds, now: datetime) -> Iterator[Finding]:
    """Find a meeting of which nobody wrote down what came of it."""
    reader = _reader(deal)
    noted = deal.updated_at > deal.stage_changed_at
    if deal.stage is not Stage.MEETING or reader is None or noted or deal.busy:
        return
    if now - deal.stage_changed_at >= timedelta(days=limits.meeting_note_days):
        yield Finding(
            "meeting_without_note",
            deal,
            occasion=deal.stage_changed_at.isoformat(),
            title=f"Say what came of the meeting with {reader.name}",
            why=f"“{deal.title}” has been at MEETING since {deal.stage_changed_at:%Y-%m-%d}, "
            "without a note.",
            instruction=f"Thank {reader.name} for the meeting on “{deal.title}” and ask for the "
            "next step.",
            evidence=(findings.deal_row(deal, "moved to MEETING", deal.stage_changed_at),),
            contact=reader,
        )


def high_value_idle(deal: Deal, limits: Thresholds, now: datetime) -> Iterator[Finding]:  # noqa: ARG001 - a rule's signature
    """Find a deal that is worth much and has no next step."""
    reader, bar = _reader(deal), limits.high_value
    if deal.value is None or bar is None or deal.value < bar or deal.next_step or deal.busy:
        return
    if reader is not None:
        yield Finding(
            "high_value_idle",
            deal,
            occasion="next_step",
            title=f"Plan the next step with {reader.name}",
            why=f"“{deal.title}” is worth {deal.value:,.0f}, and no next step is noted.",
            instruction=f"Propose a next step about “{deal.title}” to {reader.name}.",
            evidence=(findings.deal_row(deal, f"worth {deal.value:,.0f}", deal.updated_at),),
            contact=reader,
            priority=Priority.HIGH,
        )


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        rule.__name__: rule
        for rule in (
            reply_unanswered,
            bounced_colleague,
            follow_ups_exhausted,
            meeting_without_note,
            high_value_idle,
            stale_draft,
            no_touch,
        )
    }
)
"""All rules by their names, the gravest first."""


def find(deals: Sequence[Deal], limits: Thresholds, now: datetime) -> list[Finding]:
    """Return what the rules that are on find, deal by deal, the gravest first."""
    on = [rule for name, rule in RULES.items() if name not in limits.rules_off]
    return [finding for deal in deals for rule in on for finding in rule(deal, limits, now)]


def _reader(deal: Deal) -> Person | None:
    """Return whom one may write to about a deal."""
    person = deal.contact
    return person if person is not None and person.status in _WRITABLE else None
