"""Every number is its rows, and what its definition says, whatever there is to count."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from runtime.clock import FakeClock
from runtime.db import Database, Transaction
from runtime.insight import counting, metrics
from runtime.insight.counting import Counts
from runtime.insight.metrics import InsightMetric
from runtime.insight.rates import SHARES
from runtime.insight.span import Span
from runtime.models import AgentKind, ReplyKind, SentEmail
from tests.house import House
from tests.runtime.insight.planted import Mail, S, Said, plant, span

NOW = datetime(2026, 4, 1, 9, 30, tzinfo=UTC)
TASKS, CONTACTS = 5, 3
OUT = {S.SENT, S.DELIVERED, S.DELAYED, S.BOUNCED, S.COMPLAINED}
KINDS: tuple[AgentKind | None, ...] = (None, AgentKind.OUTREACH, AgentKind.FOLLOW_UP)

moments = st.integers(0, 24 * 40).map(lambda hours: NOW - timedelta(hours=hours))
mails = st.builds(
    Mail,
    at=moments,
    task=st.integers(0, TASKS - 1),
    step=st.integers(0, 2),
    status=st.sampled_from(S),
    sandbox=st.booleans(),
)


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[Mail], list[Said]]:
    """Draw mails, no two of which left at once, and replies to some of them or to none."""
    found = draw(st.lists(mails, min_size=1, max_size=12, unique_by=lambda mail: mail.at))
    replies = []
    for _ in range(draw(st.integers(0, 8))):
        mail = draw(st.none() | st.integers(0, len(found) - 1))
        contact = (
            draw(st.integers(0, CONTACTS - 1)) if mail is None else found[mail].task % CONTACTS
        )
        kind = draw(st.sampled_from([*ReplyKind]))
        replies.append(Said(draw(moments), contact, mail, kind))
    return found, replies


@settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    story=stories(),
    ends=st.tuples(moments, moments).map(sorted),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Pacific/Apia"]),
    sandbox=st.booleans(),
)
def test_every_number_is_its_rows_and_its_definition(
    *,
    db: Database,
    fake_clock: FakeClock,
    tmp_path_factory: pytest.TempPathFactory,
    story: tuple[list[Mail], list[Said]],
    ends: list[datetime],
    zone: str,
    sandbox: bool,
) -> None:
    house = House(db, fake_clock, tmp_path_factory.mktemp("house"))
    plant(house, *story, contacts=CONTACTS)
    fake_clock.now = NOW
    whole = span(house, ends[0], ends[1], zone, sandbox=sandbox)
    with house.tx() as tx:
        sums = counting.count(tx, whole)
        days = [None, *busy(whole, story[0])]
        opened = days[:2]
        for day, kind in product(days, KINDS):
            counts = sums[day, kind].counts if (day, kind) in sums else Counts()
            assert counts == Counts(*by_hand(*story, whole, day, kind))
            if day in opened:
                assert counts == Counts(*listed(tx, of(whole, day, kind)))
        nothing = counting.empty(tx, whole)
        for kind in KINDS:
            check_rates(tx, sums.get((None, kind), nothing), of(whole, None, kind))


def busy(whole: Span, found: list[Mail]) -> list[date]:
    """Return the days of a span on which anything left, and one on which perhaps nothing did."""
    left = {mail.at.astimezone(whole.zone).date() for mail in found}
    days = whole.days()
    return [day for day in days if day in left] + days[:1]


def of(whole: Span, day: date | None, kind: AgentKind | None) -> Span:
    part = whole if day is None else whole.on(day)
    return replace(part, agents=None if kind is None else frozenset({kind}))


def listed(tx: Transaction, part: Span) -> Iterator[int]:
    for metric in InsightMetric:
        yield rows(tx, metric, part)


def rows(tx: Transaction, metric: InsightMetric, part: Span) -> int:
    query = sa.select(SentEmail.id).where(*metrics.rows(metric, part))
    return len(tx.scalars(query).all())


def check_rates(tx: Transaction, sums: counting.Sums, part: Span) -> None:
    """Look that both parts of each rate can be opened, and what was too young for it."""
    for name, share in SHARES.items():
        rate = sums.rates[name]
        old, young = part.up_to(rate.judged_until), replace(part, since=rate.judged_until)
        assert rate.numerator == rows(tx, share.part, old)
        assert rate.denominator == rows(tx, share.of, old)
        assert rate.young == rows(tx, share.of, young)
        assert rate.numerator <= rate.denominator


def by_hand(
    found: list[Mail], replies: list[Said], whole: Span, day: date | None, kind: AgentKind | None
) -> Iterator[int]:
    """Count as the definitions read, over lists."""
    answered = answers(found, replies)
    here = [
        (n, mail)
        for n, mail in enumerate(found)
        if mail.status in OUT
        and mail.sandbox is whole.sandbox
        and whole.since <= mail.at < whole.until
        and kind in (None, AgentKind.FOLLOW_UP if mail.step else AgentKind.OUTREACH)
        and day in (None, mail.at.astimezone(ZoneInfo(whole.zone.key)).date())
    ]
    back = {n for n, mail in here if mail.status is S.BOUNCED}
    told = {n for n, mail in here if mail.status in (S.DELIVERED, S.COMPLAINED)}
    folder = {n for n, mail in here if mail.sandbox} - back
    credited = {n for n, _ in here if n in answered}
    yield len(here)
    yield len(told | folder | credited)
    yield len(back)
    yield len({mail.task for n, mail in here if n not in back or n in credited})
    yield len(credited)
    yield len({n for n in credited if answered[n]})
    yield from begun(found, replies, whole, here, kind)


def begun(
    found: list[Mail],
    replies: list[Said],
    whole: Span,
    here: list[tuple[int, Mail]],
    kind: AgentKind | None,
) -> Iterator[int]:
    """Count the conversations whose first mail is here: begun, answered and so positively."""
    conversations: dict[int, list[int]] = {}
    for n, mail in sorted(enumerate(found), key=lambda each: each[1].at):
        mine = kind in (None, AgentKind.FOLLOW_UP if mail.step else AgentKind.OUTREACH)
        if mail.status in OUT and mail.sandbox is whole.sandbox and mine:
            conversations.setdefault(mail.task, []).append(n)
    first, positive = first_answers(found, replies)
    counts = [0, 0, 0]
    for task, mails_of_it in conversations.items():
        by_them = first[task] if task in first and first[task][0] in mails_of_it else None
        reached = by_them or any(found[n].status is not S.BOUNCED for n in mails_of_it)
        if mails_of_it[0] not in dict(here) or not reached:
            continue
        until = found[mails_of_it[0]].at + timedelta(days=14)
        counts[0] += 1
        counts[1] += bool(by_them and by_them[1] < until)
        counts[2] += bool(by_them and task in positive and positive[task] < until)
    yield from counts


def answers(found: list[Mail], replies: list[Said]) -> dict[int, bool]:
    """Return the answered mail of each conversation, and whether one answer was positive."""
    first, positive = first_answers(found, replies)
    return {n: task in positive for task, (n, _) in first.items()}


def first_answers(
    found: list[Mail], replies: list[Said]
) -> tuple[dict[int, tuple[int, datetime]], dict[int, datetime]]:
    """Return by conversation the mail first answered and when, and the first positive answer."""
    first: dict[int, tuple[int, datetime]] = {}
    positive: dict[int, datetime] = {}
    for _, said in sorted(enumerate(replies), key=lambda each: (each[1].at, each[0])):
        if said.kind in ("unsubscribe", "out_of_office", "automatic", "bounce"):
            continue
        n = said.mail if said.mail is not None else last_before(found, said)
        if n is not None and found[n].status in OUT:
            first.setdefault(found[n].task, (n, said.at))
            if said.kind == "positive":
                positive.setdefault(found[n].task, said.at)
    return first, positive


def last_before(found: list[Mail], said: Said) -> int | None:
    earlier = [
        n
        for n, mail in enumerate(found)
        if mail.task % CONTACTS == said.contact
        and mail.status in OUT - {S.BOUNCED}
        and mail.at <= said.at
    ]
    return max(earlier, key=lambda n: found[n].at, default=None)
